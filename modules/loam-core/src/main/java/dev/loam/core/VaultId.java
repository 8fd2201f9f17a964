package dev.loam.core;

/** A vault, the unit of replication. 16 random bytes; its name is data. */
public record VaultId(Bytes bytes) implements Comparable<VaultId> {
    public static final int SIZE = 16;

    public VaultId {
        Invariant.check(bytes.size() == SIZE, "VaultId has {0} bytes", bytes.size());
    }

    @Override
    public int compareTo(VaultId other) {
        return bytes.compareTo(other.bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return bytes.toHex();
    }
}
