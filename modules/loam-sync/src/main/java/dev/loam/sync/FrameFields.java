package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import java.util.SortedMap;
import java.util.SortedSet;

/** What several frames are made of; each read refuses what is out of its range. */
final class FrameFields {
    private FrameFields() {}

    static ActorId readActor(ByteReader in) {
        return new ActorId(in.raw(ActorId.SIZE));
    }

    static long readSequence(ByteReader in) {
        return positive(in, ActorHead.SEQUENCE_MAX);
    }

    static long positive(ByteReader in, long max) {
        long number = upTo(in, max);
        if (number == 0) {
            throw in.corrupt("a number is out of its range");
        }
        return number;
    }

    static long upTo(ByteReader in, long max) {
        long number = in.varint();
        if (number < 0 || number > max) {
            throw in.corrupt("a number is out of its range");
        }
        return number;
    }

    static <K extends Comparable<K>, V> void putAscending(
            ByteReader in, SortedMap<K, V> map, K key, V value) {
        checkAscending(in, map.isEmpty() || map.lastKey().compareTo(key) < 0);
        map.put(key, value);
    }

    static <K extends Comparable<K>> void addAscending(ByteReader in, SortedSet<K> set, K key) {
        checkAscending(in, set.isEmpty() || set.last().compareTo(key) < 0);
        set.add(key);
    }

    private static void checkAscending(ByteReader in, boolean isAscending) {
        if (!isAscending) {
            throw in.corrupt("ids are not in ascending order");
        }
    }
}
