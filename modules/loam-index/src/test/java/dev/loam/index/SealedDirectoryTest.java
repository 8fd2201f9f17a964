package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedDirectoryTest extends DirectoryContract {
    private static final int BLOCK = 4_096 + 24;

    @TempDir Path path;

    @SuppressWarnings("NullAway.Init") // open() sets it, with which each test begins
    private KeyTable table;

    @Override
    Directory open() throws IOException {
        table = new KeyTable(path);
        return new SealedDirectory(FSDirectory.open(path), table);
    }

    private void change(String name, UnaryOperator<byte[]> change) throws IOException {
        Path file = path.resolve(name);
        Files.write(file, change.apply(Files.readAllBytes(file)));
    }

    private void assertRefused(String name) {
        assertThatThrownBy(() -> directory().openInput(name, IOContext.DEFAULT))
                .isInstanceOf(CorruptIndexException.class);
    }

    private static byte[] join(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 8_192})
    void aFileTakesTwentyFourBytesMoreForEachBlock(int length) throws IOException {
        write("file", content(length));

        long blocks = Math.max(1, (length + 4_095) / 4_096);
        assertThat(Files.size(path.resolve("file"))).isEqualTo(length + 24 * blocks);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 4_096, 9_000})
    void noByteOfAFileCanBeAltered(int length) throws IOException {
        write("file", content(length));
        byte[] stored = Files.readAllBytes(path.resolve("file"));

        for (int at = 0; at < stored.length; at += at % BLOCK < 40 ? 1 : 509) {
            int altered = at;
            change(
                    "file",
                    bytes -> {
                        byte[] copy = stored.clone();
                        copy[altered] ^= 1;
                        return copy;
                    });
            assertRefused("file");
        }
        change("file", bytes -> stored);
        directory().openInput("file", IOContext.DEFAULT).close();
    }

    @Test
    void noBlockCanBeMovedDroppedOrAdded() throws IOException {
        write("file", content(3 * 4_096));
        byte[] stored = Files.readAllBytes(path.resolve("file"));
        byte[] first = Arrays.copyOf(stored, BLOCK);
        byte[] second = Arrays.copyOfRange(stored, BLOCK, 2 * BLOCK);
        byte[] last = Arrays.copyOfRange(stored, 2 * BLOCK, 3 * BLOCK);

        for (byte[] wrong :
                List.of(
                        join(second, first, last),
                        join(first, last, second),
                        join(first, first, last),
                        join(first, second, second),
                        join(first, last),
                        join(first, second),
                        join(first, second, last, last),
                        Arrays.copyOf(stored, stored.length - 1),
                        Arrays.copyOf(stored, stored.length + 1),
                        new byte[0])) {
            change("file", bytes -> wrong);
            assertRefused("file");
        }
    }

    /** A table that is older than the file, or that somebody has made up, is of no help. */
    @Test
    void aFileCannotBeCutAtABlockEvenIfTheTableSaysItIsShorter() throws IOException {
        byte[] key = new byte[32];
        write("file", content(3 * 4_096));
        table.takeFor("short", "file");
        Files.write(
                path.resolve("short"),
                Arrays.copyOf(Files.readAllBytes(path.resolve("file")), 2 * BLOCK));
        assertRefused("short");
        table.putLength("short", 2 * 4_096);

        assertRefused("short");
        table.put("file", key, 3 * 4_096);
        assertRefused("file");
    }

    @Test
    void noFileCanStandForAnother() throws IOException {
        write("one", content(5_000));
        write("other", content(5_000));
        byte[] one = Files.readAllBytes(path.resolve("one"));
        byte[] other = Files.readAllBytes(path.resolve("other"));

        Files.move(path.resolve("one"), path.resolve("other"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused("other");
        change("other", bytes -> join(Arrays.copyOf(other, BLOCK), tail(one)));
        assertRefused("other");
        change("other", bytes -> join(Arrays.copyOf(other, BLOCK), tail(other)));
        directory().openInput("other", IOContext.DEFAULT).close();
    }

    private static byte[] tail(byte[] stored) {
        return Arrays.copyOfRange(stored, BLOCK, stored.length);
    }

    @Test
    void aFileWithoutAKeyIsListedAndNotRead() throws IOException {
        write("file", content(10));
        table.clear();

        assertThat(directory().listAll()).containsExactly("file");
        assertRefused("file");
        assertThatThrownBy(() -> directory().fileLength("file"))
                .isInstanceOf(CorruptIndexException.class);
        directory().deleteFile("file");
        assertThat(directory().listAll()).isEmpty();
    }

    @Test
    void aFileInTheClearIsNotRead() throws IOException {
        write("file", content(10));
        change("file", bytes -> content(10));

        assertRefused("file");
    }

    @Test
    void aFileIsNotReadBeforeItIsFinished() throws IOException {
        try (IndexOutput out = directory().createOutput("file", IOContext.DEFAULT)) {
            out.writeBytes(content(10_000), 10_000);
            assertRefused("file");
        }
        directory().openInput("file", IOContext.DEFAULT).close();
    }

    @Test
    void whatTheTableKeepsBesideTheFilesIsNotListed() throws IOException {
        write("a", content(1));
        table.persist();
        for (String own : List.of("KEYS.tmp", "KEYS.next")) {
            Files.write(path.resolve(own), content(1));
        }

        assertThat(directory().listAll()).containsExactly("a");
    }

    /** The file has got its name, or not; its key is there under the name that a commit needs. */
    @Test
    void theKeyIsDurableUnderTheNewNameBeforeTheFileHasIt() throws IOException {
        boolean[] wasDurable = new boolean[1];
        Directory disk =
                new FilterDirectory(FSDirectory.open(path)) {
                    @Override
                    public void rename(String from, String to) throws IOException {
                        wasDurable[0] = new KeyTable(path).knows(to);
                        throw new IOException("cut");
                    }
                };
        try (SealedDirectory sealed = new SealedDirectory(disk, table)) {
            write("pending", content(10));

            assertThatThrownBy(() -> sealed.rename("pending", "named")).hasMessage("cut");
        }
        assertThat(wasDurable[0]).isTrue();
        assertThat(table.knows("named")).isTrue();
    }

    /** The key of what is half written would be known, and the half be read as the whole. */
    @Test
    void aFileThatWasNotWrittenToItsEndIsNotFinished() throws IOException {
        Directory disk =
                new FilterDirectory(FSDirectory.open(path)) {
                    @Override
                    public IndexOutput createOutput(String name, IOContext context)
                            throws IOException {
                        return new Full(in.createOutput(name, context));
                    }
                };
        try (SealedDirectory sealed = new SealedDirectory(disk, table)) {
            IndexOutput out = sealed.createOutput("file", IOContext.DEFAULT);

            assertThatThrownBy(() -> out.writeBytes(content(50_000), 50_000)).hasMessage("full");
            out.close();
            assertThat(table.open("file")).isEmpty();
            assertThatThrownBy(() -> sealed.openInput("file", IOContext.DEFAULT))
                    .isInstanceOf(CorruptIndexException.class);
        }
    }

    /** A disk with room for two blocks. */
    private static final class Full extends FilterIndexOutput {
        Full(IndexOutput out) {
            super("full", out.getName(), out);
        }

        @Override
        public void writeBytes(byte[] bytes, int offset, int length) throws IOException {
            if (getFilePointer() + length > 2 * BLOCK) {
                throw new IOException("full");
            }
            super.writeBytes(bytes, offset, length);
        }
    }

    @Test
    void aFileIsDecryptedOnceForAllWhoHaveItOpen() throws IOException {
        write("file", content(5_000));
        IndexInput first = directory().openInput("file", IOContext.DEFAULT);
        Files.write(path.resolve("file"), new byte[0]);

        try (IndexInput second = directory().openInput("file", IOContext.READONCE)) {
            assertThat(rest(second)).isEqualTo(content(5_000));
        }
        first.close();
        assertRefused("file");
    }

    @Test
    void whatIsReadOnceIsItsReadersAlone() throws IOException {
        write("file", content(5_000));
        IndexInput once = directory().openInput("file", IOContext.READONCE);
        try (IndexInput shared = directory().openInput("file", IOContext.DEFAULT)) {
            once.close();
            assertThat(rest(shared)).isEqualTo(content(5_000));
        }
        assertThatThrownBy(once::readByte).isInstanceOf(AlreadyClosedException.class);
    }
}
