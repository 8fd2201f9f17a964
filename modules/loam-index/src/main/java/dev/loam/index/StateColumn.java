package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.util.BytesRef;

/**
 * The column that holds the states: CRC32C of the state, 4 bytes big endian, then the state. Lucene
 * verifies the checksums of its large files only when it merges them.
 */
final class StateColumn {
    private static final int CHECKSUM_BYTES = 4;

    private StateColumn() {}

    static BytesRef encode(Bytes state) {
        byte[] column = new byte[CHECKSUM_BYTES + state.size()];
        state.copyTo(column, CHECKSUM_BYTES);
        int checksum = checksum(column, CHECKSUM_BYTES, state.size());
        ByteBuffer.wrap(column).order(ByteOrder.BIG_ENDIAN).putInt(checksum);
        return new BytesRef(column);
    }

    /**
     * The state of a document. Doc values only move forward, so each read begins anew; keeping them
     * gains nothing.
     *
     * @throws LoamException {@code CORRUPT} if it is not what was written
     */
    static Bytes read(LeafReader leaf, int document) throws IOException {
        BinaryDocValues values = leaf.getBinaryDocValues(Fields.STATE);
        if (values == null || !values.advanceExact(document)) {
            throw corrupt();
        }
        BytesRef column = values.binaryValue();
        int length = column.length - CHECKSUM_BYTES;
        if (length < 0) {
            throw corrupt();
        }
        int offset = column.offset + CHECKSUM_BYTES;
        int expected =
                ByteBuffer.wrap(column.bytes, column.offset, CHECKSUM_BYTES)
                        .order(ByteOrder.BIG_ENDIAN)
                        .getInt();
        if (checksum(column.bytes, offset, length) != expected) {
            throw corrupt();
        }
        return Bytes.copyOf(column.bytes, offset, length);
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static LoamException corrupt() {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the index holds a state that is not what was written; rebuild it from the log");
    }
}
