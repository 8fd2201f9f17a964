package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.RecordId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must hold of the batches that a snapshot brings: each actor's are those above the horizon,
 * without a gap, chained to the hash that the vault's state has at the end, which their author has
 * signed. The chain before the first of them is not known, so that one is believed as the next
 * one's predecessor.
 */
final class TailCheck {
    private record Read(long sequence, ChainHash hash) {}

    private final VaultState state;
    private final SortedMap<ActorId, Read> chains = new TreeMap<>();
    private int count;

    TailCheck(SnapshotHead head) {
        this.state = head.state();
        if (!head.settled().fit(state)) {
            throw corrupt("what its authors had applied does not fit");
        }
    }

    void check(RecordId record) {
        if (!record.vault().equals(state.id())) {
            throw corrupt("a record is of another vault");
        }
    }

    void check(LogEntry entry) {
        count++;
        BatchId id = entry.id();
        ActorState author = state.actors().get(id.actor());
        if (!id.vault().equals(state.id()) || author == null) {
            throw corrupt("a batch is of nobody in the vault");
        }
        BatchCodec.decode(entry.batch());
        Read before = chains.get(id.actor());
        long first = state.horizon().get(id.actor()).sequence() + 1;
        if (id.sequence() != (before == null ? first : before.sequence() + 1)) {
            throw corrupt("batches of " + id.actor() + " are missing");
        }
        boolean isKnown = before != null || first == 1;
        ChainHash hash = before == null ? Chain.START : before.hash();
        if (isKnown && !Chain.next(id, hash, entry.batch()).equals(entry.hash())) {
            throw corrupt("the chain of " + id.actor() + " does not fit");
        }
        if (id.sequence() == author.tip().sequence()) {
            checkEnd(entry, author);
        }
        chains.put(id.actor(), new Read(id.sequence(), entry.hash()));
    }

    private static void checkEnd(LogEntry entry, ActorState author) {
        Bytes message = Chain.sealMessage(entry.id(), entry.hash());
        boolean isSound =
                entry.hash().equals(author.hash())
                        && entry.seal()
                                .filter(
                                        seal ->
                                                DeviceIdentity.verify(
                                                        author.publicKey(), message, seal))
                                .isPresent();
        if (!isSound) {
            throw corrupt("the last batch of " + entry.id().actor() + " is not sealed by it");
        }
    }

    /** To be called behind the last batch. */
    void end(int expected) {
        if (count != expected) {
            throw corrupt("it holds " + count + " batches, not " + expected);
        }
        for (Map.Entry<ActorId, ActorState> each : state.actors().entrySet()) {
            Read last = chains.get(each.getKey());
            long settled = state.horizon().get(each.getKey()).sequence();
            long reached = last == null ? settled : last.sequence();
            if (reached < each.getValue().tip().sequence()) {
                throw corrupt("the last batches of " + each.getKey() + " are missing");
            }
        }
    }

    private static LoamException corrupt(String why) {
        return new LoamException(
                ErrorCode.CORRUPT, "a snapshot is not what it says, and was not taken: " + why);
    }
}
