package dev.loam.core;

/** One store: a directory with one log. 16 random bytes, made when the store is made. */
public record StoreId(Bytes bytes) implements Comparable<StoreId> {
    public static final int SIZE = 16;

    public StoreId {
        Invariant.check(bytes.size() == SIZE, "StoreId has {0} bytes", bytes.size());
    }

    @Override
    public int compareTo(StoreId other) {
        return bytes.compareTo(other.bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return bytes.toHex();
    }
}
