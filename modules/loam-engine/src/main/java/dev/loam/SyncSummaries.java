package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.sync.ActorHead;
import dev.loam.sync.HistoryBounds;
import dev.loam.sync.LocalSummary;
import dev.loam.sync.VaultSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What this store tells a peer of itself: how far it holds each vault that the peer is in. */
final class SyncSummaries {
    /** Each takes 26 bytes of a greeting. */
    private static final int CLOSED_TOLD_MAX = 16;

    private final Store store;
    private final DeviceId peer;
    private final SyncOptions options;

    SyncSummaries(Store store, DeviceId peer, SyncOptions options) {
        this.store = store;
        this.peer = peer;
        this.options = options;
    }

    /** The vaults that the peer is in, as they are durable now. */
    LocalSummary durable() {
        LocalSummary summaries = summaries();
        store.forceBeforeTelling();
        return summaries;
    }

    private LocalSummary summaries() {
        return store.ask(
                stage -> {
                    List<VaultSummary> summaries = new ArrayList<>();
                    for (VaultState vault : stage.state().vaults().values()) {
                        if (options.includes(vault.id())
                                && (StoreState.actorOf(vault, peer).isPresent()
                                        || store.ownActors().wantsSnapshot(vault))) {
                            summaries.add(summary(vault));
                        }
                    }
                    options.vaults().ifPresent(chosen -> addUnknown(chosen, stage, summaries));
                    return LocalSummary.of(summaries);
                });
    }

    /** A vault that was chosen is listed before it is known here, so that it may be sent. */
    private static void addUnknown(Set<VaultId> chosen, Stage stage, List<VaultSummary> summaries) {
        for (VaultId vault : chosen) {
            if (!stage.state().vaults().containsKey(vault)) {
                summaries.add(
                        new VaultSummary(
                                vault,
                                Optional.empty(),
                                new TreeMap<>(),
                                new TreeSet<>(),
                                HistoryBounds.NONE));
            }
        }
    }

    /**
     * A peer that has not closed them would send all of them again, and one that is new to the
     * vault needs them. Of more than a few it is left to find out by itself.
     */
    private void addClosed(VaultState vault, Map<ActorId, ActorHead> heads) {
        if (vault.closed().size() > CLOSED_TOLD_MAX) {
            return;
        }
        vault.closed()
                .forEach(
                        (actor, gone) ->
                                store.runs()
                                        .sealed(vault.id(), actor)
                                        .filter(each -> each.sequence() == gone.tip().sequence())
                                        .ifPresent(
                                                each ->
                                                        heads.put(
                                                                actor,
                                                                new ActorHead(
                                                                        each.sequence(),
                                                                        each.hash()))));
    }

    private VaultSummary summary(VaultState vault) {
        if (store.ownActors().wantsSnapshot(vault)) {
            return new VaultSummary(
                    vault.id(),
                    Optional.empty(),
                    new TreeMap<>(),
                    new TreeSet<>(),
                    HistoryBounds.wantingSnapshot());
        }
        TreeMap<ActorId, ActorHead> heads = new TreeMap<>();
        vault.actors()
                .forEach(
                        (actor, state) ->
                                head(store, vault, actor, state)
                                        .ifPresent(head -> heads.put(actor, head)));
        addClosed(vault, heads);
        TreeSet<ActorId> own = new TreeSet<>();
        store.ownActors().in(vault).ifPresent(own::add);
        boolean isWhole =
                vault.actors().entrySet().stream()
                        .filter(each -> !isHeldWhole(store, vault, each.getKey(), each.getValue()))
                        .allMatch(each -> store.runs().canBePassedOn(vault, each.getKey()));
        return new VaultSummary(
                vault.id(),
                isWhole && vault.awaitedPurges().isEmpty()
                        ? Optional.of(vault.digest().toBytes())
                        : Optional.empty(),
                heads,
                own,
                bounds(vault));
    }

    /** Of an open actor the last batch that could be passed on: of others', one that has a seal. */
    private static Optional<ActorHead> head(
            Store store, VaultState vault, ActorId actor, ActorState state) {
        if (state.tip().equals(Tip.NONE)) {
            return Optional.empty();
        }
        return isHeldWhole(store, vault, actor, state)
                ? Optional.of(new ActorHead(state.tip().sequence(), state.hash()))
                : store.runs()
                        .sealed(vault.id(), actor)
                        .map(each -> new ActorHead(each.sequence(), each.hash()));
    }

    /** Whether no seal is needed: this store makes it, or a snapshot takes the batches' place. */
    private static boolean isHeldWhole(
            Store store, VaultState vault, ActorId actor, ActorState state) {
        return state.device().equals(store.device())
                || state.tip().sequence() <= vault.horizon().get(actor).sequence();
    }

    /**
     * Whether this store tells a peer that it has all that is settled in another state of a vault.
     */
    static boolean tellsOf(Store store, VaultState vault, VersionVector settled) {
        return settled.tips().entrySet().stream()
                .allMatch(
                        each ->
                                Math.max(
                                                vault.horizon().get(each.getKey()).sequence(),
                                                told(store, vault, each.getKey()))
                                        >= each.getValue().sequence());
    }

    private static long told(Store store, VaultState vault, ActorId actor) {
        return vault.actor(actor)
                .flatMap(state -> head(store, vault, actor, state))
                .map(ActorHead::sequence)
                .orElse(0L);
    }

    private static HistoryBounds bounds(VaultState vault) {
        SortedMap<ActorId, Long> horizon = new TreeMap<>();
        vault.horizon().tips().forEach((actor, tip) -> horizon.put(actor, tip.sequence()));
        SortedSet<ActorId> excluded = new TreeSet<>();
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            if (state.isExcluded()) {
                                excluded.add(actor);
                            }
                        });
        return new HistoryBounds(horizon, excluded, HistoryBounds.Want.MISSING);
    }
}
