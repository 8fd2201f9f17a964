package dev.loam.log;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file beside a segment whose content is the caller's: what can be derived from the segment and
 * is worth keeping. Bound to its segment by number and id, so that it never speaks for another.
 */
record Annex(SegmentName segment, Bytes content) {
    static final String FILE_NAME = "ANNEX";

    /** The bytes {@code LANX}, read as a little-endian number. */
    private static final int MAGIC = 0x584E414C;

    private static final int FORM = 1;
    private static final int FIXED_BYTES = 40;
    private static final int CHECKSUM_BYTES = 4;

    Bytes encode() {
        ByteBuffer buffer =
                ByteBuffer.allocate(FIXED_BYTES + content.size() + CHECKSUM_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(FORM);
        buffer.putLong(segment.number()).put(segment.id().asBuffer());
        buffer.putLong(content.size()).put(content.asBuffer());
        buffer.putInt(checksumOf(buffer.array(), buffer.position()));
        return Bytes.adopt(buffer.array());
    }

    /** Empty if the bytes are not a whole annex of this form and this segment. */
    static Optional<Annex> decode(byte[] bytes, SegmentName segment) {
        if (bytes.length < FIXED_BYTES + CHECKSUM_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int summed = bytes.length - CHECKSUM_BYTES;
        if (buffer.getInt(summed) != checksumOf(bytes, summed)
                || buffer.getInt() != MAGIC
                || buffer.getInt() != FORM
                || buffer.getLong() != segment.number()) {
            return Optional.empty();
        }
        byte[] id = new byte[SegmentName.ID_BYTES];
        buffer.get(id);
        if (!Bytes.adopt(id).equals(segment.id()) || buffer.getLong() != summed - FIXED_BYTES) {
            return Optional.empty();
        }
        return Optional.of(
                new Annex(segment, Bytes.copyOf(bytes, FIXED_BYTES, summed - FIXED_BYTES)));
    }

    private static int checksumOf(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
