package dev.loam.core;

/** An incarnation of a device in a vault: the author of one unbroken chain of batches. */
public record ActorId(Bytes bytes) implements Comparable<ActorId> {
    public static final int SIZE = 16;

    public ActorId {
        Invariant.check(bytes.size() == SIZE, "ActorId has {0} bytes", bytes.size());
    }

    @Override
    public int compareTo(ActorId other) {
        return bytes.compareTo(other.bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return bytes.toHex();
    }
}
