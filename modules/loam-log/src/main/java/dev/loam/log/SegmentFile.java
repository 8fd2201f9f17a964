package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** Reading the file of a segment outside the walk over its frames. */
final class SegmentFile {
    /** Chronicle's own documents end, and the HEAD stands, well before this. */
    private static final int HEAD_WITHIN_BYTES = 64 << 10;

    private static final int CHUNK_BYTES = 256 << 10;

    private SegmentFile() {}

    /**
     * The HEAD of a segment of which nothing is known but its number. Empty if the file holds none
     * that is sound.
     */
    static Optional<SegmentHead> readHead(FileChannel channel, long number) throws IOException {
        byte[] start = new byte[(int) Math.min(HEAD_WITHIN_BYTES, channel.size())];
        read(channel, 0, start, start.length);
        int last = start.length - Frame.HEADER_BYTES - SegmentHead.BYTES;
        for (int at = SegmentCursor.WORD_BYTES; at <= last; at += SegmentCursor.WORD_BYTES) {
            int bytes = FrameCodec.claimedBytes(start, at);
            if (bytes >= Frame.HEADER_BYTES + SegmentHead.BYTES && at + bytes <= start.length) {
                Optional<SegmentHead> head = headAt(start, at, number);
                if (head.isPresent()) {
                    return head;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<SegmentHead> headAt(byte[] buffer, int at, long number) {
        int payloadAt = at + Frame.HEADER_BYTES;
        Bytes payload = Bytes.copyOf(buffer, payloadAt, SegmentHead.BYTES);
        SegmentHead claimed = SegmentHead.decode(number, payload);
        Frame frame = new FrameCodec(claimed.name()).decode(buffer, at);
        if (frame == null || frame.kind() != Frame.HEAD || !claimed.isPossible()) {
            return Optional.empty();
        }
        SegmentHead.refuseNewer(number, payload);
        return Optional.of(claimed);
    }

    /** The offset behind the last byte of the file that is not zero. */
    static long endOfContent(FileChannel channel) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, channel.size())];
        for (long end = channel.size(); end > 0; ) {
            long from = Math.max(0, end - CHUNK_BYTES);
            int length = read(channel, from, chunk, (int) (end - from));
            for (int i = length - 1; i >= 0; i--) {
                if (chunk[i] != 0) {
                    return from + i + 1;
                }
            }
            end = from;
        }
        return 0;
    }

    /** Whether anything in the file looks like the beginning of a frame, sound or not. */
    static boolean hasFrames(FileChannel channel) throws IOException {
        SegmentWindow window = new SegmentWindow(channel, channel.size(), CHUNK_BYTES);
        for (long at = 0; window.has(at, Frame.HEADER_BYTES); at += SegmentCursor.WORD_BYTES) {
            if (FrameCodec.claimedBytes(window.buffer(), window.indexOf(at)) > 0) {
                return true;
            }
        }
        return false;
    }

    private static int read(FileChannel channel, long offset, byte[] target, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, offset + buffer.position());
            if (count <= 0) {
                break;
            }
        }
        return buffer.position();
    }

    static long wholePages(long bytes) {
        return (bytes + SegmentWindow.PAGE_BYTES - 1)
                / SegmentWindow.PAGE_BYTES
                * SegmentWindow.PAGE_BYTES;
    }

    /**
     * Opens the file past the page cache, where the system can: after a failed force the cache may
     * show as good what the disk never got.
     */
    static Optional<FileChannel> openPastCache(Path file) throws IOException {
        Optional<OpenOption> direct = directOption();
        if (direct.isEmpty()
                || Files.getFileStore(file).getBlockSize() > SegmentWindow.PAGE_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileChannel.open(file, StandardOpenOption.READ, direct.get()));
        } catch (UnsupportedOperationException | IOException refused) {
            return Optional.empty();
        }
    }

    /** By name, since not every JDK has it: the compiler warns of it and takes no other answer. */
    private static Optional<OpenOption> directOption() {
        try {
            Object[] options =
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
            return Arrays.stream(options)
                    .filter(option -> option.toString().equals("DIRECT"))
                    .map(OpenOption.class::cast)
                    .findFirst();
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }
}
