package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.sync.Frame.Head;
import dev.loam.sync.Frame.Standing;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A side's place in a vault as bytes. */
final class StandingCodec {
    /** Of a standing's marks: a digest follows. */
    private static final int WITH_DIGEST = 1;

    /** Of a standing's marks: the side wants a snapshot. */
    private static final int WANTS_SNAPSHOT = 2;

    /** Of an actor's marks: the side writes as it. */
    private static final int OWN = 1;

    /** Of an actor's marks: the side takes nothing more of it. */
    private static final int EXCLUDED = 2;

    private static final int MARKS = 4;

    private StandingCodec() {}

    static void write(ByteWriter out, Standing standing) {
        int marks =
                (standing.digest().isPresent() ? WITH_DIGEST : 0)
                        | (standing.wantsSnapshot() ? WANTS_SNAPSHOT : 0);
        out.u8(marks);
        standing.digest().ifPresent(out::raw);
        SortedMap<ActorId, Long> horizon = standing.bounds().horizon();
        SortedMap<ActorId, Long> beyond = new TreeMap<>(horizon);
        out.varint(standing.heads().size());
        standing.heads()
                .forEach(
                        (actor, head) -> {
                            long settled = horizon.getOrDefault(actor, 0L);
                            long back = isWithin(settled, head) ? head.sequence() - settled + 1 : 0;
                            if (back > 0) {
                                beyond.remove(actor);
                            }
                            out.raw(actor.bytes()).varint(head.sequence()).raw(head.hashPrefix());
                            out.varint(MARKS * back + marks(standing, actor));
                        });
        out.varint(beyond.size());
        beyond.forEach((actor, settled) -> out.raw(actor.bytes()).varint(settled));
        SortedSet<ActorId> unheard = new TreeSet<>(standing.bounds().excluded());
        unheard.removeAll(standing.heads().keySet());
        out.varint(unheard.size());
        unheard.forEach(actor -> out.raw(actor.bytes()));
    }

    private static boolean isWithin(long settled, Head head) {
        return 0 < settled && settled <= head.sequence();
    }

    private static int marks(Standing standing, ActorId actor) {
        return (standing.own().contains(actor) ? OWN : 0)
                | (standing.bounds().excluded().contains(actor) ? EXCLUDED : 0);
    }

    static Standing read(ByteReader in) {
        int marks = in.u8();
        if ((marks & ~(WITH_DIGEST | WANTS_SNAPSHOT)) != 0) {
            throw in.corrupt("its marks of a vault are unknown");
        }
        Optional<Bytes> digest =
                (marks & WITH_DIGEST) != 0
                        ? Optional.of(in.raw(VaultSummary.DIGEST_BYTES))
                        : Optional.empty();
        SortedMap<ActorId, Head> heads = new TreeMap<>();
        SortedSet<ActorId> own = new TreeSet<>();
        SortedSet<ActorId> excluded = new TreeSet<>();
        SortedMap<ActorId, Long> horizon = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 2 + Head.PREFIX_BYTES);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            Head head = new Head(FrameFields.readSequence(in), in.raw(Head.PREFIX_BYTES));
            FrameFields.putAscending(in, heads, actor, head);
            long value = FrameFields.upTo(in, MARKS * (head.sequence() + 1) - 1);
            addIf((value & OWN) != 0, own, actor);
            addIf((value & EXCLUDED) != 0, excluded, actor);
            if (value >= MARKS) {
                horizon.put(actor, head.sequence() + 1 - value / MARKS);
            }
        }
        readBeyond(in, heads, horizon);
        readUnheard(in, heads, excluded);
        HistoryBounds.Want want =
                (marks & WANTS_SNAPSHOT) != 0
                        ? HistoryBounds.Want.SNAPSHOT
                        : HistoryBounds.Want.MISSING;
        return new Standing(digest, heads, own, new HistoryBounds(horizon, excluded, want));
    }

    private static void addIf(boolean isMarked, SortedSet<ActorId> actors, ActorId actor) {
        if (isMarked) {
            actors.add(actor);
        }
    }

    /** Those excluded of whom no batch is held. */
    private static void readUnheard(
            ByteReader in, SortedMap<ActorId, Head> heads, SortedSet<ActorId> excluded) {
        SortedSet<ActorId> unheard = new TreeSet<>();
        int count = in.count(ActorId.SIZE);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            if (heads.containsKey(actor)) {
                throw in.corrupt("that an actor is excluded is not told in its place");
            }
            FrameFields.addAscending(in, unheard, actor);
        }
        excluded.addAll(unheard);
    }

    /** What is settled of actors that are not listed, or not so far. */
    private static void readBeyond(
            ByteReader in, SortedMap<ActorId, Head> heads, SortedMap<ActorId, Long> horizon) {
        SortedMap<ActorId, Long> beyond = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 1);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            long settled = FrameFields.readSequence(in);
            Head head = heads.get(actor);
            if (horizon.containsKey(actor) || (head != null && isWithin(settled, head))) {
                throw in.corrupt("what is settled of an actor is not told in its place");
            }
            FrameFields.putAscending(in, beyond, actor, settled);
        }
        horizon.putAll(beyond);
    }
}
