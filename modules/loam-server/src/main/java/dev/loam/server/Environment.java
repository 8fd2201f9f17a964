package dev.loam.server;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What connections take from the world around them.
 *
 * @param clock tells when a pairing code expires
 * @param random makes the secrets of pairing codes
 * @param stepMillis bounds each step before a session: to connect, to agree on TLS and open, to be
 *     admitted or paired
 * @param idleMillis bounds the silence of an admitted peer; long enough for the largest frame on a
 *     slow line to pass in the other direction
 */
record Environment(InstantSource clock, SecureRandom random, long stepMillis, long idleMillis) {
    private static final long STEP_MILLIS = 10_000;
    private static final long IDLE_MILLIS = 300_000;

    static Environment system() {
        return new Environment(
                InstantSource.system(), new SecureRandom(), STEP_MILLIS, IDLE_MILLIS);
    }
}
