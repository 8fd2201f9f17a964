package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordState;
import dev.loam.core.StateDigest;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import dev.loam.log.SegmentDraft;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a sealed draft back from the disk and compares it with what it is to stand for: the states
 * with the digests of a replay of the batches, the kept batches with what was copied.
 */
final class CompactedReader {
    private final Map<VaultId, StateDigest> digests = new TreeMap<>();
    private final Map<VaultId, Long> counts = new TreeMap<>();
    private final Tally kept = new Tally();

    private CompactedReader() {}

    /** Throws {@code CORRUPT} if they differ. */
    static void verify(SegmentDraft draft, States.Vaults expected, Bytes keptHash) {
        new CompactedReader().run(draft, expected, keptHash);
    }

    private void run(SegmentDraft draft, States.Vaults expected, Bytes keptHash) {
        boolean headed = false;
        try (LogWalk walk = LogWalk.of(draft)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.States states -> {
                        States part = States.decode(states.payload());
                        if (part instanceof States.Vaults vaults) {
                            headed = vaults.encode().equals(expected.encode());
                        } else if (part instanceof States.Records(List<StoredRecord> records)) {
                            records.forEach(this::count);
                        }
                    }
                    case LogItem.Entry(Position position, Bytes payload) ->
                            kept.add(position, payload);
                    case LogItem.LostStates _, LogItem.Damage _ -> throw differs();
                }
            }
        }
        boolean statesFit = expected.state().vaults().values().stream().allMatch(this::fits);
        if (!headed || !statesFit || !kept.end().equals(keptHash)) {
            throw differs();
        }
    }

    private void count(StoredRecord record) {
        VaultId vault = record.id().vault();
        RecordState state = RecordState.decode(record.state());
        if (!state.isAlive()) {
            return;
        }
        Bytes hash = state.contentHash(record.id());
        digests.merge(vault, StateDigest.EMPTY.plus(hash), StateDigest::plus);
        counts.merge(vault, 1L, Long::sum);
    }

    private boolean fits(VaultState vault) {
        return digests.getOrDefault(vault.id(), StateDigest.EMPTY).equals(vault.digest())
                && counts.getOrDefault(vault.id(), 0L) == vault.records();
    }

    private static LoamException differs() {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the compacted segment does not read back as what it was to stand for; nothing was"
                        + " replaced. Run `loam verify`");
    }
}
