package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The canonical bytes of a record's state: form, actors, life, then the fields by kind and name.
 * See docs/formats/batch.md.
 */
final class RecordStateCodec {
    private static final int FORM = 1;

    private static final int REGISTER = 1;
    private static final int SET = 2;
    private static final int EMBEDDING = 3;

    /** With a kind: all of the field is settled, so that it is written without dots and stamps. */
    static final int SETTLED = 0x80;

    /** A kind, an empty name and a value's first byte or a count. */
    private static final int FIELD_BYTES_MIN = 3;

    /** An actor's index and a counter. */
    private static final int DOT_BYTES_MIN = 2;

    private RecordStateCodec() {}

    static Bytes encode(RecordState state) {
        ByteWriter out = new ByteWriter().u8(FORM);
        ActorTable actors = ActorTable.of(actorsOf(state));
        actors.write(out);
        Life life = state.life();
        out.varint(life.live().size());
        life.live().forEach((actor, counter) -> actors.writeDot(out, new Dot(actor, counter)));
        out.u8(life.settled() == Life.Settled.ALIVE ? 1 : 0);
        actors.writeDots(out, List.copyOf(life.deletes()));
        actors.writeDots(out, List.copyOf(state.removals()));
        writeFields(out, actors, state.fields());
        writeUnknown(out, actors, state.fields().unknown());
        return out.toBytes();
    }

    private static void writeFields(ByteWriter out, ActorTable actors, RecordFields fields) {
        out.varint(
                fields.registers().size()
                        + fields.sets().size()
                        + fields.embeddings().size()
                        + fields.aggregates().fieldCount());
        fields.registers()
                .forEach(
                        (name, register) -> {
                            out.u8(REGISTER | settledFlag(register)).utf8(name.name());
                            writeRegister(out, actors, register, ValueCodec::write);
                        });
        fields.sets()
                .forEach(
                        (name, set) -> {
                            out.u8(SET | settledFlag(set)).utf8(name.name());
                            writeSet(out, actors, set);
                        });
        fields.embeddings()
                .forEach(
                        (model, register) -> {
                            out.u8(EMBEDDING | settledFlag(register)).utf8(model);
                            writeRegister(out, actors, register, RecordStateCodec::writeEmbedding);
                        });
        AggregatesCodec.write(out, actors, fields.aggregates());
    }

    static RecordState decode(Bytes encoded) {
        return Canonical.decode(
                "record state", encoded, RecordStateCodec::read, RecordState::encode);
    }

    static RecordState reread(Bytes encoded) {
        return Canonical.read("record state", encoded, RecordStateCodec::read);
    }

    private static RecordState read(ByteReader in) {
        Canonical.expectForm(in, FORM);
        ActorTable actors = ActorTable.read(in);
        SortedMap<ActorId, Long> live = new TreeMap<>();
        actors.readDots(in).forEach(dot -> live.put(dot.actor(), dot.counter()));
        int settled = in.u8();
        if (settled > 1 || (settled == 1 && !live.isEmpty())) {
            throw in.corrupt("a record's life is impossible");
        }
        Life.Settled settledLife = settled == 1 ? Life.Settled.ALIVE : Life.Settled.NOT;
        Life life = new Life(live, settledLife, new TreeSet<>(actors.readDots(in)));
        SortedSet<Dot> removals = new TreeSet<>(actors.readDots(in));
        return new RecordState(readFields(in, actors), life, removals);
    }

    private static RecordFields readFields(ByteReader in, ActorTable actors) {
        SortedMap<FieldName, Register<Value>> registers = new TreeMap<>();
        SortedMap<FieldName, ElementSet> sets = new TreeMap<>();
        SortedMap<String, Register<Embedding>> embeddings = new TreeMap<>(Utf8Order.INSTANCE);
        Aggregates aggregates = Aggregates.toFill();
        int count = in.count(FIELD_BYTES_MIN);
        for (int i = 0; i < count; i++) {
            int kind = in.u8();
            String name = in.utf8();
            switch (kind) {
                case REGISTER ->
                        registers.put(
                                new FieldName(name), readRegister(in, actors, ValueCodec::read));
                case REGISTER | SETTLED ->
                        registers.put(new FieldName(name), Register.bare(ValueCodec.read(in)));
                case SET -> sets.put(new FieldName(name), readSet(in, actors));
                case SET | SETTLED -> sets.put(new FieldName(name), readBareSet(in));
                case EMBEDDING ->
                        embeddings.put(
                                name, readRegister(in, actors, RecordStateCodec::readEmbedding));
                case EMBEDDING | SETTLED ->
                        embeddings.put(name, Register.bare(readEmbedding(in)));
                default -> {
                    if (!AggregatesCodec.read(in, actors, kind, name, aggregates)) {
                        throw in.corrupt("a field is of no known kind");
                    }
                }
            }
        }
        return new RecordFields(registers, sets, embeddings, aggregates, readUnknown(in, actors));
    }

    private static SortedSet<ActorId> actorsOf(RecordState state) {
        SortedSet<ActorId> actors = new TreeSet<>(state.life().live().keySet());
        state.life().deletes().forEach(dot -> actors.add(dot.actor()));
        state.removals().forEach(dot -> actors.add(dot.actor()));
        state.fields().aggregates().addActorsTo(actors);
        state.fields().unknown().byDot().keySet().forEach(dot -> actors.add(dot.actor()));
        RecordFields fields = state.fields();
        fields.registers().values().forEach(register -> addActors(actors, register));
        fields.embeddings().values().forEach(register -> addActors(actors, register));
        for (ElementSet set : fields.sets().values()) {
            set.dots().values().forEach(dots -> dots.forEach(dot -> actors.add(dot.actor())));
        }
        return actors;
    }

    static void addActors(SortedSet<ActorId> actors, Register<?> register) {
        register.versions().forEach(version -> actors.add(version.dot().actor()));
    }

    static int settledFlag(Register<?> register) {
        return register.bare().isPresent() ? SETTLED : 0;
    }

    private static int settledFlag(ElementSet set) {
        return set.isBare() ? SETTLED : 0;
    }

    static <V> void writeRegister(
            ByteWriter out,
            ActorTable actors,
            Register<V> register,
            BiConsumer<ByteWriter, V> writeValue) {
        if (register.bare().isPresent()) {
            writeValue.accept(out, register.bare().get());
            return;
        }
        for (List<Version<V>> versions : List.of(register.settled(), register.live())) {
            out.varint(versions.size());
            for (Version<V> version : versions) {
                actors.writeDot(out, version.dot());
                out.fixed64(version.stamp().bits());
                writeValue.accept(out, version.value());
            }
        }
    }

    static <V> Register<V> readRegister(
            ByteReader in, ActorTable actors, Function<ByteReader, V> readValue) {
        List<Version<V>> settled = readVersions(in, actors, readValue);
        List<Version<V>> live = readVersions(in, actors, readValue);
        // One alone that is settled is written bare.
        if (live.isEmpty() && settled.size() < 2) {
            throw in.corrupt("a register holds nothing that has a dot");
        }
        return new Register<>(Optional.empty(), settled, live);
    }

    private static <V> List<Version<V>> readVersions(
            ByteReader in, ActorTable actors, Function<ByteReader, V> readValue) {
        int count = in.count(DOT_BYTES_MIN + Long.BYTES);
        List<Version<V>> versions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Dot dot = actors.readDot(in);
            if (i > 0 && versions.getLast().dot().compareTo(dot) >= 0) {
                throw in.corrupt("versions are not in the order of their dots");
            }
            versions.add(new Version<>(dot, new Stamp(in.fixed64()), readValue.apply(in)));
        }
        return versions;
    }

    private static void writeSet(ByteWriter out, ActorTable actors, ElementSet set) {
        out.varint(set.settled().size());
        set.settled().forEach(element -> ValueCodec.write(out, element));
        if (set.isBare()) {
            return;
        }
        out.varint(set.dots().size());
        set.dots()
                .forEach(
                        (element, dots) -> {
                            ValueCodec.write(out, element);
                            actors.writeDots(out, List.copyOf(dots));
                        });
    }

    private static ElementSet readBareSet(ByteReader in) {
        SortedSet<Value> elements = readElements(in);
        atLeastOne(in, elements.size());
        return new ElementSet(elements, ElementSet.EMPTY.dots());
    }

    private static SortedSet<Value> readElements(ByteReader in) {
        int count = in.count(1);
        SortedSet<Value> elements = new TreeSet<>(ValueCodec.ORDER);
        for (int i = 0; i < count; i++) {
            elements.add(ValueCodec.read(in));
        }
        return elements;
    }

    private static ElementSet readSet(ByteReader in, ActorTable actors) {
        SortedSet<Value> settled = readElements(in);
        int count = atLeastOne(in, in.count(1 + DOT_BYTES_MIN));
        SortedMap<Value, SortedSet<Dot>> elements = new TreeMap<>(ValueCodec.ORDER);
        for (int i = 0; i < count; i++) {
            Value element = ValueCodec.read(in);
            List<Dot> dots = actors.readDots(in);
            atLeastOne(in, dots.size());
            elements.put(element, new TreeSet<>(dots));
        }
        return new ElementSet(settled, elements);
    }

    private static void writeUnknown(ByteWriter out, ActorTable actors, UnknownOperations unknown) {
        out.varint(unknown.byDot().size());
        unknown.byDot()
                .forEach(
                        (dot, operation) -> {
                            actors.writeDot(out, dot);
                            out.u8(operation.tag()).bytes(operation.payload());
                        });
    }

    private static UnknownOperations readUnknown(ByteReader in, ActorTable actors) {
        int count = in.count(DOT_BYTES_MIN + 2);
        SortedMap<Dot, Operation.Unknown> byDot = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byDot.put(actors.readDot(in), OperationCodec.readUnknown(in));
        }
        return new UnknownOperations(byDot);
    }

    private static void writeEmbedding(ByteWriter out, Embedding embedding) {
        out.raw(embedding.textHash()).bytes(embedding.vector());
    }

    private static Embedding readEmbedding(ByteReader in) {
        return new Embedding(in.raw(Embedding.TEXT_HASH_SIZE), in.bytes());
    }

    static int atLeastOne(ByteReader in, int count) {
        if (count == 0) {
            throw in.corrupt("something that is kept only while not empty is empty");
        }
        return count;
    }
}
