package dev.loam.cli;

import dev.loam.json.JsonObject;

/** One thing that the demo shows. Each leaves all stores closed. */
interface DemoStep {
    /** What it shows, in one sentence. */
    String title();

    Outcome run(DemoScene scene);

    /**
     * How it went.
     *
     * @param failure what was not as promised; empty if all was
     * @param figures what was measured
     */
    record Outcome(String failure, JsonObject figures) {
        static Outcome ok(JsonObject figures) {
            return new Outcome("", figures);
        }

        /** Fails with {@code failure} unless {@code holds}. */
        static Outcome of(boolean holds, String failure, JsonObject figures) {
            return new Outcome(holds ? "" : failure, figures);
        }

        boolean isOk() {
            return failure.isEmpty();
        }
    }
}
