package dev.loam.core;

import java.util.List;
import java.util.Optional;

/**
 * The code under exploration, as it is. A mutant overrides one of these methods with a rule that
 * somebody might find plausible, and must be caught.
 */
class PruningRules {
    Optional<Operation.Cut> cut(PruningWorld world, int device) {
        return world.sites[device].vault().cut(PruningWorld.actor(device));
    }

    Verdict judge(PruningWorld.Site site, PruningWorld.Entry entry, Receiver receiver) {
        return Gate.judge(site.vault(), entry.id(), entry.batch(), entry.encoded(), receiver);
    }

    RecordState settled(RecordState record, VersionVector horizon) {
        return record.settled(horizon);
    }

    boolean isAlive(RecordState record) {
        return record.isAlive();
    }

    /** What an operation names of the dots that its author sees. */
    List<Dot> named(List<Dot> dots) {
        return dots;
    }

    Lifetime lifetime(RecordState record) {
        return record.isAlive() ? Lifetime.CURRENT : Lifetime.FRESH;
    }

    /** What a newcomer begins with. */
    PruningWorld.Site birth(PruningWorld world, PruningWorld.Site host) {
        return host;
    }

    /** The entries that a state settled by the cuts applied must have at least. */
    boolean isInSnapshot(PruningWorld.Site site, PruningWorld.Entry entry) {
        return site.order().stream()
                .filter(cut -> cut.kind() == PruningWorld.Kind.CUT)
                .anyMatch(cut -> cut.saw(entry) || cut.equals(entry));
    }

    /** Lets a batch in that the gate does not. */
    static Verdict anyway(PruningWorld.Site site, PruningWorld.Entry entry) {
        ChainHash before =
                site.vault().actor(entry.id().actor()).map(ActorState::hash).orElse(Chain.START);
        return new Verdict.Apply(Chain.next(entry.id(), before, entry.encoded()));
    }
}
