package dev.loam;

import dev.loam.index.RecordIndex;

/**
 * When the index's commit moves on to the log's end: after so many batches, after so long, and when
 * told. The writer's thread.
 */
final class IndexCommits {
    static final int BATCHES = 5_000;
    static final long MILLIS = 60_000;

    private final Environment environment;
    private final Runnable commit;
    private long uncommitted;
    private long lastMillis;

    /**
     * @param uncommitted batches that the log has beyond the index's commit
     * @param commit forces the log, and orders the commit
     */
    IndexCommits(Environment environment, long uncommitted, Runnable commit) {
        this.environment = environment;
        this.uncommitted = uncommitted;
        this.commit = commit;
        this.lastMillis = environment.backgroundMillis();
    }

    void applied(int batches) {
        uncommitted += batches;
    }

    /** Whether the log has more than what the last commit covers. */
    boolean isBehind() {
        return uncommitted > 0;
    }

    /** To be told of an index that was built and committed otherwise. */
    void isAbreast() {
        uncommitted = 0;
    }

    void ifDue() {
        long since = environment.backgroundMillis() - lastMillis;
        if (uncommitted >= BATCHES || (uncommitted > 0 && since >= MILLIS)) {
            now();
        }
    }

    void now() {
        commit.run();
        uncommitted = 0;
        lastMillis = environment.backgroundMillis();
    }

    /** Returns when the commit is on the disk. */
    void andAwait(RecordIndex index) {
        now();
        index.awaitCheckpoint();
    }
}
