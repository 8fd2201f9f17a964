package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import java.time.Duration;
import java.util.Optional;

/** The text model of one command, if it uses one. Closed after the store. */
record Model(Optional<Embedder> embedder) implements AutoCloseable {
    // The user sees the progress and may interrupt; the next command with a model goes on.
    private static final Duration FOREVER = Duration.ofDays(365);

    /** No model: words alone count. */
    static Model none() {
        return new Model(Optional.empty());
    }

    /** Loads in the background. */
    static Model load() {
        return new Model(Optional.of(LoadingModel.start()));
    }

    boolean isPresent() {
        return embedder.isPresent();
    }

    LoamOptions options() {
        LoamOptions plain = LoamOptions.unencrypted();
        return embedder.map(plain::embedder).orElse(plain);
    }

    /** Waits until every text has its vector. */
    void embed(Loam loam, CommonOptions common) {
        try (ProgressLine progress = common.progress("embedding", "texts")) {
            loam.awaitEmbedded(FOREVER, progress);
        }
    }

    @Override
    public void close() {
        embedder.ifPresent(Embedder::close);
    }
}
