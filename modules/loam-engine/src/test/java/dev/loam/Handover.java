package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.VaultId;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hands batches of one store to another in parts and in an order of the test's own. */
final class Handover {
    private Handover() {}

    /** What a store has of an author behind a number, in its order and under seals. */
    static List<SyncEntry> of(Store from, VaultId vault, ActorId author, long after) {
        List<SyncEntry> all = new ArrayList<>();
        long through = from.state().vault(vault).frontier().get(author).sequence();
        BatchReader reader = new BatchReader(from);
        while (after + all.size() < through) {
            SequenceRange range = new SequenceRange(after + all.size(), through);
            BatchRanges wanted = new BatchRanges(new TreeMap<>(Map.of(author, range)));
            SyncInput.BatchesRead read =
                    (SyncInput.BatchesRead)
                            reader.read(new SyncEffect.Read(vault, wanted, 1 << 20));
            all.addAll(read.entries());
        }
        return all;
    }

    /** The same of a store's own, with a seal on each. */
    static List<SyncEntry> sealed(Store author, VaultId vault, ActorId actor, long after) {
        List<SyncEntry> all = new ArrayList<>();
        long through = author.state().vault(vault).frontier().get(actor).sequence();
        for (long last = after; last < through; last++) {
            SequenceRange range = new SequenceRange(last, last + 1);
            BatchRanges wanted = new BatchRanges(new TreeMap<>(Map.of(actor, range)));
            SyncInput.BatchesRead read =
                    (SyncInput.BatchesRead)
                            new BatchReader(author)
                                    .read(new SyncEffect.Read(vault, wanted, 1 << 20));
            all.addAll(read.entries());
        }
        return all;
    }

    /** As if the peer's session had brought it. */
    static SyncInput give(Store to, Store from, VaultId vault, List<SyncEntry> entries) {
        return new BatchIntake(to, from.device()).apply(new SyncEffect.Apply(vault, entries));
    }
}
