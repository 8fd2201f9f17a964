package dev.loam;

import java.util.OptionalLong;

/**
 * What this store has and a peer is not known to have: never too little, and too much where the
 * peer got something from others and has not said so yet.
 *
 * @param bytes size of the encoded batches; empty where counting would mean to read much of the log
 */
public record Backlog(long batches, long operations, OptionalLong bytes) {
    public static final Backlog NONE = new Backlog(0, 0, OptionalLong.of(0));

    public boolean isNone() {
        return batches == 0;
    }
}
