package dev.loam.cli;

import picocli.CommandLine.Option;

/** Whether a command uses the text model. */
final class EmbeddingOptions {
    @Option(
            names = "--no-model",
            description = "Do without the text model: starts faster, words alone count.")
    private boolean withoutModel;

    /** Starts to load the model, if it is wanted, so that it loads while the store opens. */
    Model load() {
        return withoutModel ? Model.none() : Model.load();
    }

    /** As {@link #load}, for a command that only asks. */
    Model loadForQueries() {
        return withoutModel ? Model.none() : Model.loadForQueries();
    }
}
