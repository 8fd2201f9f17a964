package dev.loam.core;

/** A device: SHA-256 of its Ed25519 public key in SubjectPublicKeyInfo form. */
public record DeviceId(Bytes bytes) implements Comparable<DeviceId> {
    public static final int SIZE = 32;

    public DeviceId {
        Invariant.check(bytes.size() == SIZE, "DeviceId has {0} bytes", bytes.size());
    }

    @Override
    public int compareTo(DeviceId other) {
        return bytes.compareTo(other.bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return bytes.toHex();
    }
}
