package dev.loam.cli;

import dev.loam.Progress;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress on stderr if that is a terminal. Nothing is drawn in the first second, so that what is
 * quick stays quiet.
 */
final class ProgressLine implements Progress, AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final Surroundings surroundings;
    private final String task;
    private final Unit unit;
    private final Stopwatch stopwatch = Stopwatch.started();

    // Guarded by this: progress may be told from several threads.
    private @Nullable ProgressBar bar;

    /**
     * What is counted.
     *
     * @param size how many of what is told make one of what is shown
     */
    private record Unit(String name, long size) {}

    private ProgressLine(Surroundings surroundings, String task, Unit unit) {
        this.surroundings = surroundings;
        this.task = task;
        this.unit = unit;
    }

    static ProgressLine of(Surroundings surroundings, String task, String unit) {
        return new ProgressLine(surroundings, task, new Unit(unit, 1));
    }

    /** Of what is told in bytes: shown in MiB, with the rate and the time that is left. */
    static ProgressLine ofBytes(Surroundings surroundings, String task) {
        return new ProgressLine(surroundings, task, new Unit("MiB", 1 << 20));
    }

    @Override
    public void at(long done, long total) {
        if (surroundings.terminal() && stopwatch.elapsed().compareTo(QUIET) > 0) {
            draw(done, total);
        }
    }

    private synchronized void draw(long done, long total) {
        if (bar == null) {
            bar = made();
        }
        // The bar takes -1 for a total that is not known.
        bar.maxHint(total > 0 ? total : -1);
        bar.stepTo(done);
    }

    private ProgressBar made() {
        ProgressBarBuilder builder =
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setUnit(" " + unit.name(), unit.size())
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(
                                new ConsoleProgressBarConsumer(
                                        surroundings.err(), surroundings.columns()));
        return (unit.size() > 1 ? builder.showSpeed() : builder).build();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
