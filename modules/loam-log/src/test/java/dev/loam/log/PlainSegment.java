package dev.loam.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Writes the container that Chronicle writes, through a plain channel. */
final class PlainSegment implements SegmentAppender {
    private static final int CHRONICLES = 0x40000000;
    private static final int PREAMBLE_BYTES = 4364;

    private final Path file;
    private final FileChannel channel;
    private long end;

    private PlainSegment(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static SegmentAppender create(Path directory, int blockBytes) throws IOException {
        Path file = directory.resolve(LogDirectory.FRAMES);
        PlainSegment segment = new PlainSegment(file, DiskFiles.create(file));
        segment.write(CHRONICLES | PREAMBLE_BYTES, new byte[PREAMBLE_BYTES]);
        return segment;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public void append(byte[] frame) {
        try {
            write(frame.length, frame);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void write(int word, byte[] content) throws IOException {
        int bytes = Math.toIntExact(SegmentCursor.padded(content.length));
        ByteBuffer document =
                ByteBuffer.allocate(SegmentCursor.WORD_BYTES + bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(word)
                        .put(content)
                        .rewind();
        end += channel.write(document, end);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
