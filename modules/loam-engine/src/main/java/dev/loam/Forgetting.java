package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.log.SegmentDraft;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Takes what purges have taken from the vaults' state out of everything else that this store has on
 * its disk: waiting batches, snapshots, what was set aside, the log, the index. Each step may be
 * repeated; {@link PurgeNotes} tells until the last one is done that there is something to do, so
 * that a store that was killed goes on when it is opened.
 *
 * <p>The log is rewritten from its first segment to the last that is sealed, whatever a record was
 * in: its segments have one successor, as after a compaction. Of the index all segments are
 * rewritten that hold anything replaced.
 */
final class Forgetting {
    /** A batch of the largest size fits, cut or not. */
    private static final int PAYLOAD_BYTES = 5 << 20;

    /** After a failure nobody asked for it, it is not tried again before. */
    private static final long RETRY_MILLIS = 10 * 60 * 1_000L;

    /** A compaction or a snapshot may come between, each time another one. */
    private static final int ATTEMPTS = 3;

    private final Store store;
    private final AtomicInteger rewrites = new AtomicInteger();
    private volatile OptionalLong failedAtMillis = OptionalLong.empty();

    /** Held while it works: a second caller finds nothing left to do. */
    private final ReentrantLock working = new ReentrantLock();

    Forgetting(Store store) {
        this.store = store;
    }

    /**
     * What became of it.
     *
     * @param batches that were cut
     */
    record Outcome(int batches) {
        static final Outcome NOTHING = new Outcome(0);
    }

    /**
     * Purges, and carries that out: nobody else does in between, so that the receipt tells of it.
     *
     * @param purge writes the purges
     */
    ForgetReceipt forget(Supplier<List<Receipt>> purge) {
        working.lock();
        try {
            List<Receipt> receipts = purge.get();
            return ForgetReceipt.of(receipts, carryOut());
        } finally {
            working.unlock();
        }
    }

    /**
     * As {@link #carryOut}, where nobody waits for it: what fails is tried again after ten minutes,
     * or when the store is opened. The store goes on meanwhile, and no read returns what was
     * purged.
     */
    void carryOutIfDue() {
        long now = store.environment().elapsedMillis();
        OptionalLong failed = failedAtMillis;
        if (failed.isPresent() && now - failed.getAsLong() < RETRY_MILLIS) {
            return;
        }
        try {
            carryOut();
            failedAtMillis = OptionalLong.empty();
        } catch (LoamException later) {
            failedAtMillis = OptionalLong.of(now);
        }
    }

    /**
     * Returns when nothing is left of what was purged before the call. Any thread but the writer's.
     *
     * @throws LoamException {@code CORRUPT} if the log is damaged, {@code DISK_FULL} if there is no
     *     room for a second log: it is tried again when the store is opened; {@code OVERLOADED} if
     *     the log was replaced meanwhile
     */
    Outcome carryOut() {
        if (store.purgeNotes().from().isEmpty()) {
            return Outcome.NOTHING;
        }
        working.lock();
        try {
            StaleNotes.forget(store);
            int batches = 0;
            Optional<Position> from = store.purgeNotes().from();
            int attempts = 0;
            while (from.isPresent()) {
                try {
                    batches += carryOut(from.get());
                } catch (LoamException failed) {
                    boolean mayGoOn =
                            failed.code().retry() == ErrorCode.Retry.WITH_BACKOFF
                                    && ++attempts < ATTEMPTS;
                    if (!mayGoOn) {
                        throw failed;
                    }
                }
                from = store.purgeNotes().from();
            }
            return new Outcome(batches);
        } finally {
            working.unlock();
        }
    }

    private int carryOut(Position from) {
        long first =
                store.writeAlone(
                        stage -> {
                            store.log().roll();
                            return store.firstSegment();
                        });
        Excision excision = Excision.of(store.log(), from);
        boolean hasResidue =
                store.writeAlone(
                        stage -> {
                            // The log is whole, or it had been refused: nothing there is to be
                            // saved.
                            store.log().deleteSetAside();
                            return store.log().hasResidue();
                        });
        if (!excision.isEmpty()) {
            dropCopies(excision);
            if (excision.changesLog() || hasResidue) {
                rewriteLog(excision, first);
            }
            expungeIndex();
            // Under the new one lies a table without the keys of what was replaced: an older table
            // that the disk has not written over opens no more.
            new KeyRotation(store).rotate(AuditEvent.RotationCause.FORGETTING);
            excision.vaults().forEach(this::tell);
        }
        store.writeAlone(stage -> endIfNothingCame(excision));
        return excision.rewritten().size();
    }

    private Optional<Position> endIfNothingCame(Excision excision) {
        if (store.log().end().equals(excision.through())) {
            store.purgeNotes().end();
        } else if (Excision.of(store.log(), excision.through().next()).isEmpty()) {
            store.purgeNotes().end();
        }
        return Optional.empty();
    }

    /** A receipt for the other devices; where nobody lets this one write, none. */
    private void tell(VaultId vault) {
        VaultState state = store.state().vault(vault);
        if (state.actors().size() > 1 && ControlBatch.author(store, state).isPresent()) {
            ControlBatch.write(store, vault, List.of(new Operation.Erased()));
        }
    }

    /** What others still have comes again; what only this store has is cut. */
    private void dropCopies(Excision excision) {
        store.waiting().forgetAll();
        for (VaultId vault : excision.vaults()) {
            store.madeSnapshots().forget(vault);
            SnapshotFiles.taken(store.folder(), vault).deleteAll();
            new SetAside(store, vault).cut(excision);
        }
    }

    void rewriteLog(Excision excision, long first) {
        States.Vaults present = Compaction.presentStates(store.log()).orElse(States.Vaults.NONE);
        List<BatchId> rewritten = excision.rewritten();
        CompactionPlan plan = CompactionPlan.rewriting(excision.without(present), rewritten);
        try (SegmentDraft draft = store.writeAlone(stage -> draft(first))) {
            CompactedWriter writer =
                    new CompactedWriter(store.log(), draft, PAYLOAD_BYTES, excision);
            writer.vaults(plan.states());
            writer.carry(plan.carried());
            writer.flushRecords();
            writer.batches(id -> false, Progress.NONE);
            draft.seal();
            CompactedReader.verify(draft, plan.states(), writer.kept().end());
            rewrites.incrementAndGet();
            store.replaceLog(draft, plan, first);
        }
    }

    /** How often batches have become other bytes since the store was opened. Any thread. */
    int rewrites() {
        return rewrites.get();
    }

    private SegmentDraft draft(long first) {
        store.refuseIfReplaced(first);
        return store.log().draft(store.log().sealedEnds().getLast(), PAYLOAD_BYTES);
    }

    private void expungeIndex() {
        store.index().refresh();
        store.writeAlone(
                stage -> {
                    store.expungeIndex();
                    return Optional.empty();
                });
    }
}
