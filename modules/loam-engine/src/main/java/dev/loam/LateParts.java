package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.CutForm;
import dev.loam.core.Dot;
import dev.loam.core.Part;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.sync.SyncEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What batches that come hold of memories that were forgotten before, of which their authors had
 * not heard: it is never stored. The writer's thread.
 */
final class LateParts {
    private final Stage stage;
    private final VaultId vault;
    private final LoggedHistory history;

    LateParts(Store store, Stage stage, VaultId vault) {
        this.stage = stage;
        this.vault = vault;
        this.history = new LoggedHistory(store, stage, vault);
    }

    /** Whether a batch changes memories that were ever forgotten. */
    static boolean changesPurged(Batch batch, VaultState vault) {
        return batch.parts().stream().anyMatch(part -> vault.purges(part.key()) > 0);
    }

    /** Whether any that it changes was forgotten since. */
    static boolean wasPurged(Batch batch, VaultState before, VaultState after) {
        return batch.parts().stream()
                .anyMatch(part -> after.purges(part.key()) > before.purges(part.key()));
    }

    /**
     * A batch without its parts of these memories that have not seen a purge of them. A purge may
     * have been followed by a removal that had seen it, and stands in the record's state no more.
     *
     * @param context what its author had applied of others
     * @return its bytes themselves if there are none
     */
    Bytes cut(SyncEntry entry, Collection<String> keys, VersionVector context) {
        VaultState state = stage.vault(vault);
        Set<String> purged =
                keys.stream().filter(key -> state.purges(key) > 0).collect(Collectors.toSet());
        if (purged.isEmpty()) {
            return entry.batch();
        }
        VersionVector seen = state.seen(context);
        Map<String, Dot> unseen = new TreeMap<>();
        history.purges(purged)
                .forEach(
                        (key, purges) ->
                                purges.stream()
                                        .filter(purge -> !purge.actor().equals(entry.actor()))
                                        .filter(purge -> !seen.covers(purge))
                                        .findFirst()
                                        .ifPresent(purge -> unseen.put(key, purge)));
        return unseen.isEmpty() ? entry.batch() : CutForm.cut(entry.batch(), unseen);
    }

    /**
     * Batches that have to wait, as they may lie on the disk. Of what an author had seen only that
     * is known which is applied here, or stands in these batches: a batch that is cut for a purge
     * which it had seen is refused when it is tried, and comes again. What may have missed a purge
     * that is settled, of which nothing tells the place any more, is left out, and comes again too.
     */
    List<IncomingBatch> waiting(List<IncomingBatch> parked) {
        VaultState state = stage.vault(vault);
        VersionVector horizon = state.horizon().without(state.closed().keySet());
        Map<ActorId, VersionVector> known = new HashMap<>();
        List<IncomingBatch> left = new ArrayList<>();
        for (IncomingBatch each : parked) {
            ActorId actor = each.entry().actor();
            VersionVector seen =
                    each.batch().contextAfter(known.getOrDefault(actor, state.contextOf(actor)));
            known.put(actor, seen);
            if (!changesPurged(each.batch(), state)) {
                left.add(each);
            } else if (seen.covers(horizon)) {
                List<String> keys = each.batch().parts().stream().map(Part::key).toList();
                left.add(with(each, cut(each.entry(), keys, seen)));
            }
        }
        return left;
    }

    private static IncomingBatch with(IncomingBatch incoming, Bytes batch) {
        SyncEntry entry = incoming.entry();
        return batch.equals(entry.batch())
                ? incoming
                : new IncomingBatch(
                        new SyncEntry(entry.actor(), entry.sequence(), batch, entry.seal()),
                        BatchCodec.decode(batch),
                        incoming.verified());
    }
}
