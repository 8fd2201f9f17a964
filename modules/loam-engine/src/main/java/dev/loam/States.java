package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.index.StoredRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a compaction puts in place of batches that it lets go: first the states of their vaults,
 * then those of the living records. The bytes are described in docs/formats/compacted.md.
 */
sealed interface States {
    int VAULTS = 1;
    int RECORDS = 2;

    /**
     * The vaults whose batches were let go, each as it was when they were.
     *
     * @param asOf of the vaults that this compaction has let go of, the last position let go
     * @param adopted those among them that were taken over from a snapshot, each with what tells
     *     that snapshot from others
     * @param settled those among them of which only settled batches were let go: those above the
     *     horizon, which the states hold already, stand among the kept ones, for peers
     */
    record Vaults(
            Position asOf,
            StoreState state,
            SortedMap<VaultId, Bytes> adopted,
            SortedMap<VaultId, SettledContexts> settled)
            implements States {
        static final int MARK_BYTES = 32;

        public Vaults {
            adopted = Collections.unmodifiableSortedMap(new TreeMap<>(adopted));
            settled = Collections.unmodifiableSortedMap(new TreeMap<>(settled));
        }

        /** In a log that nothing was let go of. */
        static final Vaults NONE =
                new Vaults(Position.START, StoreState.EMPTY, new TreeMap<>(), new TreeMap<>());

        Bytes encode() {
            ByteWriter writer = new ByteWriter().u8(VAULTS).varint(asOf.number());
            state.encodeTo(writer);
            encodeMarks(writer, adopted);
            writer.varint(settled.size());
            settled.forEach(
                    (vault, contexts) -> writer.raw(vault.bytes()).bytes(contexts.encode()));
            return Deflated.encode(writer.toBytes());
        }

        /** Per actor the number of its last batch that was let go, closed actors included. */
        SortedMap<ActorId, Long> letGo(VaultId id) {
            SortedMap<ActorId, Long> letGo = new TreeMap<>();
            VaultState vault = state.vault(id);
            vault.closed().forEach((actor, gone) -> letGo.put(actor, gone.tip().sequence()));
            vault.actors()
                    .forEach(
                            (actor, open) ->
                                    letGo.put(
                                            actor,
                                            settled.containsKey(id)
                                                    ? vault.horizon().get(actor).sequence()
                                                    : open.tip().sequence()));
            return letGo;
        }

        /** What each actor had applied with its last batch that was let go. */
        SortedMap<ActorId, VersionVector> contextsOf(VaultId id) {
            SettledContexts known = settled.get(id);
            if (known != null) {
                return known.contexts();
            }
            SortedMap<ActorId, VersionVector> contexts = new TreeMap<>();
            state.vault(id).actors().forEach((actor, open) -> contexts.put(actor, open.context()));
            return contexts;
        }

        private static Vaults read(ByteReader reader) {
            Position asOf = new Position(reader.varint());
            StoreState state = StoreState.decode(reader);
            SortedMap<VaultId, Bytes> adopted = decodeMarks(reader);
            TreeMap<VaultId, SettledContexts> settled = new TreeMap<>();
            long count = reader.varint();
            for (long i = 0; i < count; i++) {
                settled.put(
                        new VaultId(reader.raw(VaultId.SIZE)),
                        SettledContexts.decode(reader.bytes()));
            }
            return new Vaults(asOf, state, adopted, settled);
        }
    }

    /** Records of those vaults. */
    record Records(List<StoredRecord> records) implements States {
        public Records {
            records = List.copyOf(records);
        }

        Bytes encode() {
            ByteWriter writer = new ByteWriter().u8(RECORDS).varint(records.size());
            for (StoredRecord record : records) {
                writer.raw(record.id().vault().bytes()).utf8(record.id().key());
                writer.bytes(record.state());
            }
            return Deflated.encode(writer.toBytes());
        }
    }

    static States decode(Bytes block) {
        ByteReader reader = ByteReader.of("states", Deflated.decode(block));
        int kind = reader.u8();
        States states =
                switch (kind) {
                    case VAULTS -> Vaults.read(reader);
                    case RECORDS -> records(reader);
                    default -> throw reader.corrupt("they are of kind " + kind);
                };
        reader.expectEnd();
        return states;
    }

    static void encodeMarks(ByteWriter writer, SortedMap<VaultId, Bytes> marks) {
        writer.varint(marks.size());
        marks.forEach((vault, mark) -> writer.raw(vault.bytes()).raw(mark));
    }

    static SortedMap<VaultId, Bytes> decodeMarks(ByteReader reader) {
        TreeMap<VaultId, Bytes> marks = new TreeMap<>();
        long count = reader.varint();
        for (long i = 0; i < count; i++) {
            marks.put(new VaultId(reader.raw(VaultId.SIZE)), reader.raw(Vaults.MARK_BYTES));
        }
        return marks;
    }

    private static Records records(ByteReader reader) {
        List<StoredRecord> records = new ArrayList<>();
        long count = reader.varint();
        for (long i = 0; i < count; i++) {
            VaultId vault = new VaultId(reader.raw(VaultId.SIZE));
            records.add(new StoredRecord(new RecordId(vault, reader.utf8()), reader.bytes()));
        }
        return new Records(records);
    }
}
