package dev.loam.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** The actors that some bytes name, in their order: what is encoded says their index. */
final class ActorTable {
    /** An actor's index, a sequence number and a counter. */
    private static final int ENTRY_BYTES_MIN = 3;

    private final List<ActorId> actors;

    /** Of a table that was read: what has been asked of it. */
    private final BitSet asked = new BitSet();

    private ActorTable(List<ActorId> actors) {
        this.actors = actors;
    }

    static ActorTable of(SortedSet<ActorId> actors) {
        return new ActorTable(List.copyOf(actors));
    }

    static ActorTable read(ByteReader in) {
        int count = in.count(ActorId.SIZE);
        List<ActorId> actors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ActorId actor = new ActorId(in.raw(ActorId.SIZE));
            if (i > 0 && actors.getLast().compareTo(actor) >= 0) {
                throw in.corrupt("a table of actors is not in order");
            }
            actors.add(actor);
        }
        return new ActorTable(actors);
    }

    int size() {
        return actors.size();
    }

    boolean holdsExactly(SortedSet<ActorId> others) {
        return actors.equals(List.copyOf(others));
    }

    void write(ByteWriter out) {
        out.varint(actors.size());
        actors.forEach(actor -> out.raw(actor.bytes()));
    }

    void writeActor(ByteWriter out, ActorId actor) {
        int index = Collections.binarySearch(actors, actor);
        Invariant.check(index >= 0, "actor {0} is not in the table", actor);
        out.varint(index);
    }

    ActorId readActor(ByteReader in) {
        return get(in, in.index(actors.size()));
    }

    /** For an index that was read before the table was. */
    ActorId get(ByteReader in, int index) {
        if (index >= actors.size()) {
            throw in.corrupt("an index is outside its table");
        }
        asked.set(index);
        return actors.get(index);
    }

    /** Refuses entries of a table that was read, but never asked for. */
    void expectAllAsked(ByteReader in) {
        if (asked.cardinality() != actors.size()) {
            throw in.corrupt("nothing refers to an actor of its table");
        }
    }

    void writeDot(ByteWriter out, Dot dot) {
        writeActor(out, dot.actor());
        out.varint(dot.counter());
    }

    Dot readDot(ByteReader in) {
        ActorId actor = readActor(in);
        long counter = in.varint();
        if (counter == 0) {
            throw in.corrupt("a counter is 0");
        }
        return new Dot(actor, counter);
    }

    void writeDots(ByteWriter out, List<Dot> dots) {
        out.varint(dots.size());
        dots.forEach(dot -> writeDot(out, dot));
    }

    void writeVector(ByteWriter out, VersionVector vector) {
        out.varint(vector.tips().size());
        for (Map.Entry<ActorId, Tip> entry : vector.tips().entrySet()) {
            writeActor(out, entry.getKey());
            writeTip(out, entry.getValue());
        }
    }

    /** Entries in the order of their actors, none of them zero. */
    VersionVector readVector(ByteReader in) {
        int count = in.count(ENTRY_BYTES_MIN);
        TreeMap<ActorId, Tip> tips = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ActorId actor = readActor(in);
            if (i > 0 && tips.lastKey().compareTo(actor) >= 0) {
                throw in.corrupt("the entries of a vector are not in the order of their actors");
            }
            Tip tip = readTip(in);
            if (tip.sequence() == 0 || tip.counter() < tip.sequence()) {
                throw in.corrupt("an entry of a vector is impossible");
            }
            tips.put(actor, tip);
        }
        return VersionVector.of(tips);
    }

    static void writeTip(ByteWriter out, Tip tip) {
        out.varint(tip.sequence()).varint(tip.counter());
    }

    static Tip readTip(ByteReader in) {
        return new Tip(in.varint(), in.varint());
    }

    /** Dots in their order, each once. */
    List<Dot> readDots(ByteReader in) {
        int count = in.count(2);
        if (count < 2) {
            return count == 0 ? List.of() : List.of(readDot(in));
        }
        List<Dot> dots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Dot dot = readDot(in);
            if (i > 0 && dots.getLast().compareTo(dot) >= 0) {
                throw in.corrupt("dots are not in their order");
            }
            dots.add(dot);
        }
        return dots;
    }
}
