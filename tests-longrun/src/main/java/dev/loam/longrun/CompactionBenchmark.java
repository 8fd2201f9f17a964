package dev.loam.longrun;

import dev.loam.CompactOptions;
import dev.loam.CompactReport;
import dev.loam.Inspection;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.Vault;
import java.nio.file.Path;

/** What the log of a store takes after a compaction, against what of it is of use. */
final class CompactionBenchmark {
    private static final int RECORDS = 20_000;
    private static final int UPDATES = 10;
    private static final int CALLERS = 2_000;
    private static final double MIB = 1 << 20;

    private CompactionBenchmark() {}

    static void run(Path directory) throws Exception {
        System.out.printf("%ncompaction of %,d memories, each updated 10 times%n", RECORDS);
        try (Loam loam = Loam.open(directory, LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            for (int update = 0; update <= UPDATES; update++) {
                Benchmarks.putAll(
                        vault,
                        RECORDS,
                        CALLERS,
                        i -> Memory.of(Benchmarks.textOf(300)).key("k" + i));
            }
            long began = System.nanoTime();
            CompactReport report = loam.compact(CompactOptions.aggressive(), Progress.NONE);
            double seconds = ScaleStep.seconds(began);
            Inspection after = loam.inspect(Progress.NONE);
            long sealed =
                    after.segments().stream()
                            .filter(Inspection.Segment::sealed)
                            .mapToLong(Inspection.Segment::bytes)
                            .sum();
            ScaleStep.print("  log before", report.logBytesBefore() / MIB, "MiB");
            ScaleStep.print("  sealed segments after", sealed / MIB, "MiB");
            after.bytesByKind()
                    .forEach((kind, bytes) -> ScaleStep.print("  " + kind, bytes / MIB, "MiB"));
            ScaleStep.print("  live", after.liveBytes() / MIB, "MiB");
            ScaleStep.print("  sealed segments / live", (double) sealed / after.liveBytes(), "");
            ScaleStep.print("  compacting", seconds, "s");
        }
    }
}
