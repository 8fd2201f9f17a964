package dev.loam.log;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * A Chronicle queue of one file that is written by one process in one go. The clock stands still,
 * so the queue never rolls; its own forcing stays off, since it misses what lies in earlier blocks;
 * it is never opened again, since after a crash it appends behind holes at which its readers stop.
 * Load this class through {@link ChronicleGate} only.
 */
final class ChronicleSegment implements SegmentAppender {
    private static final long CLOCK_MILLIS = 1_000;
    private static final long TIMEOUT_MILLIS = 2_000;

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Path file;

    private ChronicleSegment(SingleChronicleQueue queue, ExcerptAppender appender, Path file) {
        this.queue = queue;
        this.appender = appender;
        this.file = file;
    }

    static SegmentAppender create(Path directory, int blockBytes) {
        SingleChronicleQueue queue =
                SingleChronicleQueueBuilder.binary(directory)
                        .rollCycle(OneFile.CYCLE)
                        .timeProvider(() -> CLOCK_MILLIS)
                        .blockSize(blockBytes)
                        .timeoutMS(TIMEOUT_MILLIS)
                        .syncMode(SyncMode.NONE)
                        .build();
        try {
            ExcerptAppender appender = queue.createAppender();
            // The owner may close from another thread than the writer, when the writer has ended.
            appender.singleThreadedCheckDisabled(true);
            return new ChronicleSegment(queue, appender, directory.resolve(LogDirectory.FRAMES));
        } catch (Throwable failed) {
            queue.close();
            throw failed;
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public void append(byte[] frame) {
        Bytes<byte[]> bytes = Bytes.wrapForRead(frame);
        try {
            appender.writeBytes(bytes);
        } finally {
            bytes.releaseLast();
        }
    }

    @Override
    public void close() {
        try {
            appender.close();
        } finally {
            queue.close();
        }
    }

    /** The name format is one that none of Chronicle's own cycles parses. */
    private enum OneFile implements RollCycle {
        CYCLE;

        private static final int SEQUENCE_BITS = 32;
        private static final int INDEX_COUNT = 256;
        private static final int INDEX_SPACING = 64;

        @Override
        public String format() {
            return "yyyyMMdd-HHmmss'S'";
        }

        @Override
        public int lengthInMillis() {
            return 1_000;
        }

        @Override
        public int defaultIndexCount() {
            return INDEX_COUNT;
        }

        @Override
        public int defaultIndexSpacing() {
            return INDEX_SPACING;
        }

        @Override
        public int current(TimeProvider time, long epoch) {
            return (int) ((time.currentTimeMillis() - epoch) / lengthInMillis());
        }

        @Override
        public long toIndex(int cycle, long sequenceNumber) {
            return ((long) cycle << SEQUENCE_BITS) + sequenceNumber;
        }

        @Override
        public long toSequenceNumber(long index) {
            return index & 0xFFFFFFFFL;
        }

        @Override
        public int toCycle(long index) {
            return Math.toIntExact(index >>> SEQUENCE_BITS);
        }

        @Override
        public long maxMessagesPerCycle() {
            return (long) INDEX_COUNT * INDEX_COUNT * INDEX_SPACING;
        }
    }
}
