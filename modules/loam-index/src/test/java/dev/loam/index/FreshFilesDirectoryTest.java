package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;

class FreshFilesDirectoryTest {
    private final Disk disk = new Disk();
    private final FreshFilesDirectory directory = new FreshFilesDirectory(disk);

    @Test
    void eachFileIsForcedOnce() throws IOException {
        write("a");
        directory.sync(List.of("a"));
        write("b");
        directory.sync(List.of("a", "b"));

        assertThat(disk.forced).containsExactly("a", "b");
        assertThat(disk.listAll()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void nothingIsKeptInMemoryWhileNobodySearches() throws IOException {
        directory.setLoading(true);
        write("a");
        assertThat(directory.listCachedFiles()).isEmpty();
        directory.setLoading(false);
        write("b");
        assertThat(directory.listCachedFiles()).containsExactly("b");
    }

    @Test
    void whatWasThereAtTheOpeningIsForced() throws IOException {
        disk.createOutput("a", IOContext.DEFAULT).close();

        directory.sync(List.of("a"));

        assertThat(disk.forced).containsExactly("a");
    }

    @Test
    void aFileThatIsMadeAgainIsForcedAgain() throws IOException {
        write("a");
        directory.sync(List.of("a"));
        directory.deleteFile("a");
        write("a");
        directory.sync(List.of("a"));

        assertThat(disk.forced).containsExactly("a", "a");
    }

    @Test
    void aFileThatIsRenamedIsForcedUnderItsNewName() throws IOException {
        write("a");
        write("b");
        directory.sync(List.of("a", "b"));
        directory.deleteFile("b");
        directory.rename("a", "b");
        write("a");
        directory.sync(List.of("a", "b"));

        assertThat(disk.forced).hasSize(4);
    }

    @Test
    void aForceThatFailedIsNone() throws IOException {
        write("a");
        disk.isBroken = true;
        assertThatThrownBy(() -> directory.sync(List.of("a"))).isInstanceOf(IOException.class);
        disk.isBroken = false;
        directory.sync(List.of("a"));

        assertThat(disk.forced).containsExactly("a");
    }

    /** A sealed file is decrypted meanwhile; a refresh need not wait for that. */
    @Test
    void aFileOnTheDiskIsOpenedWhileOthersUseTheDirectory() throws Exception {
        write("a");
        directory.sync(List.of("a"));
        disk.duringOpening =
                () ->
                        CompletableFuture.supplyAsync(
                                        () -> {
                                            try {
                                                write("b");
                                                return directory.fileLength("b");
                                            } catch (IOException failure) {
                                                throw new UncheckedIOException(failure);
                                            }
                                        })
                                .orTimeout(30, TimeUnit.SECONDS)
                                .join();

        try (IndexInput opened = directory.openInput("a", IOContext.DEFAULT)) {
            assertThat(opened.readString()).isEqualTo("a");
        }
        try (IndexInput fresh = directory.openInput("b", IOContext.DEFAULT)) {
            assertThat(fresh.readString()).isEqualTo("b");
        }
    }

    private void write(String name) throws IOException {
        try (IndexOutput file = directory.createOutput(name, IOContext.DEFAULT)) {
            file.writeString(name);
        }
    }

    private static final class Disk extends FilterDirectory {
        private final List<String> forced = new ArrayList<>();
        private boolean isBroken;
        private Runnable duringOpening = () -> {};

        Disk() {
            super(new ByteBuffersDirectory());
        }

        @Override
        public IndexInput openInput(String name, IOContext context) throws IOException {
            duringOpening.run();
            return super.openInput(name, context);
        }

        @Override
        public void sync(Collection<String> names) throws IOException {
            if (isBroken) {
                throw new IOException("broken");
            }
            forced.addAll(names);
        }
    }
}
