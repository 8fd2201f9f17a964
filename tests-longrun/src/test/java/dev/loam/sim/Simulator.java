package dev.loam.sim;

import dev.loam.log.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs worlds, one seed after another, and makes what fails as short as it can. */
final class Simulator {
    private static final Path MEMORY = Path.of("/dev/shm");

    /** A failing world is lived at most so often again, unless its caller says how often. */
    static final int SHRINKS_MAX = 60;

    /** Of a trace, unless its caller wants more. */
    static final int LINES_KEPT = 60;

    /**
     * What came of a world.
     *
     * @param traceHash empty if it failed
     */
    record Outcome(Optional<String> traceHash, Optional<Throwable> failure, List<String> trace) {}

    private final Plant plant;
    private final int shrinksMax;
    private final int linesKept;
    private final Counts counts = new Counts();

    Simulator(Plant plant) {
        this(plant, SHRINKS_MAX, LINES_KEPT);
    }

    /**
     * @param shrinksMax how often a failing world is lived again to make it shorter, 0 for never
     * @param linesKept how many of the last lines of a world's trace its outcome has
     */
    Simulator(Plant plant, int shrinksMax, int linesKept) {
        this.plant = plant;
        this.shrinksMax = shrinksMax;
        this.linesKept = linesKept;
    }

    Counts counts() {
        return counts;
    }

    Outcome run(Schedule schedule) {
        Path directory = newDirectory();
        World world = new World(schedule, directory, plant, linesKept);
        try (world) {
            String hash = world.run();
            return new Outcome(Optional.of(hash), Optional.empty(), world.trace().last());
        } catch (RuntimeException | AssertionError failure) {
            return new Outcome(Optional.empty(), Optional.of(failure), world.trace().last());
        } finally {
            counts.add(world.counts());
            delete(directory);
        }
    }

    /** A failing schedule with as few events as halving finds, and how that one fails. */
    Schedule shrink(Schedule failing) {
        Schedule shortest = failing;
        int left = shrinksMax;
        for (int part = Math.max(1, failing.events().size() / 2); left > 0; part /= 2) {
            for (int from = 0; from < shortest.events().size() && left > 0; left--) {
                List<Schedule.Timed> fewer = new ArrayList<>(shortest.events());
                fewer.subList(from, Math.min(fewer.size(), from + part)).clear();
                Schedule candidate = shortest.keeping(fewer);
                if (run(candidate).failure().isPresent()) {
                    shortest = candidate;
                } else {
                    from += part;
                }
            }
            if (part == 1) {
                break;
            }
        }
        return shortest;
    }

    private static Path newDirectory() {
        try {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "loam-sim")
                    : Files.createTempDirectory("loam-sim");
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static void delete(Path directory) {
        try {
            Trees.delete(directory);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
