package dev.loam.log;

import java.util.List;

/**
 * What {@link OpLog#verify} found.
 *
 * @param segments read
 * @param batches whose checksum and position are right
 * @param bytes read
 * @param damage one sentence for each thing that is wrong; empty if all is well. What was changed
 *     by somebody who does not have the keys begins with {@code TAMPERED: }
 */
public record LogVerification(int segments, long batches, long bytes, List<String> damage) {
    public LogVerification {
        damage = List.copyOf(damage);
    }

    /** Told how far a verification is. Called on the thread that verifies: return quickly. */
    @FunctionalInterface
    public interface Progress {
        void at(long bytesDone, long bytesTotal);
    }
}
