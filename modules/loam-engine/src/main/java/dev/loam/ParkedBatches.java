package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last sessions could not take, by name. The batches themselves stay with the peers. Per
 * peer, vault and author only one is kept, for which the others wait: the first, or where that only
 * lacks a seal, the first that keeps its author from being taken as far as one. Any thread.
 */
final class ParkedBatches {
    private record Chain(DeviceId peer, VaultId vault, ActorId actor) {}

    private static final Comparator<Parked> ORDER =
            Comparator.comparing(Parked::peer)
                    .thenComparing(Parked::vault)
                    .thenComparing(Parked::actor);

    private final Map<Chain, Parked> batches = new ConcurrentHashMap<>();

    ParkedBatches(List<Parked> known) {
        known.forEach(
                each -> batches.put(new Chain(each.peer(), each.vault(), each.actor()), each));
    }

    void add(Parked parked, StoreState state) {
        batches.merge(
                new Chain(parked.peer(), parked.vault(), parked.actor()),
                parked,
                (known, other) -> isApplied(known, state) ? other : cause(known, other));
    }

    private static Parked cause(Parked known, Parked other) {
        if (known.isUnsealed() != other.isUnsealed()) {
            return known.isUnsealed() ? other : known;
        }
        return other.sequence() <= known.sequence() ? other : known;
    }

    /** Those that have not been applied since, from whatever peer; by peer, vault and author. */
    List<Parked> stillIn(StoreState state) {
        batches.values().removeIf(each -> isApplied(each, state));
        return batches.values().stream().sorted(ORDER).toList();
    }

    private static boolean isApplied(Parked parked, StoreState state) {
        return state.vault(parked.vault()).frontier().get(parked.actor()).sequence()
                >= parked.sequence();
    }
}
