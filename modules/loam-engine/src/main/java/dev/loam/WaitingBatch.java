package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.sync.SyncEntry;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Where a batch that waits lies in its peer's file, and how to tell that it is that batch. */
final class WaitingBatch {
    private final long sequence;
    private final int length;
    private final boolean isSealed;
    private final int checksum;
    private final int batchChecksum;
    private int offset;

    private WaitingBatch(
            SyncEntry entry, byte[] content, int offset, int checksum, int batchChecksum) {
        this.sequence = entry.sequence();
        this.length = content.length;
        this.isSealed = entry.isSealed();
        this.checksum = checksum;
        this.batchChecksum = batchChecksum;
        this.offset = offset;
    }

    /** The batch, and its seal if it came with one. */
    static byte[] content(SyncEntry entry) {
        int batch = entry.batch().size();
        byte[] content = new byte[batch + entry.seal().map(Bytes::size).orElse(0)];
        entry.batch().copyTo(content, 0);
        entry.seal().ifPresent(seal -> seal.copyTo(content, batch));
        return content;
    }

    static WaitingBatch at(int offset, SyncEntry entry, byte[] content) {
        return new WaitingBatch(
                entry, content, offset, crc(Bytes.adopt(content)), crc(entry.batch()));
    }

    private static int crc(Bytes content) {
        CRC32C crc = new CRC32C();
        crc.update(content.asBuffer());
        return (int) crc.getValue();
    }

    long sequence() {
        return sequence;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    boolean isSealed() {
        return isSealed;
    }

    void moveTo(int newOffset) {
        offset = newOffset;
    }

    /** Whether it is the same batch, with or without a seal. */
    boolean isSameBatch(SyncEntry entry) {
        return batchChecksum == crc(entry.batch());
    }

    /** What the file had; empty if that is not what was written. */
    Optional<SyncEntry> entry(ActorId actor, Bytes content) {
        if (crc(content) != checksum) {
            return Optional.empty();
        }
        int batch = isSealed ? length - SyncEntry.SEAL_BYTES : length;
        return Optional.of(
                new SyncEntry(
                        actor,
                        sequence,
                        content.slice(0, batch),
                        isSealed ? Optional.of(content.slice(batch, length)) : Optional.empty()));
    }
}
