package dev.loam.cli;

import dev.loam.Embedder;
import dev.loam.LoamOptions;
import java.util.Optional;

/** The text model of one command, if it uses one. Closed after the store. */
record Model(Optional<Embedder> embedder) implements AutoCloseable {
    /** No model: words alone count. */
    static Model none() {
        return new Model(Optional.empty());
    }

    /** Loads in the background. */
    static Model load() {
        return none();
    }

    boolean isPresent() {
        return embedder.isPresent();
    }

    LoamOptions options() {
        LoamOptions plain = LoamOptions.unencrypted();
        return embedder.map(plain::embedder).orElse(plain);
    }

    @Override
    public void close() {
        embedder.ifPresent(Embedder::close);
    }
}
