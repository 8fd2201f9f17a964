package dev.loam.core;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of byte strings one after the other: lengths are the caller's concern. An instance may be
 * used again and again, by one thread: to find the algorithm takes as long as a short hash.
 */
final class Sha256 {
    static final int SIZE = 32;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    static Bytes of(Bytes... strings) {
        return new Sha256().hash(strings);
    }

    Bytes hash(Bytes... strings) {
        for (Bytes bytes : strings) {
            add(bytes);
        }
        return end();
    }

    Sha256 add(Bytes bytes) {
        bytes.addTo(digest, 0, bytes.size());
        return this;
    }

    /** Eight bytes, the most significant first. */
    Sha256 add(long number) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            digest.update((byte) (number >>> shift));
        }
        return this;
    }

    /** The first bytes of an array. */
    Sha256 add(byte[] content, int length) {
        digest.update(content, 0, length);
        return this;
    }

    /** All that the reader has not read. */
    Sha256 add(ByteReader rest) {
        rest.addRemainingTo(digest);
        return this;
    }

    /** The hash of what was added since the last one. */
    Bytes end() {
        return Bytes.adopt(digest.digest());
    }

    /** As {@link #end}, without an object for it. */
    void end(byte[] target, int offset) {
        try {
            digest.digest(target, offset, SIZE);
        } catch (DigestException impossible) {
            throw new AssertionError("there is no room for a hash", impossible);
        }
    }
}
