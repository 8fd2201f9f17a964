package dev.loam;

import java.util.List;

/**
 * What {@link Loam#verify} found.
 *
 * @param segments read
 * @param batches read, checksum and chain good
 * @param damage one sentence for each thing that is wrong; empty if all is well
 */
public record VerifyReport(int segments, long batches, long bytes, List<String> damage) {
    public VerifyReport {
        damage = List.copyOf(damage);
    }

    public boolean isSound() {
        return damage.isEmpty();
    }
}
