package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A block of bytes in a compacted segment, smaller where that is to be had. */
final class Deflated {
    /** No block holds more: what claims to is damaged. */
    static final int RAW_BYTES_MAX = 8 << 20;

    private static final int FORM = 1;
    private static final int STORED = 0;
    private static final int DEFLATE = 1;
    private static final int LEVEL = 6;

    private Deflated() {}

    static Bytes encode(Bytes raw) {
        Bytes packed = deflate(raw);
        boolean helps = packed.size() < raw.size();
        return new ByteWriter()
                .u8(FORM)
                .u8(helps ? DEFLATE : STORED)
                .varint(raw.size())
                .raw(helps ? packed : raw)
                .toBytes();
    }

    /**
     * @throws LoamException {@code CORRUPT} for anything else than what {@link #encode} gave,
     *     {@code FORMAT_VERSION} for the bytes of a newer Loam
     */
    static Bytes decode(Bytes block) {
        ByteReader reader = ByteReader.of("block of a compacted segment", block);
        int form = reader.u8();
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "a block of a compacted segment is of form "
                            + form
                            + "; this version of Loam reads form "
                            + FORM
                            + ". Open the store with the newer version that wrote it");
        }
        int codec = reader.u8();
        long length = reader.varint();
        if (length > RAW_BYTES_MAX) {
            throw reader.corrupt("it claims " + length + " bytes");
        }
        Bytes content = reader.raw(reader.remaining());
        return switch (codec) {
            case STORED -> stored(content, length, reader);
            case DEFLATE -> inflate(content, (int) length, reader);
            default -> throw reader.corrupt("its codec is " + codec);
        };
    }

    private static Bytes deflate(Bytes raw) {
        try (Deflater deflater = new Deflater(LEVEL)) {
            deflater.setInput(raw.toArray());
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(raw.size() / 2 + 64);
            byte[] buffer = new byte[16 << 10];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return Bytes.adopt(out.toByteArray());
        }
    }

    private static Bytes stored(Bytes content, long length, ByteReader reader) {
        if (content.size() != length) {
            throw reader.corrupt("it has " + content.size() + " bytes, not " + length);
        }
        return content;
    }

    private static Bytes inflate(Bytes content, int length, ByteReader reader) {
        byte[] raw = new byte[length];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(content.toArray());
            int filled = 0;
            while (filled < length) {
                int count = inflater.inflate(raw, filled, length - filled);
                if (count == 0) {
                    throw reader.corrupt("it ends after " + filled + " bytes");
                }
                filled += count;
            }
            // The sum at the end is looked at only by asking for more.
            if (inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
                throw reader.corrupt("it does not end after " + length + " bytes");
            }
            return Bytes.adopt(raw);
        } catch (DataFormatException malformed) {
            throw reader.corrupt(String.valueOf(malformed.getMessage()));
        }
    }
}
