package dev.loam.cli;

import dev.loam.core.ByteWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.Deflater;

/**
 * Packs what is written, block by block, so that none can be unpacked to more than {@value
 * PackedInput#BLOCK_BYTES_MAX} bytes. For one thread; closing it leaves the target open.
 */
final class PackedOutput extends OutputStream {
    private final OutputStream to;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final byte[] block = new byte[PackedInput.BLOCK_BYTES_MAX];
    private final byte[] packed = new byte[PackedInput.BLOCK_BYTES_MAX];
    private int filled;

    PackedOutput(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        int done = 0;
        while (done < length) {
            int part = Math.min(block.length - filled, length - done);
            System.arraycopy(source, offset + done, block, filled, part);
            filled += part;
            done += part;
            if (filled == block.length) {
                writeBlock();
            }
        }
    }

    /** Writes what is left. */
    void finish() throws IOException {
        if (filled > 0) {
            writeBlock();
        }
    }

    private void writeBlock() throws IOException {
        deflater.reset();
        deflater.setInput(block, 0, filled);
        deflater.finish();
        int size = deflater.deflate(packed);
        // What is packed more tightly than anybody unpacks is stored as it is.
        boolean helps =
                deflater.finished()
                        && size < filled
                        && filled <= (long) size * PackedInput.EXPANSION_MAX;
        ByteWriter head = new ByteWriter().u8(helps ? PackedInput.DEFLATE : PackedInput.STORED);
        to.write(head.fixed64(((long) filled << 32) | (helps ? size : filled)).toBytes().toArray());
        to.write(helps ? packed : block, 0, helps ? size : filled);
        filled = 0;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
