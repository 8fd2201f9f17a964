package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.StoreId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What lies in one file of the audit trail: a header, then frames of a length, an entry as it is
 * stored, and CRC32C over both.
 *
 * @param fault why nothing in it is believed, if so
 * @param frames up to the last that is whole, damaged ones between them too
 * @param wholeBytes up to the end of the last frame that is whole
 * @param bytes of the file
 */
record AuditFile(Optional<String> fault, List<Frame> frames, int wholeBytes, int bytes) {
    /** From here on the next file is begun. */
    static final int BYTES_MAX = 1 << 20;

    /** What one event takes at most, with all around it. */
    static final int FRAME_BYTES_MAX = 8 << 10;

    private static final Bytes MAGIC = Bytes.ofUtf8("LAUD");
    private static final int FORM = 1;
    private static final int AROUND_BYTES = 2 * Integer.BYTES;

    /**
     * @param offset where it begins in the file
     * @param stored empty if it is damaged
     */
    record Frame(int offset, Optional<Bytes> stored) {}

    AuditFile {
        frames = List.copyOf(frames);
    }

    int lostBytes() {
        return bytes - wholeBytes;
    }

    /** Where a frame ends. */
    int endOf(int frame) {
        return frame + 1 < frames.size() ? frames.get(frame + 1).offset() : wholeBytes;
    }

    static Bytes header(StoreId store, long number) {
        return Checksummed.of(
                new ByteWriter().raw(MAGIC).u8(FORM).raw(store.bytes()).fixed64(number).toBytes());
    }

    static Bytes frame(Bytes stored) {
        Bytes length =
                Bytes.adopt(
                        ByteBuffer.allocate(Integer.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(stored.size())
                                .array());
        return Checksummed.of(new ByteWriter().raw(length).raw(stored).toBytes());
    }

    /** What one frame holds; empty if it is damaged, or not one alone. */
    static Optional<Bytes> unframed(Bytes frame) {
        return Checksummed.body(frame)
                .filter(body -> body.size() >= Integer.BYTES)
                .map(body -> body.slice(Integer.BYTES, body.size()))
                .filter(stored -> frame(stored).equals(frame));
    }

    static AuditFile parse(StoreId store, long number, Bytes content) {
        Bytes header = header(store, number);
        int headerBytes = header.size();
        if (content.size() < headerBytes || !content.slice(0, headerBytes).equals(header)) {
            return new AuditFile(
                    Optional.of(fault(content, headerBytes)), List.of(), 0, content.size());
        }
        List<Frame> frames = new ArrayList<>();
        int offset = headerBytes;
        int wholeBytes = headerBytes;
        int whole = 0;
        while (content.size() - offset >= AROUND_BYTES) {
            int length = content.asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
            if (length < 0
                    || length > FRAME_BYTES_MAX - AROUND_BYTES
                    || length > content.size() - offset - AROUND_BYTES) {
                break;
            }
            int end = offset + length + AROUND_BYTES;
            Optional<Bytes> stored = unframed(content.slice(offset, end));
            frames.add(new Frame(offset, stored));
            offset = end;
            if (stored.isPresent()) {
                wholeBytes = end;
                whole = frames.size();
            }
        }
        return new AuditFile(
                Optional.empty(), frames.subList(0, whole), wholeBytes, content.size());
    }

    private static String fault(Bytes content, int headerBytes) {
        Optional<Bytes> body =
                content.size() < headerBytes
                        ? Optional.empty()
                        : Checksummed.body(content.slice(0, headerBytes));
        if (body.filter(each -> each.slice(0, MAGIC.size()).equals(MAGIC)).isEmpty()) {
            return "its beginning is damaged";
        }
        ByteReader from = ByteReader.of("a file of the audit trail", body.get());
        from.raw(MAGIC.size());
        int form = from.u8();
        return form == FORM
                ? "it is another store's, or had another place"
                : "it has form " + form + ", which this version of Loam does not read";
    }
}
