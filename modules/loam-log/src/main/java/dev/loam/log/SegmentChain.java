package dev.loam.log;

import dev.loam.core.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over the chain of the segment before and all frames of this one but its SEAL. */
final class SegmentChain {
    static final int BYTES = 32;

    /** Before the first segment of a store. */
    static final Bytes START = Bytes.adopt(new byte[BYTES]);

    private final MessageDigest digest;

    SegmentChain(Bytes before) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
        digest.update(before.asBuffer());
    }

    void add(byte[] buffer, int from, int length) {
        digest.update(buffer, from, length);
    }

    /** The chain so far; ends this object's life. */
    Bytes end() {
        return Bytes.adopt(digest.digest());
    }
}
