package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Count and hash of a sequence of payloads at their positions. */
final class Tally {
    private final MessageDigest digest;
    private long count;

    Tally() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    static Bytes hash(Bytes content) {
        Tally tally = new Tally();
        tally.digest.update(content.asBuffer());
        return tally.end();
    }

    void add(Position position, Bytes payload) {
        count++;
        digest.update(
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(position.number())
                        .putInt(payload.size())
                        .flip());
        digest.update(payload.asBuffer());
    }

    long count() {
        return count;
    }

    /** The hash so far; ends this object's life. */
    Bytes end() {
        return Bytes.adopt(digest.digest());
    }
}
