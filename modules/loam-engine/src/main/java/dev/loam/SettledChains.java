package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Follows the authors of a vault through their settled batches, in the order of a log, and so comes
 * to know what each had applied with the last of them. One thread.
 */
final class SettledChains {
    private final VaultState vault;
    private final SortedMap<ActorId, VersionVector> known = new TreeMap<>();

    /**
     * @param vault to its horizon
     * @param before what the log has in place of its first batches
     */
    SettledChains(VaultState vault, Optional<States.Vaults> before) {
        this.vault = vault;
        before.ifPresent(states -> known.putAll(states.contextsOf(vault.id())));
    }

    /** Whether the batch is of that vault, and settled there. */
    boolean isSettled(BatchId id) {
        return id.vault().equals(vault.id())
                && id.sequence() <= vault.horizon().get(id.actor()).sequence();
    }

    void take(LogEntry entry) {
        ActorId author = entry.id().actor();
        long sequence = entry.id().sequence();
        VersionVector last = known.getOrDefault(author, VersionVector.EMPTY);
        if (isSettled(entry.id()) && sequence == last.get(author).sequence() + 1) {
            Batch batch = BatchCodec.decode(entry.batch());
            known.put(author, batch.contextAfter(last).with(author, batch.tip(sequence)));
        }
    }

    /** They {@linkplain SettledContexts#fit fit} the vault, unless batches were missing. */
    SettledContexts contexts() {
        SortedMap<ActorId, VersionVector> settled = new TreeMap<>();
        vault.actors()
                .keySet()
                .forEach(
                        actor -> {
                            VersionVector context = known.get(actor);
                            if (context != null) {
                                settled.put(actor, context.without(vault.closed().keySet()));
                            }
                        });
        return new SettledContexts(settled);
    }
}
