package dev.loam.sync;

import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The search for the records in which two stores differ that hold the same batches: sums over
 * ranges of records first, then the records of ranges whose sums differ. Both sides choose the same
 * ranges, since both have the same two sets of sums.
 *
 * @param asking whether an effect of the search is unanswered
 */
record Divergence(
        VaultId vault,
        Optional<SortedMap<Integer, RangeSum>> ours,
        Optional<SortedMap<Integer, RangeSum>> theirs,
        Optional<SortedMap<String, Long>> ourRecords,
        Optional<SortedMap<String, Long>> theirRecords,
        boolean asking) {
    /** Named by a session. */
    static final int NAMED_MAX = 64;

    static Divergence of(VaultId vault) {
        return new Divergence(
                vault,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    Divergence withOurs(SortedMap<Integer, RangeSum> sums) {
        return new Divergence(vault, Optional.of(sums), theirs, ourRecords, theirRecords, false);
    }

    Divergence withTheirs(SortedMap<Integer, RangeSum> sums) {
        return new Divergence(vault, ours, Optional.of(sums), ourRecords, theirRecords, asking);
    }

    Divergence withOurRecords(SortedMap<String, Long> records) {
        return new Divergence(vault, ours, theirs, Optional.of(records), theirRecords, false);
    }

    Divergence withTheirRecords(SortedMap<String, Long> records) {
        return new Divergence(vault, ours, theirs, ourRecords, Optional.of(records), asking);
    }

    Divergence asked() {
        return new Divergence(vault, ours, theirs, ourRecords, theirRecords, true);
    }

    private boolean hasSums() {
        return ours.isPresent() && theirs.isPresent();
    }

    private boolean isListing() {
        return asking || ourRecords.isPresent();
    }

    /** Whether the ranges that differ are known, and their records are to be asked for. */
    boolean isToBeListed() {
        return hasSums() && !isListing() && !suspects().isEmpty();
    }

    /** Whether both lists are there, or no range differs, so that nothing is to be listed. */
    boolean isFound() {
        return (hasSums() && !isListing())
                ? suspects().isEmpty()
                : ourRecords.isPresent() && theirRecords.isPresent();
    }

    /** The first ranges that differ, as many as list {@link Frame.Records#RECORDS_MAX} records. */
    SortedSet<Integer> suspects() {
        SortedMap<Integer, RangeSum> here = ours.orElseGet(TreeMap::new);
        SortedMap<Integer, RangeSum> there = theirs.orElseGet(TreeMap::new);
        SortedSet<Integer> ranges = new TreeSet<>(here.keySet());
        ranges.addAll(there.keySet());
        ranges.removeIf(range -> Objects.equals(here.get(range), there.get(range)));
        SortedSet<Integer> chosen = new TreeSet<>();
        long records = 0;
        for (int range : ranges) {
            records += Math.max(count(here, range), count(there, range));
            if (!chosen.isEmpty() && records > Frame.Records.RECORDS_MAX) {
                break;
            }
            chosen.add(range);
        }
        return chosen;
    }

    private static long count(SortedMap<Integer, RangeSum> sums, int range) {
        return sums.containsKey(range) ? sums.get(range).records() : 0;
    }

    /**
     * Those that one side lacks or has otherwise. A list at its bound may have been cut, and says
     * nothing of what comes after its last key.
     */
    List<String> named() {
        SortedMap<String, Long> here = ourRecords.orElseGet(TreeMap::new);
        SortedMap<String, Long> there = theirRecords.orElseGet(TreeMap::new);
        TreeSet<String> keys = new TreeSet<>(here.keySet());
        keys.addAll(there.keySet());
        for (SortedMap<String, Long> each : List.of(here, there)) {
            if (each.size() == Frame.Records.RECORDS_MAX) {
                keys.tailSet(each.lastKey(), false).clear();
            }
        }
        List<String> named = new ArrayList<>();
        for (String key : keys) {
            if (named.size() < NAMED_MAX && !Objects.equals(here.get(key), there.get(key))) {
                named.add(key);
            }
        }
        return List.copyOf(named);
    }
}
