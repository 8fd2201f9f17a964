package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the maker of a snapshot signs. The bytes are described in docs/formats/snapshot.md.
 *
 * @param state of the vault, its frontier, horizon and digest included
 * @param settled what the authors of the tail had applied just before it
 * @param dimensions the length of each model's vectors
 * @param tail how many batches the snapshot holds
 * @param hashes SHA-256 of each chunk, in order
 * @param bytes of all chunks
 */
record SnapshotHead(
        VaultState state,
        SettledContexts settled,
        SortedMap<String, Integer> dimensions,
        int tail,
        List<Bytes> hashes,
        long bytes) {
    private static final int FORM = 1;
    private static final int HASH_BYTES = 32;
    private static final String CONTEXT = "loam/snapshot/1";

    SnapshotHead {
        hashes = List.copyOf(hashes);
    }

    private Bytes encode() {
        ByteWriter out = new ByteWriter().u8(FORM).bytes(state.encode()).bytes(settled.encode());
        out.varint(dimensions.size());
        dimensions.forEach((model, length) -> out.utf8(model).varint(length));
        out.varint(tail).varint(bytes).varint(hashes.size());
        hashes.forEach(out::raw);
        return out.toBytes();
    }

    /** Tells it from any other snapshot. */
    Bytes mark() {
        return Tally.hash(encode());
    }

    /** The canonical bytes, and the signature of this device. */
    Bytes signed(DeviceIdentity maker) {
        Bytes content = encode();
        Bytes signature = maker.sign(message(content));
        return new ByteWriter().bytes(content).raw(signature).toBytes();
    }

    /**
     * Reads what {@link #signed} gave.
     *
     * @throws LoamException {@code FORBIDDEN} if the device of {@code publicKey} did not sign it;
     *     {@code CORRUPT}, {@code FORMAT_VERSION} if it is of no form that is known here
     */
    static SnapshotHead verified(Bytes signed, Bytes publicKey) {
        ByteReader in = ByteReader.of("snapshot", signed);
        Bytes content = in.bytes();
        Bytes signature = in.raw(LogEntry.SEAL_SIZE);
        in.expectEnd();
        if (!DeviceIdentity.verify(publicKey, message(content), signature)) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN, "a snapshot is not signed by the peer that offers it");
        }
        return decode(content);
    }

    private static SnapshotHead decode(Bytes content) {
        ByteReader in = ByteReader.of("snapshot", content);
        int form = in.u8();
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "a snapshot is of form " + form + ", this version of Loam reads form " + FORM);
        }
        VaultState state = VaultState.decode(in.bytes());
        SettledContexts settled = SettledContexts.decode(in.bytes());
        TreeMap<String, Integer> dimensions = new TreeMap<>();
        int models = in.count(2);
        for (int i = 0; i < models; i++) {
            dimensions.put(in.utf8(), number(in));
        }
        int tail = number(in);
        long bytes = in.varint();
        List<Bytes> hashes = new ArrayList<>();
        int chunks = in.count(HASH_BYTES);
        for (int i = 0; i < chunks; i++) {
            hashes.add(in.raw(HASH_BYTES));
        }
        in.expectEnd();
        return new SnapshotHead(state, settled, dimensions, tail, hashes, bytes);
    }

    private static int number(ByteReader in) {
        return in.index(Integer.MAX_VALUE);
    }

    private static Bytes message(Bytes content) {
        return new ByteWriter().utf8(CONTEXT).raw(content).toBytes();
    }
}
