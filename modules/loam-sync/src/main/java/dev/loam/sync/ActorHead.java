package dev.loam.sync;

import dev.loam.core.ChainHash;
import dev.loam.core.Invariant;

/**
 * How far a store holds an actor's chain.
 *
 * @param sequence number of the last batch, from 1 to {@link #SEQUENCE_MAX}
 * @param hash chain hash at that batch
 */
public record ActorHead(long sequence, ChainHash hash) {
    /**
     * The largest number a batch may have in a session: 34 years of a thousand batches a second.
     * Sums over as many actors as a frame can name stay far from overflow.
     */
    public static final long SEQUENCE_MAX = 1L << 40;

    public ActorHead {
        Invariant.check(
                1 <= sequence && sequence <= SEQUENCE_MAX, "Head at sequence {0}", sequence);
    }
}
