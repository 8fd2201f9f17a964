package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordState;
import dev.loam.core.StateDigest;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads everything that the log holds and computes again what can be computed: checksums of frames
 * (the log's reader does), canonical form, each actor's chain of hashes, seals, and at the end
 * whether the state knows the same chains.
 */
final class Verification {
    private final Store store;
    private final List<String> damage = new ArrayList<>();
    private final TreeMap<VaultId, VaultState> vaults = new TreeMap<>();
    private final TreeMap<VaultId, VaultState> compacted = new TreeMap<>();
    private final TreeMap<VaultId, StateDigest> digests = new TreeMap<>();
    private long batches;
    private long bytes;

    Verification(Store store) {
        this.store = store;
    }

    VerifyReport run(Progress progress) {
        StoreState expected = store.state();
        long total = store.log().end().number();
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry entry -> check(entry);
                    case LogItem.States states -> check(states);
                    case LogItem.LostStates(String what) ->
                            damage.add("records as a compaction left them: " + what);
                    case LogItem.Pack pack -> throw new AssertionError("unopened: " + pack.first());
                    case LogItem.Damage(Position first, Position last, String what) ->
                            damage.add("positions " + first + " to " + last + ": " + what);
                }
                if (batches % 1_000 == 0) {
                    progress.at(batches, total);
                }
            }
        }
        progress.at(batches, total);
        compare(expected);
        compareCompacted();
        return new VerifyReport(store.log().segmentCount(), batches, bytes, damage);
    }

    /** Of a compacted segment; its records are added up once all are read. */
    private void check(LogItem.States item) {
        bytes += item.payload().size();
        try {
            switch (States.decode(item.payload())) {
                case States.Vaults(Position asOf, StoreState known) -> {
                    vaults.putAll(known.vaults());
                    compacted.putAll(known.vaults());
                }
                case States.Records(List<StoredRecord> records) -> records.forEach(this::count);
            }
        } catch (LoamException malformed) {
            damage.add("states " + item.ordinal() + ": " + malformed.getMessage());
        }
    }

    private void count(StoredRecord record) {
        Bytes hash = RecordState.decode(record.state()).contentHash(record.id());
        digests.merge(record.id().vault(), StateDigest.EMPTY.plus(hash), StateDigest::plus);
    }

    private void compareCompacted() {
        compacted.forEach(
                (id, vault) -> {
                    if (!digests.getOrDefault(id, StateDigest.EMPTY).equals(vault.digest())) {
                        damage.add("vault \"" + vault.name() + "\": its compacted records differ");
                    }
                });
    }

    private void check(LogItem.Entry item) {
        batches++;
        bytes += item.payload().size();
        try {
            LogEntry entry = LogEntry.decode(item.payload());
            Batch batch = BatchCodec.decode(entry.batch());
            VaultId id = entry.id().vault();
            VaultState vault = vaults.getOrDefault(id, VaultState.unknown(id));
            ActorState actor = vault.actors().get(entry.id().actor());
            ChainHash previous = actor == null ? Chain.START : actor.hash();
            if (!Chain.next(entry.id(), previous, entry.batch()).equals(entry.hash())) {
                damage.add("position " + item.position() + ": its author's chain does not fit");
            }
            VaultState after = vault.applied(entry.id(), batch, entry.hash());
            vaults.put(id, after);
            after.actor(entry.id().actor())
                    .ifPresent(author -> checkSeal(item.position(), entry, author));
        } catch (LoamException malformed) {
            damage.add("position " + item.position() + ": " + malformed.getMessage());
        }
    }

    private void checkSeal(Position position, LogEntry entry, ActorState author) {
        if (entry.seal().isPresent()
                && !DeviceIdentity.verify(
                        author.publicKey(),
                        Chain.sealMessage(entry.id(), entry.hash()),
                        entry.seal().get())) {
            damage.add("position " + position + ": its seal is not its author's");
        }
    }

    private void compare(StoreState expected) {
        for (VaultState vault : expected.vaults().values()) {
            VaultState read = vaults.getOrDefault(vault.id(), VaultState.unknown(vault.id()));
            for (ActorId actor : vault.actors().keySet()) {
                ActorState known = vault.actors().get(actor);
                ActorState found = read.actors().get(actor);
                if (found == null || found.tip().sequence() < known.tip().sequence()) {
                    damage.add("vault \"" + vault.name() + "\": the log lacks batches of " + actor);
                }
            }
        }
    }
}
