package dev.loam.sim;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

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
        Asked asked;
        try {
            asked = Asked.of(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + " (tools/simulate --help tells of all)");
            System.exit(2);
            return;
        }
        Simulator simulator =
                new Simulator(
                        asked.plant(), asked.shrinks(), asked.trace().orElse(Simulator.LINES_KEPT));
        Simulate simulate = new Simulate(simulator, asked.trace().isPresent());
        System.exit(simulate.run(asked.from(), asked.seeds(), asked.resume()) ? 0 : 1);
    }

    /**
     * What the options say.
     *
     * @param trace how many lines to show of each world; empty for some of those that fail
     * @param resume the file that says, once it exists, from where on
     */
    private record Asked(
            long seeds,
            long from,
            Plant plant,
            int shrinks,
            OptionalInt trace,
            Optional<Path> resume) {
        private static final Set<String> OPTIONS =
                Set.of("--seeds", "--from", "--plant", "--shrinks", "--trace", "--resume");
        private static final long SEEDS = 100;

        /** A seed, and so many on from there, is a number still. */
        private static final long SEED_MAX = Long.MAX_VALUE / 2;

        /**
         * @throws IllegalArgumentException says in a line what is wrong
         */
        static Asked of(String... arguments) {
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < arguments.length; i += 2) {
                if (!OPTIONS.contains(arguments[i])) {
                    throw new IllegalArgumentException("there is no option " + arguments[i]);
                }
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException(arguments[i] + " lacks its value");
                }
                values.put(arguments[i], arguments[i + 1]);
            }
            Optional<Path> resume = Optional.ofNullable(values.get("--resume")).map(Path::of);
            String from = "--from";
            if (resume.map(Path::toAbsolutePath).filter(Asked::hasNoPlace).isPresent()) {
                throw new IllegalArgumentException("--resume lies in no directory that there is");
            }
            if (resume.isPresent() && Files.exists(resume.get())) {
                from = "what --resume " + resume.get() + " holds";
                values.put(from, content(resume.get()));
            }
            OptionalLong trace = number(values, "--trace", 0, Integer.MAX_VALUE);
            return new Asked(
                    number(values, "--seeds", 1, SEED_MAX).orElse(SEEDS),
                    number(values, from, -SEED_MAX, SEED_MAX).orElse(1),
                    plant(values.getOrDefault("--plant", Plant.NONE.name())),
                    (int)
                            number(values, "--shrinks", 0, Integer.MAX_VALUE)
                                    .orElse(Simulator.SHRINKS_MAX),
                    trace.isPresent()
                            ? OptionalInt.of((int) trace.getAsLong())
                            : OptionalInt.empty(),
                    resume);
        }

        private static boolean hasNoPlace(Path resume) {
            Path parent = resume.getParent();
            return parent == null || !Files.isDirectory(parent);
        }

        private static String content(Path resume) {
            try {
                return Files.readString(resume).strip();
            } catch (IOException unreadable) {
                throw new IllegalArgumentException(
                        "--resume " + resume + " is no file that can be read", unreadable);
            }
        }

        private static OptionalLong number(
                Map<String, String> values, String option, long least, long most) {
            String value = values.get(option);
            if (value == null) {
                return OptionalLong.empty();
            }
            try {
                long number = Long.parseLong(value);
                if (least <= number && number <= most) {
                    return OptionalLong.of(number);
                }
            } catch (NumberFormatException none) {
                // Told as any other that does not fit.
            }
            throw new IllegalArgumentException(
                    "%s is a number from %d to %d, and not \"%s\""
                            .formatted(option, least, most, value));
        }

        private static Plant plant(String name) {
            return Stream.of(Plant.values())
                    .filter(plant -> plant.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "--plant is one of %s, and not \"%s\""
                                                    .formatted(List.of(Plant.values()), name)));
        }
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
