package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;

/** The text model of one command, if it uses one. Closed after the store. */
record Model(Optional<Embedder> embedder) implements AutoCloseable {
    /** No model: words alone count. */
    static Model none() {
        return new Model(Optional.empty());
    }

    /** Loads in the background. */
    static Model load() {
        return new Model(Optional.of(LoadingModel.start(EnumSet.allOf(Embedder.Purpose.class))));
    }

    /**
     * Loads in the background, for queries alone: a command that reads does not write, and its
     * answer is not kept waiting by texts that somebody stored without a model.
     */
    static Model loadForQueries() {
        return new Model(Optional.of(LoadingModel.start(EnumSet.of(Embedder.Purpose.QUERY))));
    }

    boolean isPresent() {
        return embedder.isPresent();
    }

    LoamOptions options() {
        LoamOptions plain = LoamOptions.unencrypted();
        return embedder.map(plain::embedder).orElse(plain);
    }

    /** Waits until every text has its vector, or {@code timeout} has passed. */
    void embed(Loam loam, CommonOptions common, Duration timeout) {
        if (isPresent()) {
            try (ProgressLine progress = common.progress("embedding", "texts")) {
                loam.awaitEmbedded(timeout, progress);
            }
        }
    }

    /**
     * Waits until every text has its vector. The user sees the progress and may interrupt: the next
     * command that embeds goes on from there.
     */
    void embed(Loam loam, CommonOptions common) {
        embed(loam, common, Duration.ofDays(365));
    }

    @Override
    public void close() {
        embedder.ifPresent(Embedder::close);
    }
}
