package dev.loam.core;

import java.util.Optional;

/** What the {@link Gate} asks of a batch's control operations. */
final class ControlCheck {
    private final VaultState vault;
    private final Roster roster;
    private final BatchId id;
    private final VersionVector context;
    private final ChainHistory history;

    /**
     * @param context of the batch; all of it has been applied
     */
    ControlCheck(VaultState vault, BatchId id, VersionVector context, ChainHistory history) {
        this.vault = vault;
        this.roster = vault.roster();
        this.id = id;
        this.context = context;
        this.history = history;
    }

    /** Why the batch may not be applied, if there is a reason. */
    Optional<Verdict> objection(Batch batch) {
        return VaultState.controls(batch).stream()
                .map(this::objection)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Verdict> objection(Operation.Control control) {
        return switch (control) {
            case Operation.Suspend(ActorId excluded) -> toExclusion(excluded);
            case Operation.Revoke(ActorId excluded) -> toExclusion(excluded);
            case Operation.Enrol enrol -> toEnrolment(enrol);
            case Operation.Cut(VersionVector stable) -> toCut(stable);
            case Operation.Found _,
                    Operation.Retire _,
                    Operation.Ack _,
                    Operation.Erased _,
                    Operation.UnknownControl _ ->
                    Optional.empty();
        };
    }

    private Optional<Verdict> toEnrolment(Operation.Enrol enrol) {
        if (enrol.replaced().isEmpty()) {
            return Optional.empty();
        }
        ActorId replaced = enrol.replaced().get();
        Optional<DeviceId> known = vault.actor(replaced).map(ActorState::device);
        if (known.isPresent() && !known.get().equals(DeviceId.of(enrol.devicePublicKey()))) {
            return refuse("replaces an actor of another device");
        }
        return toExclusion(replaced);
    }

    private Optional<Verdict> toExclusion(ActorId excluded) {
        boolean met =
                roster.closed().containsKey(excluded)
                        || vault.actor(excluded)
                                .filter(state -> roster.covers(context, state.enrolled()))
                                .isPresent();
        return met ? Optional.empty() : refuse("excludes whom its author never met");
    }

    /**
     * A cut must be what its context tells. Where actors have been closed since, that cannot be
     * computed again: then the cut must not be greater than what stands without them.
     */
    private Optional<Verdict> toCut(VersionVector stable) {
        Optional<Membership> then = Membership.then(roster, context, id.actor(), history);
        if (then.isEmpty()) {
            return Optional.of(new Verdict.Park(Verdict.ParkReason.HISTORY));
        }
        VersionVector due = then.get().stableCut();
        VersionVector cut = stable.without(roster.closed().keySet());
        boolean agrees = then.get().isExact() ? due.equals(cut) : isAtMost(cut, due);
        if (!agrees || !isAtMost(stable.without(cut.tips().keySet()), roster.horizon())) {
            return Optional.of(
                    Gate.refusal(
                            id,
                            Verdict.RefuseReason.BAD_CUT,
                            "settles what its context does not allow"));
        }
        return ownSide(cut);
    }

    /** In sequence numbers and in counters. */
    private static boolean isAtMost(VersionVector cut, VersionVector due) {
        return cut.tips().entrySet().stream()
                .allMatch(
                        entry -> {
                            Tip bound = due.get(entry.getKey());
                            return entry.getValue().sequence() <= bound.sequence()
                                    && entry.getValue().counter() <= bound.counter();
                        });
    }

    /**
     * Whether what has been applied here beyond the cut's context may stand under its horizon. If
     * not, this store has believed somebody whom the others had excluded.
     */
    private Optional<Verdict> ownSide(VersionVector cut) {
        for (var entry : roster.actors().entrySet()) {
            ActorState state = entry.getValue();
            long first = context.get(entry.getKey()).sequence() + 1;
            if (first > state.tip().sequence()) {
                continue;
            }
            Optional<VersionVector> known =
                    first == state.tip().sequence()
                            ? Optional.of(state.context())
                            : history.context(entry.getKey(), first);
            if (known.isEmpty()) {
                return Optional.of(new Verdict.Park(Verdict.ParkReason.HISTORY));
            }
            if (!roster.covers(known.get(), cut)) {
                return Optional.of(
                        Gate.refusal(
                                id,
                                Verdict.RefuseReason.REBASE,
                                "settles what was built on here without having seen it"));
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> refuse(String why) {
        return Optional.of(Gate.refusal(id, Verdict.RefuseReason.PROTOCOL, why));
    }
}
