package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecryptedFileTest {
    private static final byte[] CONTENT = DirectoryContract.content(10_000);

    @TempDir Path path;
    private KeyTable table;
    private final WatchedArena arena = new WatchedArena();

    @BeforeEach
    void writeAFile() throws IOException {
        table = new KeyTable(path);
        try (SealedDirectory sealed = new SealedDirectory(FSDirectory.open(path), table);
                IndexOutput out = sealed.createOutput("file", IOContext.DEFAULT)) {
            out.writeBytes(CONTENT, CONTENT.length);
        }
    }

    private DecryptedFile read() throws IOException {
        try (Directory disk = FSDirectory.open(path);
                IndexInput stored = disk.openInput("file", IOContext.READONCE)) {
            return DecryptedFile.read(stored, table.open("file").orElseThrow(), arena);
        }
    }

    @Test
    void itEndsWithItsLastUserAndIsZeroedThen() throws IOException {
        DecryptedFile file = read();
        assertThat(file.content().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(CONTENT);
        assertThat(file.retain()).isTrue();
        assertThat(file.release()).isFalse();
        assertThat(arena.atTheEnd).isEmpty();

        assertThat(file.release()).isTrue();

        assertThat(arena.atTheEnd).containsExactly(new byte[CONTENT.length]);
        assertThat(file.retain()).isFalse();
        assertThatThrownBy(() -> file.content().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatDoesNotOpenKeepsNoMemory() {
        table.put("file", new byte[32], CONTENT.length);

        assertThatThrownBy(this::read).isInstanceOf(CorruptIndexException.class);

        assertThat(arena.atTheEnd).hasSize(1);
    }

    /** Or a sound index would be thrown away as damaged, and built anew, as large as before. */
    @Test
    void anIndexThatIsTooLargeForTheMemoryIsNoDamage() {
        arena.isFull = true;

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        told -> {
                            assertThat(told.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
                            assertThat(told).hasMessageContaining("MaxDirectMemorySize");
                        });
        assertThat(arena.isClosed).isTrue();
    }

    /** Tells what its memory held when it was closed. */
    private static final class WatchedArena implements Arena {
        private final Arena arena = Arena.ofShared();
        private final List<MemorySegment> segments = new ArrayList<>();
        private final List<byte[]> atTheEnd = new ArrayList<>();
        private boolean isFull;
        private boolean isClosed;

        @Override
        public MemorySegment allocate(long byteSize, long byteAlignment) {
            if (isFull) {
                throw new OutOfMemoryError("full");
            }
            MemorySegment segment = arena.allocate(byteSize, byteAlignment);
            segments.add(segment);
            return segment;
        }

        @Override
        public MemorySegment.Scope scope() {
            return arena.scope();
        }

        @Override
        public void close() {
            isClosed = true;
            segments.forEach(segment -> atTheEnd.add(segment.toArray(ValueLayout.JAVA_BYTE)));
            arena.close();
        }
    }
}
