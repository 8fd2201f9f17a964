package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexInput;

/**
 * The content of a sealed file, whole, outside the heap. Counted: it is zeroed and given back with
 * its last user. Any thread.
 */
final class DecryptedFile {
    /** As wide as any vector instruction, so that aligned data of a file is aligned here. */
    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena;
    private final MemorySegment content;
    private final AtomicInteger users = new AtomicInteger(1);

    private DecryptedFile(Arena arena, MemorySegment content) {
        this.arena = arena;
        this.content = content;
    }

    /**
     * Opens every block of {@code stored} into memory of {@code arena}, which is closed in the end.
     * The first user is the caller.
     *
     * @throws CorruptIndexException if any of them, or their number, is not what was sealed
     */
    static DecryptedFile read(IndexInput stored, IndexSealing.SealedFile file, Arena arena)
            throws IOException {
        try {
            MemorySegment content = allocate(arena, checkedLength(stored, file));
            decrypt(stored, file, content);
            return new DecryptedFile(arena, content);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    private static long checkedLength(IndexInput stored, IndexSealing.SealedFile file)
            throws CorruptIndexException {
        long contentBytes = file.contentBytes();
        if (stored.length() != SealedBlocks.storedBytes(contentBytes)) {
            throw new CorruptIndexException(
                    stored.length() + " bytes are stored of " + contentBytes, stored);
        }
        return contentBytes;
    }

    /**
     * The JVM bounds what is outside the heap as well. An index that is too large for that is not
     * damaged, so nobody may take the error for damage.
     */
    private static MemorySegment allocate(Arena arena, long contentBytes) {
        try {
            return arena.allocate(contentBytes, ALIGNMENT_BYTES);
        } catch (OutOfMemoryError tooLarge) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "the index of a sealed store is held in memory outside the heap, and the JVM"
                            + " does not give another "
                            + contentBytes
                            + " bytes: raise -XX:MaxDirectMemorySize",
                    tooLarge);
        }
    }

    private static void decrypt(
            IndexInput stored, IndexSealing.SealedFile file, MemorySegment content)
            throws IOException {
        byte[] sealed = new byte[SealedBlocks.STORED_BYTES];
        byte[] opened = new byte[SealedBlocks.CONTENT_BYTES];
        byte[] associated = new byte[SealedBlocks.ASSOCIATED_BYTES];
        long contentBytes = content.byteSize();
        long last = SealedBlocks.count(contentBytes) - 1;
        try (IndexSealing.BlockOpener opener = file.opener()) {
            for (long block = 0; block <= last; block++) {
                long from = block * SealedBlocks.CONTENT_BYTES;
                int length = (int) Math.min(SealedBlocks.CONTENT_BYTES, contentBytes - from);
                int storedLength = length + IndexSealing.OVERHEAD_BYTES;
                stored.readBytes(sealed, 0, storedLength);
                SealedBlocks.associate(
                        associated,
                        block,
                        block == last ? contentBytes : SealedBlocks.MORE_FOLLOWS);
                if (!opener.open(associated, sealed, storedLength, opened)) {
                    throw new CorruptIndexException("block " + block + " does not open", stored);
                }
                MemorySegment.copy(opened, 0, content, ValueLayout.JAVA_BYTE, from, length);
            }
        } finally {
            Arrays.fill(opened, (byte) 0);
        }
    }

    MemorySegment content() {
        return content;
    }

    /** False if the last user has gone already. */
    boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** True for the last user. What is read of it afterwards fails. */
    boolean release() {
        boolean isLast = users.decrementAndGet() == 0;
        if (isLast) {
            content.fill((byte) 0);
            arena.close();
        }
        return isLast;
    }
}
