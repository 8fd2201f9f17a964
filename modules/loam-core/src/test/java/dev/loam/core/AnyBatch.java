package dev.loam.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Batches of every form that the format knows, meaningful or not. */
final class AnyBatch {
    private AnyBatch() {}

    static Arbitrary<Batch> batches() {
        Arbitrary<List<Part>> parts =
                Combinators.combine(controls().list().ofMaxSize(2), records())
                        .as(AnyBatch::parts)
                        .filter(list -> !list.isEmpty());
        Arbitrary<List<Dependency>> dependencies =
                dependency().list().ofMaxSize(3).uniqueElements(Dependency::actor);
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.longs().between(1, Long.MAX_VALUE - 2_000),
                        dependencies,
                        parts,
                        bytes(Batch.SEED_SIZE))
                .as(
                        (bits, first, named, list, seed) ->
                                new Batch(new Stamp(bits), first, named, list, seed));
    }

    static Arbitrary<Value> values() {
        return Arbitraries.oneOf(
                text().map(Value.Text::new),
                Arbitraries.longs().map(Value.Whole::new),
                Arbitraries.longs().map(bits -> new Value.Real(Double.longBitsToDouble(bits))),
                Arbitraries.of(true, false).map(Value.Truth::new),
                Arbitraries.longs().map(Value.Moment::new),
                Arbitraries.integers()
                        .between(0, 20)
                        .flatMap(AnyBatch::bytes)
                        .map(Value.Binary::new));
    }

    private static List<Part> parts(
            List<Operation> controls, Map<String, List<Operation>> records) {
        Map<String, List<Operation>> all = new TreeMap<>(Utf8Order.INSTANCE);
        all.putAll(records);
        if (!controls.isEmpty()) {
            all.put("", controls);
        }
        return all.entrySet().stream().map(e -> new Part(e.getKey(), e.getValue())).toList();
    }

    private static Arbitrary<Map<String, List<Operation>>> records() {
        return Arbitraries.maps(name(), operations().list().ofMinSize(1).ofMaxSize(4)).ofMaxSize(4);
    }

    private static Arbitrary<Operation> operations() {
        Arbitrary<FieldName> fields = name().map(FieldName::new);
        Arbitrary<List<Dot>> dots = dot().list().ofMaxSize(3);
        Arbitrary<Lifetime> lifetimes = Arbitraries.of(Lifetime.class);
        return Arbitraries.oneOf(
                Combinators.combine(fields, values(), dots, lifetimes).as(Operation.Set::new),
                Combinators.combine(fields, values(), dots, lifetimes)
                        .as(Operation.AddElement::new),
                Combinators.combine(fields, values(), dots).as(Operation.RemoveElement::new),
                Combinators.combine(name(), embedding(), dots).as(Operation.Embed::new),
                Combinators.combine(fields, values(), dots).as(Operation.Max::new),
                Combinators.combine(fields, values(), dots).as(Operation.Min::new),
                Combinators.combine(fields, Arbitraries.longs(), lifetimes)
                        .as(Operation.Increment::new),
                fields.map(Operation.Reset::new),
                Combinators.combine(fields, values(), lifetimes).as(Operation.Append::new),
                Combinators.combine(fields, Arbitraries.longs(), dot())
                        .as(
                                (field, bits, dot) ->
                                        new Operation.Truncate(
                                                field, new LogKey(new Stamp(bits), dot))),
                unknown(14, 15).map(tag -> new Operation.Unknown(tag, Bytes.ofUtf8("new"))),
                Arbitraries.of(
                        new Operation.Delete(), new Operation.Remove(), new Operation.Purge()));
    }

    private static Arbitrary<Operation> controls() {
        return Arbitraries.oneOf(
                Combinators.combine(bytes(32), bytes(8))
                        .as((key, nonce) -> new Operation.Found("v", key, nonce)),
                unknown(30, 31).map(tag -> new Operation.UnknownControl(tag, Bytes.EMPTY)),
                Combinators.combine(bytes(32), bytes(8), actor().optional())
                        .as(Operation.Enrol::new),
                actor().map(Operation.Suspend::new),
                actor().map(Operation.Revoke::new),
                Arbitraries.of(new Operation.Retire(), new Operation.Ack(), new Operation.Erased()),
                vector().map(Operation.Cut::new));
    }

    /** A kind of a newer Loam with any flags. */
    private static Arbitrary<Integer> unknown(int firstKind, int lastKind) {
        return Combinators.combine(
                        Arbitraries.integers().between(firstKind, lastKind),
                        Arbitraries.integers().between(0, 7))
                .as((kind, flags) -> kind | flags << 5);
    }

    private static Arbitrary<VersionVector> vector() {
        Arbitrary<Tip> tips =
                Combinators.combine(
                                Arbitraries.longs().between(1, 300),
                                Arbitraries.longs().between(300, Long.MAX_VALUE))
                        .as(Tip::new);
        return Arbitraries.maps(actor(), tips).ofMaxSize(3).map(VersionVector::of);
    }

    private static Arbitrary<Embedding> embedding() {
        return Combinators.combine(
                        bytes(32), Arbitraries.integers().between(0, 9).flatMap(AnyBatch::bytes))
                .as(Embedding::new);
    }

    private static Arbitrary<Dependency> dependency() {
        return Combinators.combine(
                        actor(),
                        Arbitraries.longs().between(1, 300),
                        Arbitraries.longs().between(300, Long.MAX_VALUE),
                        bytes(8))
                .as(
                        (actor, sequence, counter, hash) ->
                                new Dependency(actor, new Tip(sequence, counter), hash));
    }

    private static Arbitrary<Dot> dot() {
        return Combinators.combine(actor(), Arbitraries.longs().between(1, Long.MAX_VALUE))
                .as(Dot::new);
    }

    private static Arbitrary<ActorId> actor() {
        return Arbitraries.integers().between(0, 5).map(number -> Device.number(number).actor());
    }

    private static Arbitrary<String> name() {
        return Arbitraries.of("text", "b", "ab", "\u00e9", "\uffee", "\ud83d\ude00", "x y");
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings().withChars('a', '\u0000', '\u0130', '\u4e2d').ofMaxLength(12);
    }

    private static Arbitrary<Bytes> bytes(int size) {
        return Arbitraries.bytes().array(byte[].class).ofSize(size).map(Bytes::copyOf);
    }
}
