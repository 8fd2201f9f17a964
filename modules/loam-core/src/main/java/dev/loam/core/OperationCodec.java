package dev.loam.core;

import java.util.List;
import java.util.Optional;

/**
 * The canonical bytes of operations. A tag byte says the kind in its low five bits; three flags
 * tell a store that does not know the kind what it may do to a record.
 */
final class OperationCodec {
    private static final int KIND = 0x1f;

    /** Does not keep a record alive. */
    private static final int TOUCH = 0x20;

    private static final int FRESH = 0x40;

    /** A store that does not know the kind must not go on without it. */
    private static final int CRITICAL = 0x80;

    // Max 2, Min 3, Inc 5, Reset 6, Append 9, Truncate 10, Remove 12 and Purge 13 are taken too.
    private static final int SET = 1;
    private static final int EMBED = 4 | TOUCH;
    private static final int ADD = 7;
    private static final int REMOVE_ELEMENT = 8 | TOUCH;
    private static final int DELETE = 11;
    private static final int FOUND = 16 | CRITICAL;
    private static final int ENROL = 17 | CRITICAL;
    private static final int SUSPEND = 18 | CRITICAL;
    private static final int RETIRE = 19 | CRITICAL;
    private static final int REVOKE = 20 | CRITICAL;
    private static final int ACK = 21 | CRITICAL;
    private static final int CUT = 22 | CRITICAL;
    private static final int ENROL_REPLACING = 23 | CRITICAL;

    private final ActorTable actors;
    private final NameTable names;

    OperationCodec(ActorTable actors, NameTable names) {
        this.actors = actors;
        this.names = names;
    }

    void write(ByteWriter out, Operation operation) {
        switch (operation) {
            case Operation.Set set -> {
                out.u8(SET | flag(set.lifetime()));
                writeTarget(out, set.field().name(), set.overwritten());
                ValueCodec.write(out, set.value());
            }
            case Operation.AddElement add -> {
                out.u8(ADD | flag(add.lifetime()));
                writeTarget(out, add.field().name(), add.overwritten());
                ValueCodec.write(out, add.element());
            }
            case Operation.RemoveElement remove -> {
                out.u8(REMOVE_ELEMENT);
                writeTarget(out, remove.field().name(), remove.overwritten());
                ValueCodec.write(out, remove.element());
            }
            case Operation.Embed embed -> {
                out.u8(EMBED);
                writeTarget(out, embed.model(), embed.overwritten());
                out.raw(embed.embedding().textHash()).bytes(embed.embedding().vector());
            }
            case Operation.Delete _ -> out.u8(DELETE);
            case Operation.Found found ->
                    out.u8(FOUND)
                            .utf8(found.vaultName())
                            .raw(found.devicePublicKey())
                            .raw(found.nonce());
            case Operation.Enrol enrol -> {
                out.u8(enrol.replaced().isEmpty() ? ENROL : ENROL_REPLACING);
                out.raw(enrol.devicePublicKey()).raw(enrol.nonce());
                enrol.replaced().ifPresent(replaced -> actors.writeActor(out, replaced));
            }
            case Operation.Suspend suspend -> actors.writeActor(out.u8(SUSPEND), suspend.actor());
            case Operation.Retire _ -> out.u8(RETIRE);
            case Operation.Revoke revoke -> actors.writeActor(out.u8(REVOKE), revoke.actor());
            case Operation.Ack _ -> out.u8(ACK);
            case Operation.Cut cut -> actors.writeVector(out.u8(CUT), cut.horizon());
        }
    }

    Operation read(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case SET -> readSet(in, Lifetime.CURRENT);
            case SET | FRESH -> readSet(in, Lifetime.FRESH);
            case ADD -> readAdd(in, Lifetime.CURRENT);
            case ADD | FRESH -> readAdd(in, Lifetime.FRESH);
            case REMOVE_ELEMENT -> {
                FieldName field = readField(in);
                List<Dot> overwritten = actors.readDots(in);
                yield new Operation.RemoveElement(field, ValueCodec.read(in), overwritten);
            }
            case EMBED -> {
                String model = names.readName(in);
                List<Dot> overwritten = actors.readDots(in);
                Embedding embedding = new Embedding(in.raw(Embedding.TEXT_HASH_SIZE), in.bytes());
                yield new Operation.Embed(model, embedding, overwritten);
            }
            case DELETE -> new Operation.Delete();
            case FOUND ->
                    new Operation.Found(
                            in.utf8(),
                            in.raw(DeviceId.PUBLIC_KEY_SIZE),
                            in.raw(ActorId.NONCE_SIZE));
            case ENROL ->
                    new Operation.Enrol(
                            in.raw(DeviceId.PUBLIC_KEY_SIZE), in.raw(ActorId.NONCE_SIZE));
            case ENROL_REPLACING -> {
                Bytes publicKey = in.raw(DeviceId.PUBLIC_KEY_SIZE);
                Bytes nonce = in.raw(ActorId.NONCE_SIZE);
                yield new Operation.Enrol(publicKey, nonce, Optional.of(actors.readActor(in)));
            }
            case SUSPEND -> new Operation.Suspend(actors.readActor(in));
            case RETIRE -> new Operation.Retire();
            case REVOKE -> new Operation.Revoke(actors.readActor(in));
            case ACK -> new Operation.Ack();
            case CUT -> new Operation.Cut(actors.readVector(in));
            default ->
                    throw (tag & KIND) == 0
                            ? in.corrupt("an operation is of no kind")
                            : Canonical.newerLoam(in.what());
        };
    }

    private Operation.Set readSet(ByteReader in, Lifetime lifetime) {
        FieldName field = readField(in);
        List<Dot> overwritten = actors.readDots(in);
        return new Operation.Set(field, ValueCodec.read(in), overwritten, lifetime);
    }

    private Operation.AddElement readAdd(ByteReader in, Lifetime lifetime) {
        FieldName field = readField(in);
        List<Dot> overwritten = actors.readDots(in);
        return new Operation.AddElement(field, ValueCodec.read(in), overwritten, lifetime);
    }

    private FieldName readField(ByteReader in) {
        return new FieldName(names.readName(in));
    }

    private void writeTarget(ByteWriter out, String name, List<Dot> overwritten) {
        names.writeName(out, name);
        actors.writeDots(out, overwritten);
    }

    private static int flag(Lifetime lifetime) {
        return switch (lifetime) {
            case CURRENT -> 0;
            case FRESH -> FRESH;
        };
    }
}
