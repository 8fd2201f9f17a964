package dev.loam.core;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The canonical bytes of a vault's state. See docs/formats/batch.md. */
final class VaultStateCodec {
    private static final int FORM = 1;

    /** An actor's index, a sequence number and a counter. */
    private static final int ENTRY_BYTES_MIN = 3;

    private VaultStateCodec() {}

    static Bytes encode(VaultState state) {
        ActorTable actors = ActorTable.of(new TreeSet<>(state.actors().keySet()));
        ByteWriter out =
                new ByteWriter()
                        .u8(FORM)
                        .raw(state.id().bytes())
                        .utf8(state.name())
                        .fixed64(state.founded().bits())
                        .raw(state.digest().toBytes())
                        .varint(state.records());
        actors.write(out);
        state.actors().values().forEach(actor -> writeActor(out, actors, actor));
        return out.toBytes();
    }

    static VaultState decode(Bytes encoded) {
        return Canonical.decode("vault state", encoded, VaultStateCodec::read, VaultState::encode);
    }

    private static void writeActor(ByteWriter out, ActorTable actors, ActorState actor) {
        out.raw(actor.publicKey());
        writeTip(out, actor.tip());
        out.raw(actor.hash().bytes()).fixed64(actor.stamp().bits());
        out.varint(actor.context().tips().size());
        for (Map.Entry<ActorId, Tip> entry : actor.context().tips().entrySet()) {
            actors.writeActor(out, entry.getKey());
            writeTip(out, entry.getValue());
        }
    }

    private static VaultState read(ByteReader in) {
        Canonical.expectForm(in, FORM);
        VaultId id = new VaultId(in.raw(VaultId.SIZE));
        String name = in.utf8();
        Stamp founded = new Stamp(in.fixed64());
        StateDigest digest = StateDigest.fromBytes(in.raw(StateDigest.SIZE));
        long records = in.varint();
        ActorTable table = ActorTable.read(in);
        SortedMap<ActorId, ActorState> actors = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            actors.put(table.get(in, i), readActor(in, table));
        }
        return new VaultState(id, name, founded, actors, digest, records);
    }

    private static ActorState readActor(ByteReader in, ActorTable actors) {
        Bytes publicKey = in.raw(DeviceId.PUBLIC_KEY_SIZE);
        Tip tip = readTip(in);
        ChainHash hash = new ChainHash(in.raw(ChainHash.SIZE));
        Stamp stamp = new Stamp(in.fixed64());
        int count = in.count(ENTRY_BYTES_MIN);
        SortedMap<ActorId, Tip> context = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            context.put(actors.readActor(in), readTip(in));
        }
        return new ActorState(
                publicKey, DeviceId.of(publicKey), tip, hash, stamp, VersionVector.of(context));
    }

    private static void writeTip(ByteWriter out, Tip tip) {
        out.varint(tip.sequence()).varint(tip.counter());
    }

    private static Tip readTip(ByteReader in) {
        return new Tip(in.varint(), in.varint());
    }
}
