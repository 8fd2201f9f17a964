package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The canonical bytes of a batch: its seed, then parts, each behind its length. Part 0 holds what
 * all the others share. Everything is in one form only: {@code encode(decode(b))} is {@code b}. See
 * docs/formats/batch.md.
 *
 * <p>Reading refuses every second form by itself: a number that is not in its shortest, a list out
 * of its order, an entry of a table that nothing refers to. To compare with what writing gives
 * would cost as much again.
 */
public final class BatchCodec {
    private static final int FORM = 1;

    /** An actor's index, a sequence number, a counter and the beginning of a chain hash. */
    private static final int DEPENDENCY_BYTES_MIN = 3 + Chain.PREFIX_SIZE;

    private BatchCodec() {}

    /**
     * @param batch of which nothing is cut out: what {@link CutForm#cut} took is in its bytes alone
     * @throws LoamException {@code LIMIT_EXCEEDED} if it takes more than 4 MiB
     */
    public static Bytes encode(Batch batch) {
        ByteWriter out = new ByteWriter();
        switch (batch.form()) {
            case Batch.Whole(Bytes seed) -> write(out, seed, batch);
            case Batch.Cut _ -> throw new AssertionError("a cut batch is not encoded anew");
        }
        Limits.check("batch in bytes", out.size(), Limits.BATCH_BYTES_MAX);
        return out.toBytes();
    }

    /**
     * Reads what {@link #encode} gave, or {@link CutForm#cut} made of it.
     *
     * @throws LoamException {@code CORRUPT} for anything else, {@code FORMAT_VERSION} for the
     *     operations of a newer Loam
     */
    public static Batch decode(Bytes encoded) {
        int bytesMax = CutForm.isOne(encoded) ? Limits.CUT_BATCH_BYTES_MAX : Limits.BATCH_BYTES_MAX;
        if (encoded.size() > bytesMax) {
            throw ByteReader.of("batch", encoded).corrupt("it is longer than a batch may be");
        }
        return Canonical.read("batch", encoded, BatchCodec::read);
    }

    private static void write(ByteWriter out, Bytes seed, Batch batch) {
        ActorTable actors = ActorTable.of(actorsOf(batch));
        NameTable names = NameTable.of(namesOf(batch));
        ByteWriter head =
                new ByteWriter()
                        .u8(FORM)
                        .fixed64(batch.stamp().bits())
                        .varint(batch.firstCounter())
                        .varint(batch.parts().size())
                        .varint(batch.dependencies().size());
        for (Dependency dependency : batch.dependencies()) {
            actors.writeActor(head, dependency.actor());
            head.varint(dependency.tip().sequence())
                    .varint(dependency.tip().counter())
                    .raw(dependency.hashPrefix());
        }
        actors.write(head);
        names.write(head);
        out.raw(seed).bytes(head.toBytes());

        OperationCodec operations = new OperationCodec(actors, names);
        for (Part part : batch.parts()) {
            ByteWriter body = new ByteWriter().utf8(part.key());
            part.operations().forEach(operation -> operations.write(body, operation));
            out.bytes(body.toBytes());
        }
    }

    private static Batch read(ByteReader in) {
        Bytes seed = in.raw(Batch.SEED_SIZE);
        ByteReader head = in.nested();
        boolean isCut = head.isAtEnd();
        if (isCut) {
            Canonical.expectForm(in, CutForm.FORM);
            head = in.nested();
        }
        Canonical.expectForm(head, FORM);
        Stamp stamp = new Stamp(head.fixed64());
        long firstCounter = head.varint();
        if (firstCounter == 0 || firstCounter > Long.MAX_VALUE - Limits.BATCH_OPERATIONS_MAX) {
            throw head.corrupt("its first counter is impossible");
        }
        long partCount = head.varint();
        List<NamedDependency> named = readDependencies(head);
        ActorTable actors = ActorTable.read(head);
        NameTable names = NameTable.read(head);
        head.expectEnd();

        List<Dependency> dependencies = new ArrayList<>(named.size());
        for (NamedDependency dependency : named) {
            ActorId actor = actors.get(head, dependency.actorIndex());
            dependencies.add(new Dependency(actor, dependency.tip(), dependency.hashPrefix()));
        }
        OperationCodec operations = new OperationCodec(actors, names);
        if (isCut) {
            CutParts parts = CutParts.read(in, operations);
            expectParts(in, partCount, parts.kept().size() + parts.cuts().size());
            return new Batch(
                    stamp,
                    firstCounter,
                    dependencies,
                    parts.kept(),
                    new Batch.Cut(seed, parts.cuts()));
        }
        List<Part> parts = readParts(in, operations);
        actors.expectAllAsked(in);
        names.expectAllAsked(in);
        expectParts(in, partCount, parts.size());
        return new Batch(stamp, firstCounter, dependencies, parts, new Batch.Whole(seed));
    }

    private static void expectParts(ByteReader in, long told, int found) {
        if (found != told) {
            throw in.corrupt("it has not as many parts as it says");
        }
    }

    /** A dependency before the actor table is known. */
    private record NamedDependency(int actorIndex, Tip tip, Bytes hashPrefix) {}

    private static List<NamedDependency> readDependencies(ByteReader in) {
        int count = in.count(DEPENDENCY_BYTES_MIN);
        List<NamedDependency> dependencies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int actorIndex = in.index(Integer.MAX_VALUE);
            if (i > 0 && dependencies.getLast().actorIndex() >= actorIndex) {
                throw in.corrupt("dependencies are not in the order of their actors");
            }
            Tip tip = new Tip(in.varint(), in.varint());
            if (tip.sequence() == 0 || tip.counter() < tip.sequence()) {
                throw in.corrupt("a dependency is impossible");
            }
            dependencies.add(new NamedDependency(actorIndex, tip, in.raw(Chain.PREFIX_SIZE)));
        }
        return dependencies;
    }

    private static List<Part> readParts(ByteReader in, OperationCodec codec) {
        List<Part> parts = new ArrayList<>();
        int operationsLeft = Limits.BATCH_OPERATIONS_MAX;
        do {
            Part part = readPart(in.nested(), codec, parts, operationsLeft);
            operationsLeft -= part.operations().size();
            parts.add(part);
        } while (!in.isAtEnd());
        return parts;
    }

    /**
     * @param before the parts before it
     * @param operationsMax what a batch may still have
     */
    static Part readPart(
            ByteReader body, OperationCodec codec, List<Part> before, int operationsMax) {
        String key = body.utf8();
        if (!before.isEmpty() && Utf8Order.INSTANCE.compare(before.getLast().key(), key) >= 0) {
            throw body.corrupt("parts are not in the order of their keys");
        }
        List<Operation> operations = new ArrayList<>();
        do {
            if (operations.size() == operationsMax) {
                throw body.corrupt("it has more operations than a batch may have");
            }
            Operation operation = codec.read(body);
            if (operation instanceof Operation.Control != key.isEmpty()) {
                throw body.corrupt("an operation stands in the wrong part");
            }
            operations.add(operation);
        } while (!body.isAtEnd());
        return new Part(key, operations);
    }

    private static SortedSet<ActorId> actorsOf(Batch batch) {
        SortedSet<ActorId> actors = new TreeSet<>();
        batch.dependencies().forEach(dependency -> actors.add(dependency.actor()));
        for (Part part : batch.parts()) {
            for (Operation operation : part.operations()) {
                operation.overwritten().forEach(dot -> actors.add(dot.actor()));
                addNamed(actors, operation);
            }
        }
        return actors;
    }

    /** The actors that an operation is about, those of overwritten dots aside. */
    private static void addNamed(SortedSet<ActorId> actors, Operation operation) {
        switch (operation) {
            case Operation.Enrol enrol -> enrol.replaced().ifPresent(actors::add);
            case Operation.Suspend suspend -> actors.add(suspend.actor());
            case Operation.Revoke revoke -> actors.add(revoke.actor());
            case Operation.Cut cut -> actors.addAll(cut.horizon().tips().keySet());
            case Operation.Truncate truncate -> actors.add(truncate.oldestKept().dot().actor());
            default -> {}
        }
    }

    private static SortedSet<String> namesOf(Batch batch) {
        SortedSet<String> names = new TreeSet<>(Utf8Order.INSTANCE);
        for (Part part : batch.parts()) {
            for (Operation operation : part.operations()) {
                switch (operation) {
                    case Operation.OnField on -> names.add(on.field().name());
                    case Operation.Embed embed -> names.add(embed.model());
                    case Operation.Delete _,
                            Operation.Removal _,
                            Operation.Unknown _,
                            Operation.Control _ -> {}
                }
            }
        }
        return names;
    }
}
