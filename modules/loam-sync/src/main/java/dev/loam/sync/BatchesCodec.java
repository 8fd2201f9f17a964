package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** BATCHES as bytes. */
final class BatchesCodec {
    /** An entry's index and its batch's length, a byte each. */
    private static final int ENTRY_BYTES_MIN = 2;

    /** Refused before objects are made of them, since an empty entry takes only two bytes here. */
    private static final int ENTRIES_MAX =
            (int) (SyncSession.FRAME_WEIGHT_MAX / SyncEntry.ENVELOPE_BYTES);

    private BatchesCodec() {}

    /**
     * An actor's entries follow one another without a gap, so that its first number, written once,
     * tells all; actors are in the order in which they first appear.
     */
    static void write(ByteWriter out, Frame.Batches batches) {
        Map<ActorId, Integer> indexes = new LinkedHashMap<>();
        Map<ActorId, Long> firsts = new LinkedHashMap<>();
        for (SyncEntry entry : batches.entries()) {
            indexes.putIfAbsent(entry.actor(), indexes.size());
            firsts.putIfAbsent(entry.actor(), entry.sequence());
        }
        out.raw(batches.vault().bytes()).varint(firsts.size());
        firsts.forEach((actor, first) -> out.raw(actor.bytes()).varint(first));
        out.varint(batches.entries().size());
        for (SyncEntry entry : batches.entries()) {
            int index = indexes.getOrDefault(entry.actor(), 0);
            out.varint(2L * index + (entry.isSealed() ? 1 : 0)).bytes(entry.batch());
            entry.seal().ifPresent(out::raw);
        }
    }

    static Frame read(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        Map<ActorId, Long> firsts = new LinkedHashMap<>();
        int actorCount = in.count(ActorId.SIZE + 1);
        for (int i = 0; i < actorCount; i++) {
            if (firsts.put(FrameFields.readActor(in), FrameFields.readSequence(in)) != null) {
                throw in.corrupt("an actor is there twice");
            }
        }
        List<ActorId> actors = List.copyOf(firsts.keySet());
        long[] next = firsts.values().stream().mapToLong(Long::longValue).toArray();
        int seen = 0;
        int count = in.count(ENTRY_BYTES_MIN);
        if (count > ENTRIES_MAX) {
            throw in.corrupt("it has more entries than its weight allows");
        }
        List<SyncEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int tag = in.index(2 * Math.min(seen + 1, actors.size()));
            int index = tag >>> 1;
            seen = Math.max(seen, index + 1);
            entries.add(readEntry(in, actors.get(index), next[index]++, (tag & 1) == 1));
        }
        if (entries.isEmpty() || seen != actors.size()) {
            throw in.corrupt("it lacks the entries that it announces");
        }
        return new Frame.Batches(vault, entries);
    }

    private static SyncEntry readEntry(
            ByteReader in, ActorId actor, long sequence, boolean sealed) {
        if (sequence > ActorHead.SEQUENCE_MAX) {
            throw in.corrupt("a batch's number is too large");
        }
        Bytes batch = in.bytes();
        Optional<Bytes> seal =
                sealed ? Optional.of(in.raw(SyncEntry.SEAL_BYTES)) : Optional.empty();
        return new SyncEntry(actor, sequence, batch, seal);
    }
}
