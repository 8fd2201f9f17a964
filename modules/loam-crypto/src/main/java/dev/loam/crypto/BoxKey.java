package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * Keys given to whoever has the private half of an X25519 key (RFC 7748), by somebody who has the
 * public half alone: agreed with a pair made for this one time, HKDF over both public keys, AES key
 * wrapping.
 */
final class BoxKey {
    static final int PUBLIC_BYTES = X25519PublicKeyParameters.KEY_SIZE;
    static final int PRIVATE_BYTES = X25519PrivateKeyParameters.KEY_SIZE;

    /** Size of a box around a key of {@link Suite#KEY_BYTES}. */
    static final int BOX_BYTES = PUBLIC_BYTES + Suite.KEY_BYTES + KeyWrap.OVERHEAD_BYTES;

    private static final String LABEL = "box";

    private BoxKey() {}

    /** A new private key. */
    static Secret generate(SecureRandom random) {
        return Secret.take(new X25519PrivateKeyParameters(random).getEncoded());
    }

    static Bytes publicOf(Secret privateKey) {
        return privateKey.with(
                bytes ->
                        Bytes.adopt(
                                new X25519PrivateKeyParameters(bytes)
                                        .generatePublicKey()
                                        .getEncoded()));
    }

    /**
     * @param context what the key is; only under the same can the box be opened
     */
    static Bytes close(Bytes publicKey, SecureRandom random, Bytes context, Secret key) {
        try (Secret once = generate(random)) {
            Bytes given = publicOf(once);
            try (Secret agreed = agree(once, publicKey, given, publicKey, context)) {
                Bytes wrapped = KeyWrap.wrap(agreed, key);
                byte[] box = new byte[PUBLIC_BYTES + wrapped.size()];
                given.copyTo(box, 0);
                wrapped.copyTo(box, PUBLIC_BYTES);
                return Bytes.adopt(box);
            }
        }
    }

    /** Empty if the box is for another key or context, or is not what was closed. */
    static Optional<Secret> open(Secret privateKey, Bytes context, Bytes box) {
        Bytes given = box.slice(0, PUBLIC_BYTES);
        try (Secret agreed = agree(privateKey, given, given, publicOf(privateKey), context)) {
            return KeyWrap.unwrap(agreed, box.slice(PUBLIC_BYTES, box.size()));
        } catch (IllegalStateException allZero) {
            // A point of small order, which nobody's key is: RFC 7748, section 6.1.
            return Optional.empty();
        }
    }

    private static Secret agree(
            Secret mine, Bytes theirs, Bytes given, Bytes receiver, Bytes context) {
        byte[] shared = new byte[X25519PrivateKeyParameters.SECRET_SIZE];
        mine.with(
                bytes -> {
                    new X25519PrivateKeyParameters(bytes)
                            .generateSecret(
                                    new X25519PublicKeyParameters(theirs.toArray()), shared, 0);
                    return shared.length;
                });
        byte[] both = new byte[2 * PUBLIC_BYTES];
        given.copyTo(both, 0);
        receiver.copyTo(both, PUBLIC_BYTES);
        try (Secret agreed = Secret.take(shared)) {
            return KeyDerivation.derive(agreed, Bytes.adopt(both), LABEL, context);
        }
    }
}
