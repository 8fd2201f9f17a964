package dev.loam;

import java.util.List;

/**
 * What came of an attempt to settle a vault's history.
 *
 * @param settled what every device has acknowledged now and had not when it was last settled; its
 *     clocks and deletion marks go as the memories are next written
 * @param blockers without whom more could be settled, in the order of their actors
 */
public record PruneReport(String vault, Unsettled settled, List<Blocker> blockers) {
    public PruneReport {
        blockers = List.copyOf(blockers);
    }
}
