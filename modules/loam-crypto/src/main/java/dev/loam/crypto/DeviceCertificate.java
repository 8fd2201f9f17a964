package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;

/** Makes the certificate that a device presents in TLS. */
final class DeviceCertificate {
    private static final X500Name NAME = new X500Name("CN=loam");
    private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2099-12-31T23:59:59Z");
    // At most 20 bytes are allowed (RFC 5280).
    private static final int SERIAL_BYTES = 16;

    private DeviceCertificate() {}

    static X509Certificate of(Ed25519PrivateKeyParameters key, DeviceId id) {
        try {
            Bytes subjectKey = SubjectKey.encode(Bytes.adopt(key.generatePublicKey().getEncoded()));
            byte[] der =
                    new X509v3CertificateBuilder(
                                    NAME,
                                    serial(id),
                                    Date.from(FROM),
                                    Date.from(UNTIL),
                                    NAME,
                                    SubjectPublicKeyInfo.getInstance(subjectKey.toArray()))
                            .build(
                                    new BcEdECContentSignerBuilder(
                                                    new AlgorithmIdentifier(
                                                            EdECObjectIdentifiers.id_Ed25519))
                                            .build(key))
                            .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509", "SUN")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (OperatorCreationException | IOException impossible) {
            throw new AssertionError("signing and encoding in memory failed", impossible);
        } catch (GeneralSecurityException missing) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "this Java runtime has no X.509 certificates of its own (provider SUN); use a"
                            + " complete JDK 25",
                    missing);
        }
    }

    /** Positive, and different for different devices. */
    private static BigInteger serial(DeviceId id) {
        return new BigInteger(1, id.bytes().slice(0, SERIAL_BYTES).toArray()).add(BigInteger.ONE);
    }
}
