package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Position;
import dev.loam.core.RecordState;
import dev.loam.core.StateDigest;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.index.StoredRecord;
import dev.loam.log.LogItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads everything that the log holds and computes again what can be computed: checksums of frames
 * (the log's reader does), canonical form, each actor's chain of hashes, seals, and at the end
 * whether the state knows the same chains.
 */
final class Verification {
    private record Author(VaultId vault, ActorId actor) {}

    /** How far an author's chain was read. */
    private record Read(long sequence, ChainHash hash) {
        static final Read NOTHING = new Read(0, Chain.START);
    }

    private final Store store;
    private final List<String> damage = new ArrayList<>();
    private final Map<Author, Read> chains = new HashMap<>();

    /** As {@code chains}, of batches that stand beside states that hold what they did. */
    private final Map<Author, Read> beside = new HashMap<>();

    private final Map<Author, Bytes> publicKeys = new HashMap<>();
    private final Map<VaultId, VaultState> compacted = new HashMap<>();
    private final Map<VaultId, StateDigest> digests = new HashMap<>();
    private final StoreState expected;
    private long batches;
    private long bytes;

    Verification(Store store) {
        this.store = store;
        this.expected = store.state();
    }

    VerifyReport run(Progress progress) {
        long total = store.log().end().number();
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry entry -> check(entry);
                    case LogItem.States states -> check(states);
                    case LogItem.LostStates(String what) ->
                            damage.add("records as a compaction left them: " + what);
                    case LogItem.Damage(Position first, Position last, String what) ->
                            damage.add("positions " + first + " to " + last + ": " + what);
                }
                if (batches % 1_000 == 0) {
                    progress.at(batches, total);
                }
            }
        }
        progress.at(batches, total);
        compare();
        compareCompacted();
        return new VerifyReport(store.log().segmentCount(), batches, bytes, damage);
    }

    /** Of a compacted segment; its records are added up once all are read. */
    private void check(LogItem.States item) {
        bytes += item.payload().size();
        try {
            switch (States.decode(item.payload())) {
                case States.Vaults vaults -> {
                    compacted.putAll(vaults.state().vaults());
                    vaults.state().vaults().values().forEach(this::learnCompacted);
                }
                case States.Records(List<StoredRecord> records) -> records.forEach(this::count);
            }
        } catch (LoamException malformed) {
            damage.add("states " + item.ordinal() + ": " + malformed.getMessage());
        }
    }

    private void learnCompacted(VaultState vault) {
        vault.actors()
                .forEach(
                        (actor, state) -> {
                            Author author = new Author(vault.id(), actor);
                            publicKeys.put(author, state.publicKey());
                            chains.put(author, new Read(state.tip().sequence(), state.hash()));
                        });
    }

    private void count(StoredRecord record) {
        RecordState state = RecordState.decode(record.state());
        if (!state.isAlive()) {
            return;
        }
        Bytes hash = state.contentHash(record.id());
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
            learnAuthors(entry.id().vault(), BatchCodec.decode(entry.batch()));
            checkChain(item.position(), entry);
            checkSeal(item.position(), entry);
        } catch (LoamException malformed) {
            damage.add("position " + item.position() + ": " + malformed.getMessage());
        }
    }

    private void learnAuthors(VaultId vault, Batch batch) {
        for (Operation.Control operation : VaultState.controls(batch)) {
            if (operation instanceof Operation.Found(var _, Bytes key, Bytes nonce)) {
                learn(vault, key, nonce);
            } else if (operation instanceof Operation.Enrol(Bytes key, Bytes nonce, var _)) {
                learn(vault, key, nonce);
            }
        }
    }

    private void learn(VaultId vault, Bytes publicKey, Bytes nonce) {
        ActorId actor = ActorId.of(DeviceId.of(publicKey), vault, nonce);
        publicKeys.putIfAbsent(new Author(vault, actor), publicKey);
    }

    /**
     * Behind a gap the chain begins anew: what is lost is told once, and by its first successor.
     */
    private void checkChain(Position position, LogEntry entry) {
        BatchId id = entry.id();
        Author author = new Author(id.vault(), id.actor());
        Read before = chains.getOrDefault(author, Read.NOTHING);
        if (isInStates(id)) {
            checkBesideStates(position, entry, author);
            return;
        }
        if (id.sequence() != before.sequence() + 1) {
            damage.add(
                    "position "
                            + position
                            + ": batch "
                            + id.sequence()
                            + " of its author follows batch "
                            + before.sequence());
        } else if (!Chain.next(id, before.hash(), entry.batch()).equals(entry.hash())) {
            damage.add("position " + position + ": its author's chain does not fit");
        }
        chains.put(author, new Read(id.sequence(), entry.hash()));
    }

    private boolean isInStates(BatchId id) {
        return Optional.ofNullable(compacted.get(id.vault()))
                .flatMap(vault -> vault.actor(id.actor()))
                .filter(actor -> id.sequence() <= actor.tip().sequence())
                .isPresent();
    }

    /** What is kept for peers begins somewhere in its author's chain, and leads to its end. */
    private void checkBesideStates(Position position, LogEntry entry, Author author) {
        BatchId id = entry.id();
        Read before = beside.get(author);
        boolean isNext =
                before == null
                        || (id.sequence() == before.sequence() + 1
                                && Chain.next(id, before.hash(), entry.batch())
                                        .equals(entry.hash()));
        Read end = chains.getOrDefault(author, Read.NOTHING);
        boolean leadsToEnd = id.sequence() != end.sequence() || entry.hash().equals(end.hash());
        if (!isNext || !leadsToEnd) {
            damage.add("position " + position + ": its author's chain does not fit");
        }
        beside.put(author, new Read(id.sequence(), entry.hash()));
    }

    private void checkSeal(Position position, LogEntry entry) {
        BatchId id = entry.id();
        Optional<Bytes> publicKey =
                Optional.ofNullable(publicKeys.get(new Author(id.vault(), id.actor())))
                        .or(() -> keyInState(id));
        boolean isSound =
                entry.seal().isEmpty()
                        || publicKey
                                .filter(
                                        key ->
                                                DeviceIdentity.verify(
                                                        key,
                                                        Chain.sealMessage(id, entry.hash()),
                                                        entry.seal().get()))
                                .isPresent();
        if (!isSound) {
            damage.add("position " + position + ": its seal is not its author's");
        }
    }

    /** For an author whose enrolment is lost. */
    private Optional<Bytes> keyInState(BatchId id) {
        return expected.vault(id.vault()).actor(id.actor()).map(ActorState::publicKey);
    }

    private void compare() {
        for (VaultState vault : expected.vaults().values()) {
            vault.actors()
                    .forEach(
                            (actor, known) -> {
                                Author author = new Author(vault.id(), actor);
                                Read read = chains.getOrDefault(author, Read.NOTHING);
                                if (read.sequence() < known.tip().sequence()) {
                                    damage.add(
                                            "vault \""
                                                    + vault.name()
                                                    + "\": the log lacks the last batches of "
                                                    + actor);
                                }
                            });
        }
    }
}
