package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small file that is written whole, again and again, under one long-lived key. Each writing has a
 * key of its own, made of that one and 32 random bytes, and is its only message: a counter would
 * come back after a crash between writing and renaming.
 */
public final class SealedBlob {
    private static final int SALT_BYTES = 32;

    /** By how much it is longer than what it holds, in bytes. */
    public static final int OVERHEAD_BYTES = SALT_BYTES + Suite.TAG_BYTES;

    private static final byte[] NONCE = NonceSequence.nonce(Sealer.Use.SMALL_FILE.number(), 0);

    private SealedBlob() {}

    /**
     * Salt, content sealed, tag.
     *
     * @param label what it is; of another label it cannot be opened
     * @param associated what is not sealed, and must be the same when it is opened
     */
    public static Bytes seal(
            Suite suite,
            Secret parent,
            SecureRandom random,
            String label,
            Bytes associated,
            Bytes content) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try (Secret key = KeyDerivation.derive(parent, Bytes.copyOf(salt), label, Bytes.EMPTY);
                Aead aead = new Aead(suite, key)) {
            byte[] plain = content.toArray();
            byte[] sealed = aead.seal(NONCE, associated, plain, 0, plain.length);
            // It may be a key.
            Arrays.fill(plain, (byte) 0);
            byte[] all = new byte[SALT_BYTES + sealed.length];
            System.arraycopy(salt, 0, all, 0, SALT_BYTES);
            System.arraycopy(sealed, 0, all, SALT_BYTES, sealed.length);
            return Bytes.adopt(all);
        }
    }

    /** The content; empty if it is not what was sealed so. */
    public static Optional<Bytes> open(
            Suite suite, Secret parent, String label, Bytes associated, Bytes sealed) {
        return content(suite, parent, label, associated, sealed).map(Bytes::adopt);
    }

    /** The same of a key, to be closed. */
    static Optional<Secret> openKey(
            Suite suite, Secret parent, String label, Bytes associated, Bytes sealed) {
        return content(suite, parent, label, associated, sealed).map(Secret::take);
    }

    private static Optional<byte[]> content(
            Suite suite, Secret parent, String label, Bytes associated, Bytes sealed) {
        if (sealed.size() < OVERHEAD_BYTES) {
            return Optional.empty();
        }
        byte[] all = sealed.toArray();
        try (Secret key =
                        KeyDerivation.derive(
                                parent, sealed.slice(0, SALT_BYTES), label, Bytes.EMPTY);
                Aead aead = new Aead(suite, key)) {
            return aead.open(NONCE, associated, all, SALT_BYTES, all.length - SALT_BYTES);
        }
    }
}
