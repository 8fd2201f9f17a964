package dev.loam.core;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;

/**
 * The one way into a vault, for local and received batches alike. A batch passes once, after
 * everything that its author had applied, and only as the continuation of the one history that is
 * known here: that is what makes the order of arrival irrelevant. Signatures are verified before.
 */
public final class Gate {
    /** How far the stamp of a batch may be ahead of this device's wall clock. */
    public static final long CLOCK_AHEAD_MILLIS_MAX = 5 * 60 * 1_000;

    private final VaultState vault;
    private final BatchId id;
    private final Batch batch;
    private final Receiver receiver;

    private Gate(VaultState vault, BatchId id, Batch batch, Receiver receiver) {
        this.vault = vault;
        this.id = id;
        this.batch = batch;
        this.receiver = receiver;
    }

    /**
     * Says what becomes of a batch, at a store of which nothing is known but its history and its
     * clock: no parked batch names this one. Pure.
     *
     * @param vault the state to which it would be applied
     * @param batch what {@link BatchCodec#decode} made of {@code encoded}
     * @param wallMillis this device's clock, since 1970
     */
    public static Verdict judge(
            VaultState vault,
            BatchId id,
            Batch batch,
            Bytes encoded,
            ChainHistory history,
            long wallMillis) {
        return judge(vault, id, batch, encoded, Receiver.of(history, wallMillis));
    }

    /**
     * Says what becomes of a batch. Pure.
     *
     * @param vault the state to which it would be applied
     * @param batch what {@link BatchCodec#decode} made of {@code encoded}
     */
    public static Verdict judge(
            VaultState vault, BatchId id, Batch batch, Bytes encoded, Receiver receiver) {
        Invariant.check(id.vault().equals(vault.id()), "a batch of vault {0}", id.vault());
        return new Gate(vault, id, batch, receiver).judge(encoded);
    }

    /**
     * The first batch without which this one has to wait: its author's next, or of those that its
     * author had applied the first, by actor, that has not come. Empty where all are here. Pure.
     */
    public static Optional<BatchId> missing(VaultState vault, BatchId id, Batch batch) {
        long last = vault.roster().tip(id.actor()).sequence();
        if (id.sequence() > last + 1) {
            return Optional.of(new BatchId(id.vault(), id.actor(), last + 1));
        }
        return batch.dependencies().stream()
                .filter(named -> !hasArrived(vault, named))
                .map(named -> new BatchId(id.vault(), named.actor(), named.tip().sequence()))
                .findFirst();
    }

    private Verdict judge(Bytes encoded) {
        long last = vault.roster().tip(id.actor()).sequence();
        if (id.sequence() <= last) {
            return new Verdict.Duplicate();
        }
        if (receiver.self().flatMap(vault::actor).filter(ActorState::isExcluded).isPresent()
                || receiver.self().filter(vault.closed()::containsKey).isPresent()) {
            return refuse(Verdict.RefuseReason.REBASE, "comes to a store that has been excluded");
        }
        if (vault.closed().containsKey(id.actor())) {
            return refuse(Verdict.RefuseReason.NOT_ENROLLED, "is of an actor that is closed");
        }
        if (id.sequence() > last + 1) {
            return new Verdict.Park(Verdict.ParkReason.GAP);
        }
        if (batch.dependencies().stream().anyMatch(named -> named.actor().equals(id.actor()))) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "depends on its own author");
        }
        // Before the enrolment is looked for, as that may be among what is still to come.
        if (!dependenciesArrived()) {
            return new Verdict.Park(Verdict.ParkReason.DEPS);
        }
        Optional<ActorState> author = vault.actor(id.actor()).or(this::founder);
        if (author.isEmpty()) {
            return refuse(Verdict.RefuseReason.NOT_ENROLLED, "is of an actor nobody let in");
        }
        if (author.get().isExcluded() && !isNamed()) {
            return new Verdict.Park(Verdict.ParkReason.EXCLUDED);
        }
        return judge(author.get(), encoded);
    }

    private Verdict judge(ActorState author, Bytes encoded) {
        for (Dependency named : batch.dependencies()) {
            if (!isOfOurHistory(named)) {
                return refuse(
                        Verdict.RefuseReason.FORK,
                        "builds on another history of actor " + named.actor());
            }
        }
        if (batch.firstCounter() != author.tip().counter() + 1) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "leaves a gap between operations");
        }
        if (batch.stamp().compareTo(author.stamp()) <= 0) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "is stamped before its predecessor");
        }
        if (foundsAgain()) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "founds what has been founded");
        }
        if (holdsCriticalUnknown()) {
            return refuse(
                    Verdict.RefuseReason.UPGRADE_REQUIRED,
                    "holds what only a newer Loam understands; upgrade this one to take it");
        }
        VersionVector context = batch.contextAfter(author.context());
        if (!vault.roster().covers(context, author.enrolled())) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "precedes the enrolment of its author");
        }
        if (!vault.roster().coversHorizon(context)) {
            return refuse(Verdict.RefuseReason.BELOW_HORIZON, "misses what all have acknowledged");
        }
        if (!namesOnlyWhatItSaw(vault.seen(context))) {
            return refuse(Verdict.RefuseReason.PROTOCOL, "overwrites what its author never saw");
        }
        if (!isCutRightly(vault.seen(context))) {
            return refuse(
                    Verdict.RefuseReason.PROTOCOL, "lacks what nobody purged, or purges nothing");
        }
        Optional<Verdict> objection =
                new ControlCheck(vault, id, context, receiver.history()).objection(batch);
        if (objection.isPresent()) {
            return objection.get();
        }
        boolean ahead = batch.stamp().millis() - CLOCK_AHEAD_MILLIS_MAX > receiver.wallMillis();
        if (ahead && !isNamed()) {
            return new Verdict.Park(Verdict.ParkReason.CLOCK);
        }
        return new Verdict.Apply(Chain.next(id, author.hash(), encoded));
    }

    /** The author as it stands before the batch that makes the vault, if this is that batch. */
    private Optional<ActorState> founder() {
        if (vault.isFounded()) {
            return Optional.empty();
        }
        return VaultState.controls(batch).stream()
                .limit(1)
                .filter(Operation.Found.class::isInstance)
                .map(Operation.Found.class::cast)
                .filter(
                        found ->
                                vault.actorOf(found.devicePublicKey(), found.nonce())
                                        .equals(id.actor()))
                .map(found -> ActorState.enrolled(found.devicePublicKey(), VersionVector.EMPTY))
                .findFirst();
    }

    /** Whether there is a foundation elsewhere than at the very beginning of the vault. */
    private boolean foundsAgain() {
        return VaultState.controls(batch).stream()
                .skip(vault.isFounded() ? 0 : 1)
                .anyMatch(Operation.Found.class::isInstance);
    }

    private boolean holdsCriticalUnknown() {
        for (Part part : batch.parts()) {
            for (Operation operation : part.operations()) {
                if (operation.isCriticalUnknown()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a batch of a member in good standing builds on it. */
    private boolean isNamed() {
        return receiver.named().get(id.actor()).sequence() >= id.sequence();
    }

    private boolean dependenciesArrived() {
        return batch.dependencies().stream().allMatch(named -> hasArrived(vault, named));
    }

    private static boolean hasArrived(VaultState vault, Dependency named) {
        return named.tip().sequence() <= vault.roster().tip(named.actor()).sequence();
    }

    /** Asked only once the dependency has arrived. */
    private boolean isOfOurHistory(Dependency named) {
        Tip ours = vault.roster().tip(named.actor());
        if (named.tip().sequence() == ours.sequence()) {
            Bytes prefix =
                    vault.actor(named.actor())
                            .map(state -> Chain.prefix(state.hash()))
                            .orElseGet(() -> closed(named.actor()).hashPrefix());
            return named.tip().equals(ours) && named.hashPrefix().equals(prefix);
        }
        long sequence = named.tip().sequence();
        OptionalLong counter = receiver.history().counter(named.actor(), sequence);
        return named.tip().counter() < ours.counter()
                && (counter.isEmpty() || counter.getAsLong() == named.tip().counter())
                && receiver.history()
                        .prefix(named.actor(), sequence)
                        .map(named.hashPrefix()::equals)
                        .orElse(true);
    }

    /** Of an actor that has left the vectors: whoever is not there has a tip and is closed. */
    private ClosedActor closed(ActorId actor) {
        return Objects.requireNonNull(vault.closed().get(actor));
    }

    private boolean namesOnlyWhatItSaw(VersionVector context) {
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            for (Operation operation : part.operations()) {
                for (Dot named : operation.overwritten()) {
                    boolean saw =
                            named.actor().equals(id.actor())
                                    ? named.counter() < counter
                                    : context.covers(named);
                    if (!saw) {
                        return false;
                    }
                }
                counter++;
            }
        }
        return true;
    }

    /**
     * Whether what is cut out of it was taken by purges that its author had not seen, as far as
     * these have come; and whether it holds the purges that earlier batches were cut for.
     */
    private boolean isCutRightly(VersionVector context) {
        for (CutPart cut : batch.cuts()) {
            Dot purge = cut.purge();
            boolean saw =
                    purge.actor().equals(id.actor())
                            ? purge.counter() < nextCounter()
                            : context.covers(purge);
            boolean hasCome = purge.counter() <= vault.roster().tip(purge.actor()).counter();
            if (saw || (hasCome && !receiver.history().mayBePurge(purge))) {
                return false;
            }
        }
        return vault.roster().erasures().areMetBy(id, batch);
    }

    private long nextCounter() {
        return batch.firstCounter() + batch.operationCount();
    }

    private Verdict refuse(Verdict.RefuseReason reason, String why) {
        return refusal(id, reason, why);
    }

    static Verdict refusal(BatchId id, Verdict.RefuseReason reason, String why) {
        return new Verdict.Refuse(
                reason,
                "batch "
                        + id.sequence()
                        + " of actor "
                        + id.actor()
                        + " in vault "
                        + id.vault()
                        + " "
                        + why);
    }
}
