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

    /** In the kind of every control operation, and in no other. */
    private static final int CONTROL = 0x10;

    private static final int SET = 1;
    private static final int MAX = 2 | TOUCH;
    private static final int MIN = 3 | TOUCH;
    private static final int EMBED = 4 | TOUCH;
    private static final int INCREMENT = 5;
    private static final int RESET = 6 | TOUCH;
    private static final int ADD = 7;
    private static final int REMOVE_ELEMENT = 8 | TOUCH;
    private static final int APPEND = 9;
    private static final int TRUNCATE = 10 | TOUCH;
    private static final int DELETE = 11;
    private static final int REMOVE = 12;
    private static final int PURGE = 13;
    private static final int FOUND = 16 | CRITICAL;
    private static final int ENROL = 17 | CRITICAL;
    private static final int SUSPEND = 18 | CRITICAL;
    private static final int RETIRE = 19 | CRITICAL;
    private static final int REVOKE = 20 | CRITICAL;
    private static final int ACK = 21 | CRITICAL;
    private static final int CUT = 22 | CRITICAL;
    private static final int ENROL_REPLACING = 23 | CRITICAL;

    /** Has a length, since whoever does not know it passes it over. */
    private static final int ERASED = 24;

    private final ActorTable actors;
    private final NameTable names;

    OperationCodec(ActorTable actors, NameTable names) {
        this.actors = actors;
        this.names = names;
    }

    void write(ByteWriter out, Operation operation) {
        switch (operation) {
            case Operation.OnField on -> writeOnField(out, on);
            case Operation.Embed embed -> {
                out.u8(EMBED);
                writeTarget(out, embed.model(), embed.overwritten());
                out.raw(embed.embedding().textHash()).bytes(embed.embedding().vector());
            }
            case Operation.Delete _ -> out.u8(DELETE);
            case Operation.Remove _ -> out.u8(REMOVE);
            case Operation.Purge _ -> out.u8(PURGE);
            case Operation.Unknown unknown -> out.u8(unknown.tag()).bytes(unknown.payload());
            case Operation.UnknownControl unknown -> out.u8(unknown.tag()).bytes(unknown.payload());
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
            case Operation.Erased _ -> out.u8(ERASED).bytes(Bytes.EMPTY);
            case Operation.Cut cut -> actors.writeVector(out.u8(CUT), cut.horizon());
        }
    }

    private void writeOnField(ByteWriter out, Operation.OnField operation) {
        out.u8(tag(operation));
        String name = operation.field().name();
        switch (operation) {
            case Operation.Set set -> writeValue(out, set, set.value());
            case Operation.Max max -> writeValue(out, max, max.value());
            case Operation.Min min -> writeValue(out, min, min.value());
            case Operation.AddElement add -> writeValue(out, add, add.element());
            case Operation.RemoveElement remove -> writeValue(out, remove, remove.element());
            case Operation.Increment increment -> {
                names.writeName(out, name);
                out.zigzag(increment.amount());
            }
            case Operation.Reset _ -> names.writeName(out, name);
            case Operation.Append append -> {
                names.writeName(out, name);
                ValueCodec.write(out, append.entry());
            }
            case Operation.Truncate truncate -> {
                names.writeName(out, name);
                out.fixed64(truncate.oldestKept().stamp().bits());
                actors.writeDot(out, truncate.oldestKept().dot());
            }
        }
    }

    private static int tag(Operation.OnField operation) {
        return switch (operation) {
            case Operation.Set set -> SET | flag(set.lifetime());
            case Operation.Max _ -> MAX;
            case Operation.Min _ -> MIN;
            case Operation.AddElement add -> ADD | flag(add.lifetime());
            case Operation.RemoveElement _ -> REMOVE_ELEMENT;
            case Operation.Increment increment -> INCREMENT | flag(increment.lifetime());
            case Operation.Reset _ -> RESET;
            case Operation.Append append -> APPEND | flag(append.lifetime());
            case Operation.Truncate _ -> TRUNCATE;
        };
    }

    Operation read(ByteReader in) {
        int tag = in.u8();
        Lifetime lifetime = lifetime(tag);
        return switch (tag) {
            case SET, SET | FRESH ->
                    readValue(in, (f, value, over) -> new Operation.Set(f, value, over, lifetime));
            case MAX -> readValue(in, Operation.Max::new);
            case MIN -> readValue(in, Operation.Min::new);
            case ADD, ADD | FRESH ->
                    readValue(
                            in,
                            (f, value, over) -> new Operation.AddElement(f, value, over, lifetime));
            case REMOVE_ELEMENT -> readValue(in, Operation.RemoveElement::new);
            case INCREMENT, INCREMENT | FRESH ->
                    new Operation.Increment(readField(in), in.zigzag(), lifetime);
            case RESET -> new Operation.Reset(readField(in));
            case APPEND, APPEND | FRESH ->
                    new Operation.Append(readField(in), ValueCodec.read(in), lifetime);
            case TRUNCATE -> {
                FieldName field = readField(in);
                Stamp stamp = new Stamp(in.fixed64());
                yield new Operation.Truncate(field, new LogKey(stamp, actors.readDot(in)));
            }
            case EMBED -> {
                String model = names.readName(in);
                List<Dot> overwritten = actors.readDots(in);
                Embedding embedding = new Embedding(in.raw(Embedding.TEXT_HASH_SIZE), in.bytes());
                yield new Operation.Embed(model, embedding, overwritten);
            }
            case DELETE -> new Operation.Delete();
            case REMOVE -> new Operation.Remove();
            case PURGE -> new Operation.Purge();
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
            case ERASED -> {
                if (in.bytes().size() > 0) {
                    throw Canonical.newerLoam(in.what());
                }
                yield new Operation.Erased();
            }
            case CUT -> new Operation.Cut(actors.readVector(in));
            default -> readUnknown(in, tag);
        };
    }

    /** A kind that this Loam knows has no length to pass it over by, whatever its flags. */
    private static Operation readUnknown(ByteReader in, int tag) {
        if ((tag & KIND) == 0) {
            throw in.corrupt("an operation is of no kind");
        }
        if (isKnown(tag)) {
            throw Canonical.newerLoam(in.what());
        }
        return isControl(tag)
                ? new Operation.UnknownControl(tag, in.bytes())
                : new Operation.Unknown(tag, in.bytes());
    }

    /** Of a record, as a state keeps it. */
    static Operation.Unknown readUnknown(ByteReader in) {
        if (readUnknown(in, in.u8()) instanceof Operation.Unknown unknown) {
            return unknown;
        }
        throw in.corrupt("a control operation stands in a record");
    }

    static void checkUnknown(int tag) {
        Invariant.check(isUnknown(tag) && !isControl(tag), "operation tag {0}", tag);
    }

    static void checkUnknownControl(int tag) {
        Invariant.check(isUnknown(tag) && isControl(tag), "control operation tag {0}", tag);
    }

    static boolean isContent(int tag) {
        return (tag & TOUCH) == 0;
    }

    static Lifetime lifetime(int tag) {
        return (tag & FRESH) == 0 ? Lifetime.CURRENT : Lifetime.FRESH;
    }

    static boolean isCritical(int tag) {
        return (tag & CRITICAL) != 0;
    }

    private static boolean isControl(int tag) {
        return (tag & CONTROL) != 0;
    }

    private static boolean isUnknown(int tag) {
        return tag > 0 && tag <= 0xff && (tag & KIND) != 0 && !isKnown(tag);
    }

    private static boolean isKnown(int tag) {
        int kind = tag & KIND;
        return kind <= PURGE || kind == (FOUND & KIND) || kind == (ENROL & KIND) || kind == ERASED;
    }

    /** What an operation is made of that puts a value, or an element, over others. */
    private interface OfValue {
        Operation make(FieldName field, Value value, List<Dot> overwritten);
    }

    private Operation readValue(ByteReader in, OfValue operation) {
        FieldName field = readField(in);
        List<Dot> overwritten = actors.readDots(in);
        return operation.make(field, ValueCodec.read(in), overwritten);
    }

    private void writeValue(ByteWriter out, Operation.OnField operation, Value value) {
        writeTarget(out, operation.field().name(), operation.overwritten());
        ValueCodec.write(out, value);
    }

    private FieldName readField(ByteReader in) {
        return names.readField(in);
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
