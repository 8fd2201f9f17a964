package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.SettledContexts;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts one segment in place of all sealed ones. Of a vault that nobody else has, the batches up to
 * a cut give way to the records they made; all other batches are kept, joined and compressed.
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
        if (isOneAlready && cut.equals(let)) {
            return unchanged();
        }
        freeReserveIfLow();
        Path folding = store.directory().resolve(FOLDING);
        IndexBuild.deleteTree(folding);
        try (RecordIndex index = RecordIndex.open(folding, log.store(), new BareProjector())) {
            Recovery replay =
                    new Recovery(log, index, Position.START, Checkpoint.start(new TreeSet<>()));
            replay.replayThrough(cut, progress, Recovery.COMMIT_EVERY);
            refuse(replay.damage());
            try (IndexSnapshot snapshot = index.snapshot()) {
                return write(last.get(), cut, replay.state(), before, snapshot);
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

    private CompactReport write(
            Position last,
            Position cut,
            StoreState folded,
            Optional<States.Vaults> before,
            IndexSnapshot snapshot) {
        SortedMap<VaultId, VaultState> let = new TreeMap<>();
        folded.vaults().values().stream()
                .filter(this::isOursAlone)
                .forEach(vault -> let.put(vault.id(), vault));
        SortedMap<VaultId, VaultState> carried = new TreeMap<>();
        before.ifPresent(states -> carried.putAll(states.state().vaults()));
        carried.keySet().removeAll(let.keySet());
        SortedMap<VaultId, Bytes> adopted = new TreeMap<>();
        before.ifPresent(states -> adopted.putAll(states.adopted()));
        adopted.keySet().removeAll(let.keySet());
        SortedMap<VaultId, SettledContexts> settled = new TreeMap<>();
        before.ifPresent(states -> settled.putAll(states.settled()));
        settled.keySet().removeAll(let.keySet());
        SortedMap<VaultId, VaultState> all = new TreeMap<>(let);
        all.putAll(carried);
        States.Vaults states =
                new States.Vaults(
                        cut, StoreState.EMPTY.with(all, folded.dimensions()), adopted, settled);
        try {
            return write(last, SMALL_PAYLOAD_BYTES, states, let, carried.keySet(), snapshot);
        } catch (CompactedWriter.TooLong rare) {
            return writeLarge(last, states, let, carried.keySet(), snapshot);
        }
    }

    private CompactReport writeLarge(
            Position last,
            States.Vaults states,
            Map<VaultId, VaultState> let,
            Set<VaultId> carried,
            IndexSnapshot snapshot) {
        try {
            return write(last, LARGE_PAYLOAD_BYTES, states, let, carried, snapshot);
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
            Position last,
            int payloadBytesMax,
            States.Vaults states,
            Map<VaultId, VaultState> let,
            Set<VaultId> carried,
            IndexSnapshot snapshot) {
        try (SegmentDraft draft = store.writeAlone(stage -> log.draft(last, payloadBytesMax))) {
            CompactedWriter writer = new CompactedWriter(log, draft, payloadBytesMax);
            writer.vaults(states);
            let.values().forEach(vault -> writer.records(vault, snapshot));
            writer.carry(carried);
            writer.flushRecords();
            writer.batches(let.keySet(), states.asOf(), progress);
            draft.seal();
            long kept = writer.kept().count();
            CompactedReader.verify(draft, states, writer.kept().end());
            return finish(draft, states, kept, writer.letGo());
        }
    }

    /** Nobody else can need the batches of a vault that only this device has ever had. */
    private boolean isOursAlone(VaultState vault) {
        VaultState now = store.state().vault(vault.id());
        return now.actors().size() == 1 && store.peers().all().isEmpty();
    }

    private CompactReport finish(
            SegmentDraft draft, States.Vaults states, long kept, long letGo) {
        int segments = log.segmentCount();
        long bytes = log.sizeBytes();
        Position last = draft.last();
        int replaced = (int) log.sealedEnds().stream().filter(end -> !end.isAfter(last)).count();
        long after = bytes - log.sealedBytes(last) + draft.bytes();
        boolean replaces = !options.dryRun();
        if (replaces) {
            store.replaceLog(draft, states);
        }
        List<String> keptWhole =
                store.state().byName().entrySet().stream()
                        .filter(named -> !isOursAlone(named.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        return new CompactReport(
                replaces,
                segments,
                segments - replaced + 1,
                bytes,
                replaces ? log.sizeBytes() : after,
                kept,
                letGo,
                keptWhole);
    }

    private CompactReport unchanged() {
        int segments = log.segmentCount();
        long bytes = log.sizeBytes();
        return new CompactReport(false, segments, segments, bytes, bytes, 0, 0, List.of());
    }
}
