package dev.loam.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs seeds from the command line; {@code tools/simulate} starts it. */
final class Simulate {
    private static final int TWICE_ONE_IN = 20;

    private final Simulator simulator;
    private final boolean showsTraces;

    /**
     * @param showsTraces of what did not fail, too
     */
    Simulate(Simulator simulator, boolean showsTraces) {
        this.simulator = simulator;
        this.showsTraces = showsTraces;
    }

    public static void main(String[] arguments) throws IOException {
        long seeds = 100;
        long from = 1;
        Plant plant = Plant.NONE;
        int shrinks = Simulator.SHRINKS_MAX;
        OptionalInt trace = OptionalInt.empty();
        Optional<Path> resume = Optional.empty();
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--seeds" -> seeds = Long.parseLong(value);
                case "--from" -> from = Long.parseLong(value);
                case "--plant" -> plant = Plant.valueOf(value);
                case "--shrinks" -> shrinks = Integer.parseInt(value);
                case "--trace" -> trace = OptionalInt.of(Integer.parseInt(value));
                case "--resume" -> resume = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("no such option: " + arguments[i]);
            }
        }
        if (resume.isPresent() && Files.exists(resume.get())) {
            from = Long.parseLong(Files.readString(resume.get()).strip());
        }
        Simulator simulator = new Simulator(plant, shrinks, trace.orElse(Simulator.LINES_KEPT));
        Simulate simulate = new Simulate(simulator, trace.isPresent());
        System.exit(simulate.run(from, seeds, resume) ? 0 : 1);
    }

    private boolean run(long from, long seeds, Optional<Path> resume) throws IOException {
        long began = System.nanoTime();
        boolean isSound = true;
        for (long seed = from; seed < from + seeds; seed++) {
            Optional<String> failure = tried(seed);
            failure.ifPresent(System.out::println);
            isSound &= failure.isEmpty();
            if (resume.isPresent()) {
                Files.writeString(resume.get(), (seed + 1) + "\n");
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "counters: simulator from=%d seeds=%d seconds=%.1f %s%n",
                from, seeds, seconds, simulator.counts());
        return isSound;
    }

    /** What is wrong with a seed, with the command that shows it again. */
    Optional<String> tried(long seed) {
        Schedule schedule = Schedule.of(seed);
        Simulator.Outcome outcome = simulator.run(schedule);
        if (outcome.failure().isPresent()) {
            return Optional.of(report(schedule));
        }
        if (showsTraces) {
            outcome.trace().forEach(System.out::println);
        }
        if (seed % TWICE_ONE_IN == 0) {
            Simulator.Outcome again = simulator.run(schedule);
            if (!again.traceHash().equals(outcome.traceHash())) {
                return Optional.of("seed " + seed + " is not the same twice; " + repeat(seed));
            }
        }
        return Optional.empty();
    }

    private String report(Schedule schedule) {
        Schedule shortest = simulator.shrink(schedule);
        Simulator.Outcome outcome = simulator.run(shortest);
        List<String> lines = new ArrayList<>();
        lines.add("FAILED " + repeat(schedule.seed()));
        lines.add(
                "  devices=%d pace=%s durability=%s segmentFramesMax=%d startsComplete=%s events %d of %d"
                        .formatted(
                                schedule.devices(),
                                schedule.pace(),
                                schedule.durability(),
                                schedule.segmentFramesMax(),
                                schedule.startsComplete(),
                                shortest.events().size(),
                                schedule.events().size()));
        shortest.events().forEach(event -> lines.add("  " + event));
        outcome.trace().forEach(line -> lines.add("    " + line));
        outcome.failure().ifPresent(failure -> lines.add(stack(failure)));
        return String.join("\n", lines);
    }

    private static String stack(Throwable failure) {
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    private static String repeat(long seed) {
        return "repeat: tools/simulate --seeds 1 --from " + seed;
    }
}
