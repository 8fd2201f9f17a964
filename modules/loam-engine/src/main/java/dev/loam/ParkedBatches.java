package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last sessions could not take, by name. The batches themselves stay with the peers. Per
 * peer, vault and author only the first is kept, as the others wait for it; any thread.
 */
final class ParkedBatches {
    private record Chain(DeviceId peer, VaultId vault, ActorId actor) {}

    private final Map<Chain, Parked> batches = new ConcurrentHashMap<>();

    ParkedBatches(List<Parked> known) {
        known.forEach(
                each -> batches.put(new Chain(each.peer(), each.vault(), each.actor()), each));
    }

    /** Of each author and peer the first is kept. */
    void add(Parked parked, StoreState state) {
        batches.merge(
                new Chain(parked.peer(), parked.vault(), parked.actor()),
                parked,
                (known, other) ->
                        isApplied(known, state) || other.sequence() <= known.sequence()
                                ? other
                                : known);
    }

    /** Those that have not been applied since, from whatever peer. */
    List<Parked> stillIn(StoreState state) {
        batches.values().removeIf(each -> isApplied(each, state));
        return List.copyOf(batches.values());
    }

    private static boolean isApplied(Parked parked, StoreState state) {
        return state.vault(parked.vault()).frontier().get(parked.actor()).sequence()
                >= parked.sequence();
    }
}
