package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * A device's Ed25519 key pair: it signs what the device wrote and proves the device to its peers.
 * Immutable. Prints its public id only.
 */
public final class DeviceIdentity {
    public static final int PUBLIC_KEY_BYTES = Ed25519.PUBLIC_KEY_SIZE;
    public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private final Bytes publicKey;
    private final DeviceId id;
    private final Bytes pkcs8;

    /**
     * Null until it is first used: reading it loads much of the library, which an opening feels.
     */
    private volatile @Nullable Ed25519PrivateKeyParameters key;

    private DeviceIdentity(Bytes pkcs8, Bytes publicKey) {
        this.pkcs8 = pkcs8;
        this.publicKey = publicKey;
        this.id = idOf(publicKey);
    }

    private DeviceIdentity(Ed25519PrivateKeyParameters key) {
        this(Pkcs8.encode(key), Bytes.adopt(key.generatePublicKey().getEncoded()));
        this.key = key;
    }

    /** A new key pair. */
    public static DeviceIdentity generate(SecureRandom random) {
        return new DeviceIdentity(new Ed25519PrivateKeyParameters(random));
    }

    /**
     * Reads a private key in PKCS#8 form.
     *
     * @throws LoamException {@code CORRUPT} if {@code der} is anything but one Ed25519 private key
     */
    public static DeviceIdentity fromPkcs8(Bytes der) {
        return new DeviceIdentity(Pkcs8.decode(der));
    }

    /**
     * The pair of a private key in PKCS#8 form and the raw public key, 32 bytes, that was once
     * derived from it. The private key is read when it is first used, and compared then: what uses
     * it may throw {@code CORRUPT} as {@link #fromPkcs8} does.
     *
     * @throws LoamException {@code CORRUPT} if {@code publicKey} has another length
     */
    public static DeviceIdentity of(Bytes der, Bytes publicKey) {
        if (publicKey.size() != PUBLIC_KEY_BYTES) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "a public key has "
                            + PUBLIC_KEY_BYTES
                            + " bytes, and this one "
                            + publicKey.size());
        }
        return new DeviceIdentity(der, publicKey);
    }

    private Ed25519PrivateKeyParameters key() {
        Ed25519PrivateKeyParameters read = key;
        if (read == null) {
            read = Pkcs8.decode(pkcs8);
            if (!Bytes.adopt(read.generatePublicKey().getEncoded()).equals(publicKey)) {
                throw new LoamException(
                        ErrorCode.CORRUPT,
                        "the device key does not belong to the public key beside it; put back the"
                                + " file that was there, or a backup of it");
            }
            key = read;
        }
        return read;
    }

    /** The private key in the version 1 form of RFC 8410, 48 bytes. The caller keeps it secret. */
    public Bytes toPkcs8() {
        return Pkcs8.encode(key());
    }

    public DeviceId id() {
        return id;
    }

    /** The raw public key, 32 bytes. */
    public Bytes publicKey() {
        return publicKey;
    }

    /** Signs {@code message} with plain Ed25519: 64 bytes, the same for the same message. */
    public Bytes sign(Bytes message) {
        byte[] content = message.toArray();
        byte[] signature = new byte[SIGNATURE_BYTES];
        key().sign(Ed25519.Algorithm.Ed25519, null, content, 0, content.length, signature, 0);
        return Bytes.adopt(signature);
    }

    /**
     * Whether {@code signature} is that of {@code message} by the owner of {@code publicKey}. A key
     * or signature that is none, of whatever length, verifies nothing.
     */
    public static boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
        if (publicKey.size() != PUBLIC_KEY_BYTES || signature.size() != SIGNATURE_BYTES) {
            return false;
        }
        byte[] content = message.toArray();
        return Ed25519.verify(
                signature.toArray(), 0, publicKey.toArray(), 0, content, 0, content.length);
    }

    /** The device whose raw public key, 32 bytes, this is. */
    public static DeviceId idOf(Bytes publicKey) {
        Invariant.check(
                publicKey.size() == PUBLIC_KEY_BYTES, "public key has {0} bytes", publicKey.size());
        return SubjectKey.idOf(publicKey);
    }

    /** The raw public key that a certificate carries; empty if it is not an Ed25519 key. */
    public static Optional<Bytes> publicKeyIn(X509Certificate certificate) {
        return SubjectKey.decode(Bytes.copyOf(certificate.getPublicKey().getEncoded()));
    }

    /** The private key for the JDK's own TLS. The caller keeps it secret. */
    public PrivateKey privateKey() {
        try {
            // By name: another provider's key would not do for the JDK's TLS.
            return KeyFactory.getInstance("Ed25519", "SunEC")
                    .generatePrivate(new PKCS8EncodedKeySpec(toPkcs8().toArray()));
        } catch (GeneralSecurityException missing) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "this Java runtime has no Ed25519 of its own (provider SunEC); use a complete"
                            + " JDK 25",
                    missing);
        }
    }

    /**
     * The self-signed certificate that carries the public key in TLS. The same bytes each time; its
     * dates span any clock, since peers trust the key and never the dates.
     */
    public X509Certificate certificate() {
        return DeviceCertificate.of(key(), id);
    }

    @Override
    public String toString() {
        return "DeviceIdentity[" + id + "]";
    }
}
