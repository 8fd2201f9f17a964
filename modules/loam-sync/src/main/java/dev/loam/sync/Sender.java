package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Optional;

/**
 * What this side still owes the peer. Vault after vault, not in turns: a vault that is sent to its
 * end leaves no entry waiting for a seal at the receiver, so that one window for all vaults always
 * opens again, and a receiver needs memory for two windows, however many vaults there are. For the
 * same reason news is announced only when all that was announced before has been sent.
 *
 * @param measuring about to be announced, once its amount is known
 * @param unacknowledged not yet told to be durable at the peer, sent or not
 * @param uncredited weight sent and not yet granted anew; nothing is sent while it fills the window
 * @param reading whether a read is unanswered
 * @param announced in all
 * @param handedOverBytes of batches
 */
record Sender(
        Optional<VaultRanges> measuring,
        VaultRanges unsent,
        VaultRanges unacknowledged,
        long uncredited,
        boolean reading,
        Amount announced,
        long handedOverBytes) {
    static final Sender IDLE =
            new Sender(
                    Optional.empty(), VaultRanges.NONE, VaultRanges.NONE, 0, false, Amount.ZERO, 0);

    boolean canAnnounce() {
        return measuring.isEmpty() && unsent.isEmpty();
    }

    Sender measuring(VaultRanges ranges) {
        return new Sender(
                Optional.of(ranges),
                unsent,
                unacknowledged,
                uncredited,
                reading,
                announced,
                handedOverBytes);
    }

    Sender announced(Frame.Plan plan) {
        VaultRanges ranges = plan.ranges();
        return new Sender(
                Optional.empty(),
                unsent.plus(ranges),
                unacknowledged.plus(ranges),
                uncredited,
                reading,
                announced.plus(plan.amount()),
                handedOverBytes);
    }

    /** What to read next, if anything may be sent now. */
    Optional<SyncEffect.Read> nextRead() {
        if (unsent.isEmpty() || reading || uncredited >= SyncSession.WINDOW_BYTES) {
            return Optional.empty();
        }
        VaultId vault = unsent.vaults().firstKey();
        return Optional.of(
                new SyncEffect.Read(vault, unsent.of(vault), SyncSession.FRAME_WEIGHT_MAX));
    }

    Sender awaiting() {
        return with(unsent, unacknowledged, uncredited).withReading();
    }

    /** With the answer to the read, which becomes one frame. */
    Sender sent(SyncInput.BatchesRead answer) {
        BatchRanges wanted = unsent.of(answer.vault());
        long weight = SyncEntry.weight(answer.entries());
        Invariant.check(
                reading && answer.vault().equals(unsent.vaults().firstKey()),
                "Batches of vault {0} were not asked for",
                answer.vault());
        Invariant.check(
                wanted.beginsWith(answer.entries()),
                "Batches of vault {0} are not the next that were wanted",
                answer.vault());
        Invariant.check(
                weight <= SyncSession.FRAME_WEIGHT_MAX || answer.entries().size() == 1,
                "Batches of vault {0} weigh {1}",
                answer.vault(),
                weight);
        long bytes = answer.entries().stream().mapToLong(entry -> entry.batch().size()).sum();
        return new Sender(
                measuring,
                unsent.with(answer.vault(), wanted.without(answer.entries())),
                unacknowledged,
                uncredited + weight,
                false,
                announced,
                handedOverBytes + bytes);
    }

    /** Whether all that the frame says is news, and about what was sent. */
    boolean accepts(Frame.Durable durable) {
        VaultId vault = durable.vault();
        return !durable.sequences().isEmpty()
                && durable.sequences().entrySet().stream()
                        .allMatch(entry -> isInFlight(vault, entry.getKey(), entry.getValue()));
    }

    private boolean isInFlight(VaultId vault, ActorId actor, long sequence) {
        return unacknowledged.of(vault).contains(actor, sequence)
                && !unsent.of(vault).contains(actor, sequence);
    }

    Sender acknowledged(Frame.Durable durable) {
        VaultId vault = durable.vault();
        BatchRanges left = unacknowledged.of(vault).after(durable.sequences());
        return with(unsent, unacknowledged.with(vault, left), uncredited);
    }

    /** Whether the frame is about the last of what was sent of each actor and not confirmed. */
    boolean accepts(Frame.Parked parked) {
        BatchRanges open = unacknowledged.of(parked.vault());
        return parked.ranges().ranges().entrySet().stream()
                .allMatch(
                        entry ->
                                isInFlight(
                                                parked.vault(),
                                                entry.getKey(),
                                                entry.getValue().through())
                                        && open.isBegunBy(entry.getKey(), entry.getValue()));
    }

    /** Not owed any more in this session. */
    Sender parked(Frame.Parked parked) {
        VaultId vault = parked.vault();
        BatchRanges left = unacknowledged.of(vault).after(parked.ranges().frontier());
        return with(unsent, unacknowledged.with(vault, left), uncredited);
    }

    boolean accepts(Frame.Credit granted) {
        return granted.weight() <= uncredited;
    }

    Sender credited(Frame.Credit granted) {
        return with(unsent, unacknowledged, uncredited - granted.weight());
    }

    long durableBatches() {
        return announced.batches() - unacknowledged.batches();
    }

    boolean isDone() {
        return measuring.isEmpty() && unacknowledged.isEmpty();
    }

    private Sender with(VaultRanges left, VaultRanges owed, long weight) {
        return new Sender(measuring, left, owed, weight, reading, announced, handedOverBytes);
    }

    private Sender withReading() {
        return new Sender(
                measuring, unsent, unacknowledged, uncredited, true, announced, handedOverBytes);
    }
}
