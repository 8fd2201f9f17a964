package dev.loam.core;

/** A device: SHA-256 of its Ed25519 public key in SubjectPublicKeyInfo form. */
public record DeviceId(Bytes bytes) implements Comparable<DeviceId> {
    public static final int SIZE = 32;

    /** Of a raw Ed25519 public key. */
    public static final int PUBLIC_KEY_SIZE = 32;

    /** What SubjectPublicKeyInfo puts before the 32 bytes of an Ed25519 key (RFC 8410). */
    private static final Bytes SPKI_PREFIX = Bytes.fromHex("302a300506032b6570032100");

    public DeviceId {
        Invariant.check(bytes.size() == SIZE, "DeviceId has {0} bytes", bytes.size());
    }

    /**
     * The device that holds a key.
     *
     * @param publicKey Ed25519, raw, 32 bytes
     */
    public static DeviceId of(Bytes publicKey) {
        Invariant.check(
                publicKey.size() == PUBLIC_KEY_SIZE, "public key has {0} bytes", publicKey.size());
        return new DeviceId(Sha256.of(SPKI_PREFIX, publicKey));
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
