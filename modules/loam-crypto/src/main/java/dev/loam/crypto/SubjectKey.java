package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The SubjectPublicKeyInfo of an Ed25519 key: the same 12 bytes, then the raw key (RFC 8410). */
final class SubjectKey {
    private static final Bytes PREFIX = Bytes.fromHex("302a300506032b6570032100");

    private SubjectKey() {}

    static Bytes encode(Bytes publicKey) {
        byte[] encoded = new byte[PREFIX.size() + publicKey.size()];
        PREFIX.copyTo(encoded, 0);
        publicKey.copyTo(encoded, PREFIX.size());
        return Bytes.adopt(encoded);
    }

    /** The raw key; empty if {@code encoded} is of another kind. */
    static Optional<Bytes> decode(Bytes encoded) {
        int size = PREFIX.size() + DeviceIdentity.PUBLIC_KEY_BYTES;
        boolean fits = encoded.size() == size && encoded.slice(0, PREFIX.size()).equals(PREFIX);
        return fits ? Optional.of(encoded.slice(PREFIX.size(), size)) : Optional.empty();
    }

    static DeviceId idOf(Bytes publicKey) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new DeviceId(Bytes.adopt(sha256.digest(encode(publicKey).toArray())));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java runtime has SHA-256", impossible);
        }
    }
}
