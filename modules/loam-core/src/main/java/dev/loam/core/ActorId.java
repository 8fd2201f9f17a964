package dev.loam.core;

/** An incarnation of a device in a vault: the author of one unbroken chain of batches. */
public record ActorId(Bytes bytes) implements Comparable<ActorId> {
    public static final int SIZE = 16;

    /** Of what tells the actors of one device in one vault apart. */
    public static final int NONCE_SIZE = 8;

    public ActorId {
        Invariant.check(bytes.size() == SIZE, "ActorId has {0} bytes", bytes.size());
    }

    /**
     * The incarnation of a device in a vault.
     *
     * @param nonce 8 random bytes
     */
    public static ActorId of(DeviceId device, VaultId vault, Bytes nonce) {
        Invariant.check(nonce.size() == NONCE_SIZE, "nonce has {0} bytes", nonce.size());
        return new ActorId(Sha256.of(device.bytes(), vault.bytes(), nonce).slice(0, SIZE));
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
