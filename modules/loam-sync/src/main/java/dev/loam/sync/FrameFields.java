package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import java.util.SortedMap;

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
        if (!map.isEmpty() && map.lastKey().compareTo(key) >= 0) {
            throw in.corrupt("ids are not in ascending order");
        }
        map.put(key, value);
    }
}
