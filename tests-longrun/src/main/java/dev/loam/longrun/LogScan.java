package dev.loam.longrun;

import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.LogOptions;
import dev.loam.log.LogReader;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The log's reader against what the memory allows: a walk over mapped files with a CRC32C each. */
final class LogScan {
    private static final int ROUNDS = 15;
    private static final int LENGTH_MASK = 0x3FFFFFFF;
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LogScan() {}

    static void run(Path store) throws IOException {
        double raw = Double.MAX_VALUE;
        double read = Double.MAX_VALUE;
        long entries = 0;
        try (OpLog log = OpLog.open(store, LogOptions.standard(() -> Position.START))) {
            for (int i = 0; i < ROUNDS; i++) {
                long began = System.nanoTime();
                mapped(store.resolve("log"));
                raw = Math.min(raw, ScaleStep.seconds(began));
                began = System.nanoTime();
                entries = replay(log);
                read = Math.min(read, ScaleStep.seconds(began));
            }
        }
        ScaleStep.print("mapped scan with CRC32C, best of " + ROUNDS, raw, "s");
        ScaleStep.print(
                "reading %,d log entries, best of %d".formatted(entries, ROUNDS), read, "s");
        ScaleStep.print("reading / mapped scan", read / raw, "");
    }

    private static long replay(OpLog log) {
        long entries = 0;
        try (LogReader reader = log.readAfter(Position.START)) {
            while (reader.hasNext()) {
                if (reader.next() instanceof LogItem.Entry) {
                    entries++;
                }
            }
        }
        return entries;
    }

    private static void mapped(Path log) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(log)) {
            files = paths.filter(path -> path.toString().endsWith(".cq4")).sorted().toList();
        }
        CRC32C crc = new CRC32C();
        for (Path file : files) {
            try (Arena arena = Arena.ofConfined();
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long size = channel.size();
                MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
                long at = 0;
                while (at + 4 <= size) {
                    int length = all.get(WORD, at) & LENGTH_MASK;
                    if (length == 0 || at + 4 + length > size) {
                        break;
                    }
                    crc.reset();
                    crc.update(all.asSlice(at + 4, length).asByteBuffer());
                    at += 4 + (length + 3) / 4 * 4;
                }
            }
        }
    }
}
