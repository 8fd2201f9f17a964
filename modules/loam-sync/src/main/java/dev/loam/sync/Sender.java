package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Optional;

/**
 * What this side still owes the peer. Vault after vault, not in turns: a vault that is sent to its
 * end leaves no entry waiting for a seal at the receiver, so that one window for all vaults always
 * opens again, and a receiver needs memory for two windows, however many vaults there are.
 *
 * @param unacknowledged not yet told to be durable at the peer, sent or not
 * @param uncredited weight sent and not yet granted anew; nothing is sent while it fills the window
 * @param reading whether a read is unanswered
 */
record Sender(VaultRanges unsent, VaultRanges unacknowledged, long uncredited, boolean reading) {
    static final Sender IDLE = of(VaultRanges.NONE);

    static Sender of(VaultRanges plan) {
        return new Sender(plan, plan, 0, false);
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
        return new Sender(unsent, unacknowledged, uncredited, true);
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
        return new Sender(
                unsent.with(answer.vault(), wanted.without(answer.entries())),
                unacknowledged,
                uncredited + weight,
                false);
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
        return new Sender(unsent, unacknowledged.with(vault, left), uncredited, reading);
    }

    boolean accepts(Frame.Credit granted) {
        return granted.weight() <= uncredited;
    }

    Sender credited(Frame.Credit granted) {
        return new Sender(unsent, unacknowledged, uncredited - granted.weight(), reading);
    }

    boolean isDone() {
        return unacknowledged.isEmpty();
    }
}
