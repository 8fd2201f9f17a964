package dev.loam;

import dev.loam.core.ActorState;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordIndex;
import dev.loam.log.LogItem;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Puts one segment in place of all sealed ones. Batches that nobody else can need give way to the
 * records they made, see {@link CompactionPlan}; all others are kept, joined and compressed.
 *
 * <p>Nothing goes before its replacement has been written, forced, read back and found equal to a
 * replay of what it replaces. Writes and reads go on meanwhile.
 */
final class Compaction {
    /** Where it replays what is to be let go; opening deletes what was left of it. */
    static final String FOLDING = "compact.tmp";

    /** What fits a frame in the log's small blocks; hardly any store needs more. */
    private static final int SMALL_PAYLOAD_BYTES = 250 << 10;

    private static final int LARGE_PAYLOAD_BYTES = 4 << 20;

    private final Store store;
    private final OpLog log;
    private final CompactOptions options;
    private final Progress progress;

    /** Of the log that is compacted: another one if it has been replaced meanwhile. */
    private long firstSegment;

    Compaction(Store store, CompactOptions options, Progress progress) {
        this.store = store;
        this.log = store.log();
        this.options = options;
        this.progress = progress;
    }

    CompactReport run() {
        Optional<Position> last = lastSealed();
        Optional<States.Vaults> before = presentStates(log);
        Position let = before.map(States.Vaults::asOf).orElse(Position.START);
        if (last.isEmpty()) {
            return unchanged();
        }
        Position cut =
                new CompactionCut(log, last.get())
                        .find(options.keep(), store.environment().now(), let);
        boolean isOneAlready = log.compactedThrough().equals(last.get());
        if (isOneAlready && cut.equals(let) && !isUnderEarlierKeys()) {
            return unchanged();
        }
        freeReserveIfLow();
        Path folding = store.directory().resolve(FOLDING);
        IndexBuild.deleteTree(folding);
        try (RecordIndex index =
                store.folder().openIndex(folding, log.store(), new BareProjector())) {
            Recovery replay =
                    new Recovery(log, index, Position.START, Checkpoint.start(new TreeSet<>()));
            replay.replayThrough(cut, progress, Recovery.COMMIT_EVERY);
            refuse(replay.damage());
            try (IndexSnapshot snapshot = index.snapshot()) {
                CompactionPlan plan = CompactionPlan.of(store, cut, replay.state(), before);
                return write(last.get(), plan, snapshot);
            }
        } finally {
            IndexBuild.deleteTree(folding);
        }
    }

    /** What a compaction ends with takes less room than what it began with. */
    private void freeReserveIfLow() {
        try {
            long room = Files.getFileStore(store.directory()).getUsableSpace();
            if (room < log.sizeBytes()) {
                store.writeAlone(stage -> log.freeReserve());
            }
        } catch (IOException unknown) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the room on the disk of " + store.directory() + " is unknown",
                    unknown);
        }
    }

    private Optional<Position> lastSealed() {
        return store.writeAlone(
                stage -> {
                    if (options.sealActive()) {
                        log.roll();
                    }
                    // Behind the roll: an empty log has no first segment before it.
                    firstSegment = store.firstSegment();
                    List<Position> ends = log.sealedEnds();
                    return ends.isEmpty() ? Optional.empty() : Optional.of(ends.getLast());
                });
    }

    /** What the last compaction put in place of the batches that it let go. */
    static Optional<States.Vaults> presentStates(OpLog log) {
        if (log.compactedThrough().equals(Position.START)) {
            return Optional.empty();
        }
        try (LogWalk walk = LogWalk.after(log, Position.START)) {
            if (walk.hasNext()
                    && walk.next() instanceof LogItem.States states
                    && States.decode(states.payload()) instanceof States.Vaults vaults) {
                return Optional.of(vaults);
            }
        }
        return Optional.empty();
    }

    private static void refuse(List<String> damage) {
        if (!damage.isEmpty()) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "a damaged log is not compacted, since what is damaged may still be read by"
                            + " other means: "
                            + damage.getFirst());
        }
    }

    private CompactReport write(Position last, CompactionPlan plan, IndexSnapshot snapshot) {
        try {
            return write(last, SMALL_PAYLOAD_BYTES, plan, snapshot);
        } catch (CompactedWriter.TooLong rare) {
            return writeLarge(last, plan, snapshot);
        }
    }

    private CompactReport writeLarge(Position last, CompactionPlan plan, IndexSnapshot snapshot) {
        try {
            return write(last, LARGE_PAYLOAD_BYTES, plan, snapshot);
        } catch (CompactedWriter.TooLong tooLong) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a memory takes "
                            + tooLong.getMessage()
                            + ", more than a frame of the log holds; nothing was replaced",
                    tooLong);
        }
    }

    private CompactReport write(
            Position last, int payloadBytesMax, CompactionPlan plan, IndexSnapshot snapshot) {
        try (SegmentDraft draft = store.writeAlone(stage -> draft(last, payloadBytesMax))) {
            CompactedWriter writer = new CompactedWriter(log, draft, payloadBytesMax);
            writer.vaults(plan.states());
            plan.folded()
                    .forEach(
                            (id, touched) ->
                                    writer.records(
                                            plan.states().state().vault(id), touched, snapshot));
            writer.carry(plan.carried());
            writer.flushRecords();
            writer.batches(plan::isLetGo, progress);
            draft.seal();
            CompactedReader.verify(draft, plan.states(), writer.kept().end());
            return finish(draft, plan, writer);
        }
    }

    private SegmentDraft draft(Position last, int payloadBytesMax) {
        store.refuseIfReplaced(firstSegment);
        return log.draft(last, payloadBytesMax);
    }

    private CompactReport finish(SegmentDraft draft, CompactionPlan plan, CompactedWriter writer) {
        int segments = log.segmentCount();
        long bytes = log.sizeBytes();
        Position last = draft.last();
        int replaced = (int) log.sealedEnds().stream().filter(end -> !end.isAfter(last)).count();
        long after = bytes - log.sealedBytes(last) + draft.bytes();
        boolean replaces = !options.dryRun();
        if (replaces) {
            store.replaceLog(draft, plan, firstSegment);
            store.audit().record(new AuditEvent.Compacted(segments, log.segmentCount()));
        }
        return new CompactReport(
                replaces,
                segments,
                segments - replaced + 1,
                bytes,
                replaces ? log.sizeBytes() : after,
                writer.kept().count(),
                writer.letGo(),
                keptForOthers(writer.keptForOthers()));
    }

    /** What would have been let go if nobody else might need it. */
    private List<CompactReport.Kept> keptForOthers(SortedMap<VaultId, Long> counts) {
        List<CompactReport.Kept> kept = new ArrayList<>();
        store.state()
                .byName()
                .forEach(
                        (name, vault) -> {
                            long batches = counts.getOrDefault(vault.id(), 0L);
                            if (batches > 0) {
                                kept.add(new CompactReport.Kept(name, batches, waitingFor(vault)));
                            }
                        });
        return kept;
    }

    private List<DeviceId> waitingFor(VaultState vault) {
        return ControlBatch.author(store, vault).stream()
                .flatMap(own -> vault.holdsBack(own).stream())
                .flatMap(held -> vault.actor(held.actor()).stream())
                .map(ActorState::device)
                .distinct()
                .sorted()
                .toList();
    }

    /** What was written before the master key changed is written anew, if only for that. */
    private boolean isUnderEarlierKeys() {
        return store.folder().keys().filter(keys -> keys.segmentsOfEarlierEpochs() > 0).isPresent();
    }

    private CompactReport unchanged() {
        int segments = log.segmentCount();
        long bytes = log.sizeBytes();
        return new CompactReport(false, segments, segments, bytes, bytes, 0, 0, List.of());
    }
}
