package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What the last sessions could not take, by name, whether or not it waits here: see {@link
 * WaitingArea}. Per peer, vault and author only one is kept, for which the others wait: the first,
 * or where that only lacks a seal, the first that keeps its author from being taken as far as one.
 * Any thread.
 */
final class ParkedBatches {
    private record Chain(DeviceId peer, VaultId vault, ActorId actor) {
        static Chain of(Parked parked) {
            return new Chain(parked.peer(), parked.vault(), parked.actor());
        }
    }

    private static final Comparator<Parked> ORDER =
            Comparator.comparing(Parked::peer)
                    .thenComparing(Parked::vault)
                    .thenComparing(Parked::actor);

    private final Map<Chain, Parked> batches = new ConcurrentHashMap<>();

    ParkedBatches(List<Parked> known) {
        known.forEach(each -> batches.put(Chain.of(each), each));
    }

    /**
     * Batches of an author were judged and have to wait. What is known of earlier ones that still
     * wait is the cause of these, too.
     *
     * @param cause for which they all wait
     * @param first the number of the first of them
     */
    void judged(Parked cause, long first, StoreState state) {
        batches.merge(
                Chain.of(cause),
                cause,
                (known, found) ->
                        known.sequence() < first && !isApplied(known, state) ? known : found);
    }

    /** What keeps an author's batches waiting that this peer has. */
    Optional<Parked> of(DeviceId peer, VaultId vault, ActorId actor) {
        return Optional.ofNullable(batches.get(new Chain(peer, vault, actor)));
    }

    /** These are not waited for any more. */
    void forget(Predicate<Parked> which) {
        batches.values().removeIf(which);
    }

    /** Those that have not been applied since, from whatever peer; by peer, vault and author. */
    List<Parked> stillIn(StoreState state) {
        batches.values().removeIf(each -> isApplied(each, state));
        return batches.values().stream().sorted(ORDER).toList();
    }

    private static boolean isApplied(Parked parked, StoreState state) {
        VaultState vault = state.vault(parked.vault());
        return vault.frontier().get(parked.actor()).sequence() >= parked.sequence()
                || vault.closed().containsKey(parked.actor());
    }
}
