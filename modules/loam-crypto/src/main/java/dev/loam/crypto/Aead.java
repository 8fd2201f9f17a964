package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/**
 * One key of a suite, ready for many messages. Whose nonces are used once each is the caller's
 * business: see {@link Sealer}. One thread at a time.
 */
final class Aead implements AutoCloseable {
    private static final int TAG_BITS = Suite.TAG_BYTES * 8;

    private final Suite suite;
    private final RawKey key;
    private final Cipher cipher;
    private boolean isClosed;

    /** Copies the key; the caller's stays open. */
    Aead(Suite suite, Secret key) {
        Invariant.check(key.size() == Suite.KEY_BYTES, "key has {0} bytes", key.size());
        this.suite = suite;
        this.key = new RawKey(suite.keyAlgorithm(), key.with(byte[]::clone));
        try {
            this.cipher = Cipher.getInstance(suite.transformation());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every JDK 25 has " + suite.transformation(), impossible);
        }
    }

    /** The message sealed, its tag behind it. */
    byte[] seal(byte[] nonce, Bytes associated, byte[] plain, int offset, int length) {
        try {
            begin(Cipher.ENCRYPT_MODE, nonce, associated.asBuffer());
            return cipher.doFinal(plain, offset, length);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("sealing failed", impossible);
        }
    }

    /** The message; empty if it, or what is associated with it, is not what was sealed. */
    Optional<byte[]> open(byte[] nonce, Bytes associated, byte[] sealed, int offset, int length) {
        if (length < Suite.TAG_BYTES) {
            return Optional.empty();
        }
        try {
            begin(Cipher.DECRYPT_MODE, nonce, associated.asBuffer());
            return Optional.of(cipher.doFinal(sealed, offset, length));
        } catch (AEADBadTagException altered) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("opening failed", impossible);
        }
    }

    /** As above, into {@code sealed} from where it stands. */
    void seal(byte[] nonce, byte[] associated, ByteBuffer plain, ByteBuffer sealed) {
        try {
            begin(Cipher.ENCRYPT_MODE, nonce, ByteBuffer.wrap(associated));
            cipher.doFinal(plain, sealed);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("sealing failed", impossible);
        }
    }

    /** As above, into {@code plain} from where it stands; false instead of empty. */
    boolean open(byte[] nonce, byte[] associated, ByteBuffer sealed, ByteBuffer plain) {
        if (sealed.remaining() < Suite.TAG_BYTES) {
            return false;
        }
        try {
            begin(Cipher.DECRYPT_MODE, nonce, ByteBuffer.wrap(associated));
            cipher.doFinal(sealed, plain);
            return true;
        } catch (AEADBadTagException altered) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("opening failed", impossible);
        }
    }

    private void begin(int mode, byte[] nonce, ByteBuffer associated)
            throws GeneralSecurityException {
        cipher.init(mode, key, parameters(nonce));
        cipher.updateAAD(associated);
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return switch (suite) {
            case AES_256_GCM -> new GCMParameterSpec(TAG_BITS, nonce);
            case CHACHA20_POLY1305 -> new IvParameterSpec(nonce);
        };
    }

    /**
     * Wipes the key, and what the cipher keeps of it: that goes with the next key, and what it
     * remembers of the last message that it sealed with the next one that it is to seal.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        key.destroy();
        try {
            RawKey zeros = new RawKey(suite.keyAlgorithm(), new byte[Suite.KEY_BYTES]);
            cipher.init(Cipher.ENCRYPT_MODE, zeros, parameters(new byte[Suite.NONCE_BYTES]));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("a key of zeros is a key", impossible);
        }
    }
}
