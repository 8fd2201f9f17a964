package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How many bytes a second a sealed log takes for each that a plain one does, in turns of the same
 * run. Arguments: a directory to work in, then perhaps "unforced".
 */
final class SealedAppendMeasurement {
    private static final int GROUP = 64;
    private static final int ROUNDS = 9;
    private static final long TURN_BYTES = 32L << 20;

    private SealedAppendMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-sealed");
        boolean forces = arguments.length < 2;
        try {
            for (int bytes : new int[] {300, 4 << 10, 64 << 10}) {
                measure(directory, bytes, forces);
            }
        } finally {
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void measure(Path directory, int bytes, boolean forces) {
        TestSealing sealing = new TestSealing();
        LogOptions options = LogOptions.standard(() -> Position.START).forcesGroups(forces);
        List<Bytes> group = group(bytes);
        Turn[] plainTurns = new Turn[ROUNDS];
        Turn[] sealedTurns = new Turn[ROUNDS];
        try (OpLog plain = OpLog.open(directory.resolve("plain-" + bytes), options);
                OpLog sealed =
                        OpLog.open(directory.resolve("sealed-" + bytes), sealing.with(options))) {
            rate(plain, group);
            rate(sealed, group);
            for (int round = 0; round < ROUNDS; round++) {
                if (round % 2 == 0) {
                    plainTurns[round] = rate(plain, group);
                    sealedTurns[round] = rate(sealed, group);
                } else {
                    sealedTurns[round] = rate(sealed, group);
                    plainTurns[round] = rate(plain, group);
                }
            }
        }
        double[] ratios = new double[ROUNDS];
        Arrays.setAll(ratios, round -> sealedTurns[round].rate() / plainTurns[round].rate());
        double[] work = new double[ROUNDS];
        Arrays.setAll(work, round -> sealedTurns[round].cpu() / plainTurns[round].cpu());
        System.out.printf(
                "%,d B, groups of %d, %s: plain %,.0f, sealed %,.0f payloads/s; ratio %.3f"
                        + " (%.3f to %.3f); processor %,.0f and %,.0f ns a payload, ratio %.2f%n",
                bytes,
                GROUP,
                forces ? "forced" : "not forced",
                median(Arrays.stream(plainTurns).mapToDouble(Turn::rate).toArray()),
                median(Arrays.stream(sealedTurns).mapToDouble(Turn::rate).toArray()),
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow(),
                median(Arrays.stream(plainTurns).mapToDouble(Turn::cpu).toArray()),
                median(Arrays.stream(sealedTurns).mapToDouble(Turn::cpu).toArray()),
                median(work));
    }

    /**
     * @param rate payloads a second
     * @param cpu nanoseconds of the writer's processor for each; on a busy machine the steadier one
     */
    private record Turn(double rate, double cpu) {}

    private static Turn rate(OpLog log, List<Bytes> group) {
        long groupBytes = (long) group.size() * group.getFirst().size();
        long groups = Math.min(300, Math.max(8, TURN_BYTES / groupBytes));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long worked = threads.getCurrentThreadCpuTime();
        long began = System.nanoTime();
        for (long i = 0; i < groups; i++) {
            log.append(group);
        }
        double payloads = (double) groups * group.size();
        return new Turn(
                payloads * 1e9 / (System.nanoTime() - began),
                (threads.getCurrentThreadCpuTime() - worked) / payloads);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Bytes> group(int bytes) {
        Random random = new Random(1);
        List<Bytes> group = new ArrayList<>();
        for (int i = 0; i < GROUP; i++) {
            byte[] payload = new byte[bytes];
            random.nextBytes(payload);
            group.add(Bytes.adopt(payload));
        }
        return group;
    }
}
