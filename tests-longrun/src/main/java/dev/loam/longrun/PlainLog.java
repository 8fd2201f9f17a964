package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The least that a durable log can be: length, CRC32C, position and payload of the whole group in
 * one write at the end of a file, and one force. It finds no torn tail, reads nothing back, and
 * never begins another file.
 */
final class PlainLog implements DurableLog {
    private static final int HEADER_BYTES = 16;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int FILL_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private final boolean fillsAhead;
    private long end;
    private long filledTo;
    private long position;

    private PlainLog(FileChannel channel, boolean fillsAhead) {
        this.channel = channel;
        this.fillsAhead = fillsAhead;
    }

    /** A file that grows with each group. */
    static PlainLog growing(Path file) throws IOException {
        return new PlainLog(create(file), false);
    }

    /** A file that is filled with zeros a mebibyte ahead, so that a force writes no new length. */
    static PlainLog filledAhead(Path file) throws IOException {
        return new PlainLog(create(file), true);
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void append(List<Bytes> group) throws IOException {
        buffer.clear();
        for (Bytes payload : group) {
            put(payload);
        }
        buffer.flip();
        if (fillsAhead && end + buffer.limit() > filledTo) {
            fill(buffer.limit());
        }
        while (buffer.hasRemaining()) {
            end += channel.write(buffer, end);
        }
        channel.force(false);
    }

    private void put(Bytes payload) {
        int start = buffer.position();
        buffer.putInt(payload.size()).putInt(0).putLong(++position).put(payload.asBuffer());
        crc.reset();
        crc.update(buffer.slice(start + 8, HEADER_BYTES - 8 + payload.size()));
        buffer.putInt(start + 4, (int) crc.getValue());
    }

    private void fill(int needed) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(needed + FILL_BYTES);
        while (zeros.hasRemaining()) {
            filledTo += channel.write(zeros, filledTo);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
