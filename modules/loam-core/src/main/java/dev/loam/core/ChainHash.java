package dev.loam.core;

/** The hash of an actor's whole history up to a batch. */
public record ChainHash(Bytes bytes) implements Comparable<ChainHash> {
    public static final int SIZE = 32;

    public ChainHash {
        Invariant.check(bytes.size() == SIZE, "ChainHash has {0} bytes", bytes.size());
    }

    @Override
    public int compareTo(ChainHash other) {
        return bytes.compareTo(other.bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return bytes.toHex();
    }
}
