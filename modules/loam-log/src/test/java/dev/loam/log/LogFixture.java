package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** What tests of the log have in common. */
final class LogFixture {
    static final LogOptions OPTIONS = LogOptions.standard(() -> Position.START);

    private LogFixture() {}

    /** A log that a plain channel writes: the same file layout, without Chronicle's start-up. */
    static OpLog openPlain(Path store) {
        return openPlain(store, OPTIONS);
    }

    static OpLog openPlain(Path store, LogOptions options) {
        return openPlain(store, options, new DiskFiles());
    }

    static OpLog openPlain(Path store, LogOptions options, StoreFiles files) {
        return OpLog.open(store, options, files, PlainSegment::create, new Random(7));
    }

    /**
     * A log with entries through {@code last} that was killed, opened where there was no room on
     * the disk to end what the kill had cut short; there is again when this returns.
     */
    static OpLog openKilledOnAFullDisk(TestLogs logs, Path directory, LogOptions options, int last)
            throws IOException {
        Path killed = directory.resolve("killed");
        Path store = directory.resolve("running");
        try (OpLog log = logs.open(store, options, new QuickFiles())) {
            appendSingly(log, 1, last);
            logs.copy(store, killed);
        }
        FaultyFiles files = FaultyFiles.fullFrom(1);
        OpLog log = logs.open(killed, options, files);
        assertThat(log.report().notes()).anyMatch(note -> note.startsWith("DISK_FULL"));
        files.mend();
        return log;
    }

    /** The same without forces, for tests that open many. */
    static OpLog openQuickly(Path store) {
        return openPlain(store, OPTIONS, new QuickFiles());
    }

    static LogOptions expecting(long position) {
        return LogOptions.standard(() -> new Position(position));
    }

    static LogOptions segmentsOf(int frames) {
        return new LogOptions(64 << 20, frames, true, false, () -> Position.START);
    }

    static LogOptions options(long bytes, int frames, Supplier<Position> expected) {
        return new LogOptions(bytes, frames, true, false, expected);
    }

    /** Payloads that name their position: "entry 1" ... */
    static List<Bytes> entries(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(LogFixture::entry).toList();
    }

    static Bytes entry(long position) {
        return Bytes.ofUtf8("entry " + position);
    }

    /** Appends entries one by one, so that each vouches for the one before. */
    static void appendSingly(OpLog log, long first, long last) {
        for (long position = first; position <= last; position++) {
            log.append(List.of(entry(position)));
        }
    }

    static List<LogItem> read(OpLog log) {
        return read(log, 0);
    }

    static List<LogItem> read(OpLog log, long after) {
        List<LogItem> items = new ArrayList<>();
        try (LogReader reader = log.readAfter(new Position(after))) {
            reader.forEachRemaining(items::add);
        }
        return items;
    }

    /** The items of a log whose entries from first to last are whole. */
    static List<LogItem> whole(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(p -> (LogItem) new LogItem.Entry(new Position(p), entry(p)))
                .toList();
    }

    /** Each item as "7" or "damaged 8-9", entries checked against their position. */
    static List<String> summary(List<LogItem> items) {
        List<String> summary = new ArrayList<>();
        for (LogItem item : items) {
            switch (item) {
                case LogItem.Entry(Position position, Bytes payload) -> {
                    boolean isRight = payload.equals(entry(position.number()));
                    summary.add(isRight ? position.toString() : "other data at " + position);
                }
                case LogItem.Pack pack -> summary.add("pack " + pack.first() + "-" + pack.last());
                case LogItem.States states -> summary.add("states " + states.ordinal());
                case LogItem.LostStates _ -> summary.add("lost states");
                case LogItem.Damage damage ->
                        summary.add("damaged " + damage.first() + "-" + damage.last());
            }
        }
        return summary;
    }

    static List<String> positions(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(Long::toString).toList();
    }

    /** A store as it lies on the disk now, whoever has it open. */
    static Path copy(Path store, Path target) throws IOException {
        Files.walkFileTree(
                store,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(target.resolve(store.relativize(directory)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        // Opening LOCK and closing it again would drop the lock of this process.
                        // RESERVE is large and holds nothing.
                        if (!file.endsWith(StoreLock.FILE_NAME)
                                && !file.endsWith(Reserve.FILE_NAME)) {
                            Files.copy(file, target.resolve(store.relativize(file)));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return target;
    }

    static LogDirectory logOf(Path store) {
        return new LogDirectory(store.toAbsolutePath().resolve(LogDirectory.NAME));
    }

    /** Offset of the document that holds {@code position}, in the segment of this number. */
    static long offsetOf(Path store, long number, long position) throws IOException {
        return cursorAt(store, number, position).wordOffset();
    }

    /** Offset behind the document that holds {@code position}. */
    static long endOf(Path store, long number, long position) throws IOException {
        return cursorAt(store, number, position).endOffset();
    }

    private static SegmentCursor cursorAt(Path store, long number, long position)
            throws IOException {
        Path file = logOf(store).frames(number);
        try (var channel = FileChannel.open(file)) {
            SegmentHead head = SegmentFile.readHead(channel, number).orElseThrow();
            SegmentCursor cursor = new SegmentCursor(channel, head.name(), channel.size(), 65536);
            long expected = head.firstPosition();
            while (true) {
                Frame frame = cursor.next(expected);
                if (frame == null) {
                    throw new AssertionError("position " + position + " is not in the segment");
                }
                if (frame.kind() == Frame.BATCH && frame.position() == position) {
                    return cursor;
                }
                expected = frame.next();
            }
        }
    }

    static void flip(Path file, long offset, int mask) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[Math.toIntExact(offset)] ^= (byte) mask;
        Files.write(file, content);
    }

    /** Where the payload of a document begins. */
    static long payloadIn(long documentOffset) {
        return documentOffset + SegmentCursor.WORD_BYTES + Frame.HEADER_BYTES;
    }
}
