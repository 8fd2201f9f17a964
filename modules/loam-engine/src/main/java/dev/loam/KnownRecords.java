package dev.loam;

import dev.loam.core.RecordId;

/**
 * Which records a replay from the log's beginning may have met: a Bloom filter, so that what is met
 * for the first time, as most are, need not be looked for. It may say so of a record that it has
 * not met, and never denies one that it has. For one thread.
 */
final class KnownRecords {
    /** 8 MiB: of a million records it is wrong on one in 10,000, of ten million on one in 20. */
    private static final int WORDS = 1 << 20;

    private static final int PROBES = 4;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final long[] bits = new long[WORDS];

    /** Whether the record may have been met before; it has been from now on. */
    boolean meet(RecordId id) {
        long hash = hash(id);
        long step = (hash >>> 32) | 1;
        boolean known = true;
        for (int i = 0; i < PROBES; i++) {
            int word = (int) (hash >>> 6) & (WORDS - 1);
            long bit = 1L << hash;
            known &= (bits[word] & bit) != 0;
            bits[word] |= bit;
            hash += step;
        }
        return known;
    }

    private static long hash(RecordId id) {
        long hash = id.vault().hashCode();
        String key = id.key();
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * FACTOR;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 32)) * FACTOR;
        return hash ^ (hash >>> 32);
    }
}
