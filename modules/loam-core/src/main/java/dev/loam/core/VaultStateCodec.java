package dev.loam.core;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The canonical bytes of a vault's state. See docs/formats/batch.md. */
final class VaultStateCodec {
    private static final int FORM = 1;

    /** With what was forgotten. */
    private static final int FORM_FORGETFUL = 2;

    /** A name and a number. */
    private static final int PURGES_BYTES_MIN = Sha256.SIZE + 1;

    /** A public key and a chain hash; more follows. */
    private static final int ACTOR_BYTES_MIN = DeviceId.PUBLIC_KEY_SIZE + ChainHash.SIZE;

    /**
     * An actor's index, a device, a sequence number, a counter and the beginning of a chain hash.
     */
    private static final int CLOSED_BYTES_MIN = 3 + DeviceId.SIZE + Chain.PREFIX_SIZE;

    private VaultStateCodec() {}

    static Bytes encode(VaultState state) {
        ActorTable actors = ActorTable.of(actorsOf(state));
        ByteWriter out =
                new ByteWriter()
                        .u8(state.roster().erasures().isNone() ? FORM : FORM_FORGETFUL)
                        .raw(state.id().bytes())
                        .utf8(state.name())
                        .fixed64(state.founded().bits())
                        .raw(state.digest().toBytes())
                        .varint(state.records());
        actors.write(out);
        out.varint(state.actors().size());
        state.actors()
                .forEach(
                        (id, actor) -> {
                            actors.writeActor(out, id);
                            writeActor(out, actors, actor);
                        });
        actors.writeVector(out, state.horizon());
        out.varint(state.closed().size());
        state.closed()
                .forEach(
                        (id, actor) -> {
                            actors.writeActor(out, id);
                            out.raw(actor.device().bytes());
                            ActorTable.writeTip(out, actor.tip());
                            out.raw(actor.hashPrefix());
                        });
        out.varint(state.roster().revoked().size());
        state.roster().revoked().forEach(device -> out.raw(device.bytes()));
        Erasures erasures = state.roster().erasures();
        if (!erasures.isNone()) {
            actors.writeDots(out, List.copyOf(erasures.awaited()));
            out.varint(erasures.purges().size());
            erasures.purges().forEach((name, times) -> out.raw(name).varint(times));
        }
        return out.toBytes();
    }

    static Bytes closedHash(SortedMap<ActorId, ClosedActor> closed) {
        ByteWriter out = new ByteWriter();
        closed.forEach(
                (id, actor) -> {
                    ActorTable.writeTip(out.raw(id.bytes()), actor.tip());
                    out.raw(actor.hashPrefix());
                });
        return Sha256.of(out.toBytes());
    }

    /** All whom the state names. */
    private static SortedSet<ActorId> actorsOf(VaultState state) {
        SortedSet<ActorId> actors = new TreeSet<>(state.horizon().tips().keySet());
        actors.addAll(state.closed().keySet());
        state.awaitedPurges().forEach(purge -> actors.add(purge.actor()));
        state.actors()
                .forEach(
                        (id, actor) -> {
                            actors.add(id);
                            actors.addAll(actor.exclusions().keySet());
                        });
        return actors;
    }

    static VaultState decode(Bytes encoded) {
        return Canonical.decode("vault state", encoded, VaultStateCodec::read, VaultState::encode);
    }

    private static void writeActor(ByteWriter out, ActorTable actors, ActorState actor) {
        out.raw(actor.publicKey());
        ActorTable.writeTip(out, actor.tip());
        out.raw(actor.hash().bytes()).fixed64(actor.stamp().bits());
        actors.writeVector(out, actor.context());
        actors.writeVector(out, actor.enrolled());
        actors.writeVector(out, VersionVector.of(actor.exclusions()));
    }

    private static VaultState read(ByteReader in) {
        int form = in.u8();
        if (form > FORM_FORGETFUL) {
            throw Canonical.newerLoam(in.what());
        }
        VaultId id = new VaultId(in.raw(VaultId.SIZE));
        String name = in.utf8();
        Stamp founded = new Stamp(in.fixed64());
        StateDigest digest = StateDigest.fromBytes(in.raw(StateDigest.SIZE));
        long records = in.varint();
        ActorTable table = ActorTable.read(in);
        SortedMap<ActorId, ActorState> actors = new TreeMap<>();
        int open = in.count(ACTOR_BYTES_MIN);
        for (int i = 0; i < open; i++) {
            actors.put(table.readActor(in), readActor(in, table));
        }
        VersionVector horizon = table.readVector(in);
        Roster roster =
                new Roster(
                        actors,
                        readClosed(in, table),
                        horizon,
                        readDevices(in),
                        form == FORM_FORGETFUL ? readErasures(in, table) : Erasures.NONE);
        VaultState state = new VaultState(id, name, founded, roster, digest, records);
        // A vector may name whom nothing else does; nobody could write that again.
        if (!table.holdsExactly(actorsOf(state))) {
            throw in.corrupt("its table is not of the actors that it is about");
        }
        return state;
    }

    private static ActorState readActor(ByteReader in, ActorTable actors) {
        Bytes publicKey = in.raw(DeviceId.PUBLIC_KEY_SIZE);
        return new ActorState(
                publicKey,
                DeviceId.of(publicKey),
                ActorTable.readTip(in),
                new ChainHash(in.raw(ChainHash.SIZE)),
                new Stamp(in.fixed64()),
                actors.readVector(in),
                actors.readVector(in),
                actors.readVector(in).tips());
    }

    private static SortedMap<ActorId, ClosedActor> readClosed(ByteReader in, ActorTable table) {
        int count = in.count(CLOSED_BYTES_MIN);
        SortedMap<ActorId, ClosedActor> closed = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ActorId id = table.readActor(in);
            closed.put(
                    id,
                    new ClosedActor(
                            new DeviceId(in.raw(DeviceId.SIZE)),
                            ActorTable.readTip(in),
                            in.raw(Chain.PREFIX_SIZE)));
        }
        return closed;
    }

    private static Erasures readErasures(ByteReader in, ActorTable table) {
        SortedSet<Dot> awaited = new TreeSet<>(table.readDots(in));
        int count = in.count(PURGES_BYTES_MIN);
        SortedMap<Bytes, Long> purges = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            purges.put(in.raw(Sha256.SIZE), in.varint());
        }
        return new Erasures(awaited, purges);
    }

    private static SortedSet<DeviceId> readDevices(ByteReader in) {
        int count = in.count(DeviceId.SIZE);
        SortedSet<DeviceId> devices = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            devices.add(new DeviceId(in.raw(DeviceId.SIZE)));
        }
        return devices;
    }
}
