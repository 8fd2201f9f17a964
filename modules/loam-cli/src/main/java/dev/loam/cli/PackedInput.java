package dev.loam.cli;

import dev.loam.core.ByteReader;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads what {@link PackedOutput} wrote. A block says how much it holds, and is refused before it
 * is unpacked if that is too much. For one thread; closing it leaves the source open.
 */
final class PackedInput extends InputStream {
    /** Content of a block. */
    static final int BLOCK_BYTES_MAX = 1 << 18;

    /** How much longer content may be than the block that holds it. */
    static final int EXPANSION_MAX = 100;

    static final int STORED = 0;
    static final int DEFLATE = 1;

    private static final int HEAD_BYTES = 9;

    private final InputStream from;
    private final Inflater inflater = new Inflater(true);
    private byte[] content = new byte[0];
    private int next;

    PackedInput(InputStream from) {
        this.from = from;
    }

    @Override
    public int read() throws IOException {
        return fill() ? content[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int part = Math.min(length, content.length - next);
        System.arraycopy(content, next, target, offset, part);
        next += part;
        return part;
    }

    /** Whether there is a byte to give. */
    private boolean fill() throws IOException {
        if (next < content.length) {
            return true;
        }
        byte[] head = from.readNBytes(HEAD_BYTES);
        if (head.length == 0) {
            return false;
        }
        ByteReader reader = ByteReader.of("a block of the export", Bytes.adopt(head));
        int codec = reader.u8();
        long sizes = reader.fixed64();
        long size = sizes >>> 32;
        long stored = sizes & 0xffff_ffffL;
        boolean fits =
                size >= 1
                        && size <= BLOCK_BYTES_MAX
                        && stored <= size
                        && size <= stored * EXPANSION_MAX;
        if (!fits || codec > DEFLATE || (codec == STORED && stored != size)) {
            throw corrupt("a block of " + stored + " bytes claims to hold " + size);
        }
        byte[] block = from.readNBytes((int) stored);
        if (block.length < stored) {
            throw corrupt("it ends within a block");
        }
        content = codec == STORED ? block : inflated(block, (int) size);
        next = 0;
        return true;
    }

    private byte[] inflated(byte[] block, int size) {
        byte[] unpacked = new byte[size];
        inflater.reset();
        inflater.setInput(block);
        try {
            int length = inflater.inflate(unpacked);
            // An end that needs no more room may not be seen yet.
            boolean ended = inflater.finished() || inflater.inflate(new byte[1]) == 0;
            if (length != size || !ended || !inflater.finished() || inflater.getRemaining() > 0) {
                throw corrupt("a block does not hold what it claims to");
            }
            return unpacked;
        } catch (DataFormatException malformed) {
            throw new LoamException(
                    ErrorCode.CORRUPT, "the export is damaged: a block is malformed", malformed);
        }
    }

    private static LoamException corrupt(String why) {
        return new LoamException(ErrorCode.CORRUPT, "the export is damaged: " + why);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
