package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Invariant;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof that one end of a TLS connection knows a pairing's secret: HMAC-SHA256 under the secret,
 * over a label, the prover's role, both devices' ids and the connection's exporter value. It is
 * worth nothing in another connection, for other keys or in the other direction.
 */
public final class PairingProof {
    /** Size of a secret, in bytes. */
    public static final int SECRET_BYTES = 16;

    /** Size of a proof, in bytes. */
    public static final int SIZE = 32;

    /** Size of the TLS exporter's value, in bytes. */
    public static final int EXPORTER_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final Bytes LABEL = Bytes.ofUtf8("loam/pairing/1");

    /** Whose proof it is. */
    public enum Role {
        HOST("host"),
        JOINER("join");

        // Of one length, so that what is hashed has one layout.
        private final String label;

        Role(String label) {
            this.label = label;
        }
    }

    private PairingProof() {}

    /**
     * @param secret {@value #SECRET_BYTES} bytes that both people's devices know
     * @param exporter {@value #EXPORTER_BYTES} bytes exported from the TLS connection
     */
    public static Bytes of(
            Bytes secret, Role role, DeviceId host, DeviceId joiner, Bytes exporter) {
        Invariant.check(secret.size() == SECRET_BYTES, "secret has {0} bytes", secret.size());
        Invariant.check(
                exporter.size() == EXPORTER_BYTES, "exporter has {0} bytes", exporter.size());
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.toArray(), ALGORITHM));
            mac.update(LABEL.asBuffer());
            mac.update(role.label.getBytes(StandardCharsets.US_ASCII));
            mac.update(host.bytes().asBuffer());
            mac.update(joiner.bytes().asBuffer());
            mac.update(exporter.asBuffer());
            return Bytes.adopt(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java runtime has HmacSHA256", impossible);
        }
    }

    /** Compares in a time that does not tell where the two differ. */
    public static boolean matches(Bytes expected, Bytes given) {
        return MessageDigest.isEqual(expected.toArray(), given.toArray());
    }
}
