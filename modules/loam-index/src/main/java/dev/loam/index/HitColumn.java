package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.util.BytesRef;

/**
 * The column that holds what a hit is told with: flags (1 byte), length of the id (2 bytes big
 * endian), the id, and the session in UTF-8 if there is one.
 */
final class HitColumn {
    private static final int QUESTION = 1;
    private static final int HAS_SESSION = 2;
    private static final int HEAD_BYTES = 3;

    private HitColumn() {}

    static BytesRef encode(RecordId id, Projection projection) {
        byte[] idBytes = id.toBytes().toArray();
        byte[] session = projection.session().orElse("").getBytes(StandardCharsets.UTF_8);
        boolean question = projection.text().orElse("").stripTrailing().endsWith("?");
        byte[] column = new byte[HEAD_BYTES + idBytes.length + session.length];
        column[0] =
                (byte)
                        ((question ? QUESTION : 0)
                                | (projection.session().isPresent() ? HAS_SESSION : 0));
        column[1] = (byte) (idBytes.length >> 8);
        column[2] = (byte) idBytes.length;
        System.arraycopy(idBytes, 0, column, HEAD_BYTES, idBytes.length);
        System.arraycopy(session, 0, column, HEAD_BYTES + idBytes.length, session.length);
        return new BytesRef(column);
    }

    /** Valid until the reader's next document is read. */
    static BytesRef read(RecordLookup.Found found) throws IOException {
        BinaryDocValues values = found.leaf().getBinaryDocValues(Fields.HIT);
        if (values == null || !values.advanceExact(found.document())) {
            throw new CorruptIndexException("no hit column", "segment");
        }
        return values.binaryValue();
    }

    static RecordId id(BytesRef column) {
        return RecordId.fromBytes(idBytes(column));
    }

    static Bytes idBytes(BytesRef column) {
        return Bytes.copyOf(column.bytes, column.offset + HEAD_BYTES, idLength(column));
    }

    /** In the order of the ids' bytes. */
    static int compareIds(BytesRef one, BytesRef other) {
        int left = one.offset + HEAD_BYTES;
        int right = other.offset + HEAD_BYTES;
        return Arrays.compareUnsigned(
                one.bytes, left, left + idLength(one), other.bytes, right, right + idLength(other));
    }

    static Candidate candidate(BytesRef column, double score) {
        int flags = column.bytes[column.offset];
        int start = HEAD_BYTES + idLength(column);
        Optional<String> session =
                (flags & HAS_SESSION) == 0
                        ? Optional.empty()
                        : Optional.of(
                                new String(
                                        column.bytes,
                                        column.offset + start,
                                        column.length - start,
                                        StandardCharsets.UTF_8));
        return new Candidate(id(column), score, session, (flags & QUESTION) != 0);
    }

    private static int idLength(BytesRef column) {
        return (column.bytes[column.offset + 1] & 0xFF) << 8
                | (column.bytes[column.offset + 2] & 0xFF);
    }
}
