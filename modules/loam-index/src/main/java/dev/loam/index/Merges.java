package dev.loam.index;

import org.apache.lucene.index.ConcurrentMergeScheduler;

/** Merges in the background, one at a time and at full speed. */
final class Merges extends ConcurrentMergeScheduler {
    private static final int WAITING_MAX = 6;
    private static final int THREADS = 1;

    Merges() {
        setMaxMergesAndThreads(WAITING_MAX, THREADS);
        disableAutoIOThrottle();
    }

    /**
     * The stock class throws on its own thread, which prints. The writer has closed itself by then
     * and tells the follower at the next call.
     */
    @Override
    protected void handleMergeException(Throwable failure) {}
}
