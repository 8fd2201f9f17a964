package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segment that is being written, by one thread: room is made by zeros ahead of the appender, so
 * that a full disk is met before anything is appended; what was appended is read back by the reader
 * that will read it later, and forced through a channel kept open beside the appender.
 */
final class ActiveSegment {
    /** A document may be as long as the part by which two blocks of the mapping overlap. */
    private static final int OVERLAPS_PER_BLOCK = 4;

    static final int SMALL_BLOCK_BYTES = 1 << 20;
    static final int LARGE_BLOCK_BYTES = 17 << 20;
    static final int SMALL_FRAME_BYTES_MAX = SMALL_BLOCK_BYTES / OVERLAPS_PER_BLOCK;

    /** Chronicle writes an index of 2 KiB after each 16,384 documents, and one of those indexes. */
    private static final int FRAMES_PER_INDEX = 256 * 64;

    private static final int INDEX_BYTES = 4096;

    /** Room that is always kept for the SEAL. */
    private static final int SEAL_BYTES = 4096;

    private final StoreFiles files;
    private final Path directory;
    private final SegmentHead head;
    private final SegmentAppender appender;
    private final FileChannel channel;
    private final FrameWriter writer;
    private final SegmentCursor readBack;
    private final SegmentChain chain;

    private PositionOffsets offsets;
    private long next;

    /** The highest position for which a frame of this segment vouches. */
    private long vouched;

    private long frames;
    private long contentEnd;
    private long filledTo;
    private @Nullable Footer sealed;

    private ActiveSegment(
            StoreFiles files,
            Path directory,
            FrameWriter writer,
            SegmentAppender appender,
            FileChannel channel) {
        this.files = files;
        this.directory = directory;
        this.writer = writer;
        this.head = writer.head();
        this.appender = appender;
        this.channel = channel;
        this.readBack = new SegmentCursor(channel, head.name(), 0, 0);
        this.chain = new SegmentChain(head.chainBefore());
        this.offsets = PositionOffsets.empty(head.firstPosition());
        this.next = head.firstPosition();
        this.vouched = next - 1;
    }

    /**
     * Makes the segment's directory and file. Nothing of it is left behind if that fails.
     *
     * @param writer closed with the segment, if this returns
     */
    static ActiveSegment create(
            StoreFiles files, SegmentAppender.Factory appenders, Path directory, FrameWriter writer)
            throws IOException {
        // Met later, a full disk is a fault of the memory mapping, of which Chronicle tells stderr.
        files.requireRoom(parentOf(directory), 2L * writer.head().blockBytes());
        files.createDirectory(directory);
        try {
            return createFile(files, appenders, directory, writer);
        } catch (Throwable failed) {
            try {
                files.deleteDirectory(directory);
            } catch (IOException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
    }

    private static Path parentOf(Path directory) {
        return Objects.requireNonNull(directory.getParent(), "a segment lies in the log");
    }

    private static ActiveSegment createFile(
            StoreFiles files, SegmentAppender.Factory appenders, Path directory, FrameWriter writer)
            throws IOException {
        SegmentAppender appender = appenders.create(directory, writer.head().blockBytes());
        FileChannel channel = null;
        try {
            byte[] frame = writer.encodeHead();
            appender.append(frame);
            channel =
                    FileChannel.open(
                            appender.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
            ActiveSegment segment = new ActiveSegment(files, directory, writer, appender, channel);
            segment.begin(frame);
            return segment;
        } catch (Throwable failed) {
            closeAll(appender, channel, failed);
            throw failed;
        }
    }

    private void begin(byte[] headFrame) throws IOException {
        files.restrict(directory.resolve(LogDirectory.FRAMES));
        Path metadata = directory.resolve(LogDirectory.METADATA);
        if (Files.exists(metadata)) {
            files.restrict(metadata);
        }
        filledTo = channel.size();
        readBack(List.of(headFrame));
        long blocksEnd = (long) head.blockBytes() + head.blockBytes() / OVERLAPS_PER_BLOCK;
        filledTo = SegmentFile.wholePages(contentEnd);
        files.fillWithZeros(channel, filledTo, blocksEnd);
        filledTo = blocksEnd;
        files.forceNew(channel);
        files.forceDirectory(directory);
        files.forceDirectory(parentOf(directory));
    }

    /** The blocks of a segment in which frames of this length must fit. */
    static int blockBytesFor(int largestFrameBytes) {
        return largestFrameBytes <= SMALL_FRAME_BYTES_MAX ? SMALL_BLOCK_BYTES : LARGE_BLOCK_BYTES;
    }

    SegmentEntry.Open entry() {
        return new SegmentEntry.Open(head.name(), head.firstPosition());
    }

    /** Whether a group fits, by the bounds on a segment and on its frames. */
    boolean takes(Group group, LogOptions options) {
        int largest = Frame.HEADER_BYTES + group.largestPayloadBytes() + writer.overheadBytes();
        if (sealed != null || largest > head.blockBytes() / OVERLAPS_PER_BLOCK) {
            return false;
        }
        boolean isWithin =
                frames + group.frames() <= options.segmentFramesMax()
                        && contentEnd + bytesOf(group) <= options.segmentBytesMax();
        return isEmpty() || isWithin;
    }

    private long bytesOf(Group group) {
        return group.bytes(writer.overheadBytes());
    }

    SegmentHead head() {
        return head;
    }

    boolean isEmpty() {
        return next == head.firstPosition();
    }

    /** Makes room for the group on the disk; a disk that is full is met here or never. */
    void prepare(Group group) throws IOException {
        prepare(group.frames(), bytesOf(group));
    }

    private void prepare(int newFrames, long bytes) throws IOException {
        long reach =
                contentEnd
                        + bytes
                        + (2 + newFrames / FRAMES_PER_INDEX) * (long) INDEX_BYTES
                        + SEAL_BYTES;
        long block = head.blockBytes();
        long end = (reach / block + 2) * block + block / OVERLAPS_PER_BLOCK;
        if (end > filledTo) {
            files.fillWithZeros(channel, filledTo, end);
            filledTo = end;
        }
    }

    /**
     * Appends and reads back; what it appended is on the disk after the next {@link #force}.
     *
     * @param forced the last position that is on the disk now
     */
    void append(Group group, long forced) throws IOException {
        List<byte[]> written = new ArrayList<>(group.frames());
        for (Bytes payload : group.payloads()) {
            long position = next + written.size();
            int unforced = Math.toIntExact(position - 1 - forced);
            written.add(writer.encode(Frame.BATCH, position, 1, unforced, payload));
        }
        for (byte[] frame : written) {
            appender.append(frame);
        }
        readBack(written);
        vouched = Math.max(vouched, forced);
    }

    /** When it returns all that was appended is on the disk. */
    void force() throws IOException {
        if (sealed == null) {
            files.force(channel);
        }
    }

    /** Whether a frame vouches for the last position: without one, rot there looks like a tear. */
    boolean isVouchedFor() {
        return sealed != null || vouched == next - 1;
    }

    /** Appends and forces a MARK, which vouches for all before it; all before it is forced. */
    void mark() throws IOException {
        byte[] frame = writer.encode(Frame.MARK, next, 0, 0, Bytes.EMPTY);
        appender.append(frame);
        readBack(List.of(frame));
        files.force(channel);
        vouched = next - 1;
    }

    /**
     * Makes room for and appends one frame of a compaction, and reads it back. On the disk only
     * once the segment is sealed.
     */
    void appendCompacted(int kind, int count, int statesBefore, Bytes payload) throws IOException {
        int stored = payload.size() + writer.overheadBytes();
        prepare(1, Frame.HEADER_BYTES + stored + 2L * SegmentCursor.WORD_BYTES);
        byte[] frame = writer.encode(kind, next, count, statesBefore, payload);
        appender.append(frame);
        readBack(List.of(frame));
    }

    /** What is acknowledged will be found: it was, by the same reader. */
    private void readBack(List<byte[]> written) throws IOException {
        long bytes = 0;
        for (byte[] frame : written) {
            bytes += frame.length + 2 * SegmentCursor.WORD_BYTES;
        }
        // Not the file's size: asked for it, Linux writes the file's times anew with the next
        // force.
        readBack.restart(contentEnd, filledTo, Math.toIntExact(bytes));
        for (byte[] frame : written) {
            Frame found = readBack.next(next);
            if (found == null
                    || !Arrays.equals(
                            readBack.buffer(),
                            found.start(),
                            found.start() + found.bytes(),
                            frame,
                            0,
                            frame.length)) {
                throw new IOException(
                        "what was appended at position " + next + " is not found again");
            }
            chain.add(frame, 0, frame.length);
            if (found.count() > 0) {
                offsets = offsets.with(found.position(), readBack.wordOffset());
            }
            next = found.next();
            frames++;
            contentEnd = readBack.endOffset();
        }
    }

    /**
     * Ends the segment: SEAL, force, Chronicle's end, the zeros back to the disk. May be called
     * again and gives the same footer.
     *
     * @param forced the last position that is on the disk before
     */
    Footer seal(long forced) throws IOException {
        return seal(Math.toIntExact(next - 1 - forced), Optional.empty());
    }

    /**
     * The same, as {@link #seal(long)} or for a compacted segment.
     *
     * @param before what the SEAL says in the place of {@link Frame#unforced}
     * @param replacedChain at the end of the segments that this one stands for, if it does
     */
    Footer seal(int before, Optional<Bytes> replacedChain) throws IOException {
        Footer done = sealed;
        if (done != null) {
            return done;
        }
        Invariant.check(!isEmpty(), "segment {0} is empty", head.name().number());
        Bytes chainEnd = chain.end();
        SegmentSeal seal = new SegmentSeal(frames, next - 1, chainEnd, replacedChain);
        byte[] frame = writer.encode(Frame.SEAL, next, 0, before, seal.encode());
        appender.append(frame);
        readBack.restart(contentEnd, filledTo, frame.length + SegmentCursor.WORD_BYTES);
        Frame found = readBack.next(next);
        if (found == null || found.kind() != Frame.SEAL) {
            throw new IOException("the SEAL of the segment is not found again");
        }
        long end = readBack.endOffset();
        writer.close();
        appender.close();
        files.deleteFile(directory.resolve(LogDirectory.METADATA));
        long bytes = SegmentFile.wholePages(end);
        files.truncate(channel, bytes);
        files.force(channel);
        channel.close();
        files.forceDirectory(directory);
        SegmentEntry.Sealed entry =
                new SegmentEntry.Sealed(
                        head.name(),
                        head.firstPosition(),
                        next - 1,
                        frames,
                        bytes,
                        chainEnd,
                        replacedChain);
        Footer footer =
                new Footer(
                        head.store(),
                        Footer.Origin.SEALED,
                        entry,
                        head.chainBefore(),
                        end,
                        List.of(),
                        offsets);
        sealed = footer;
        return footer;
    }

    /** What readers need of it, as it is now. */
    LogView.Active view() {
        return new LogView.Active(
                head.name(), head.firstPosition(), next - 1, contentEnd, filledTo, offsets);
    }

    /** Lets go of the key, with which nothing is written any more. */
    void forgetKey() {
        writer.close();
    }

    /** Lets go of its files and leaves them as they are. */
    void abandon() throws IOException {
        forgetKey();
        try {
            appender.close();
        } finally {
            channel.close();
        }
    }

    private static void closeAll(
            SegmentAppender appender, @Nullable FileChannel channel, Throwable failed) {
        try {
            appender.close();
        } catch (RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
        }
    }
}
