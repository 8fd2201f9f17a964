package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/**
 * An Ed25519 private key as RFC 8410 writes it. A class of its own, so that a store that only
 * passes its key around loads nothing of the library: its jar is signed, and slow to open.
 */
final class Pkcs8 {
    private Pkcs8() {}

    /** The version 1 form, 48 bytes. */
    static Bytes encode(Ed25519PrivateKeyParameters key) {
        try {
            return Bytes.adopt(
                    new PrivateKeyInfo(
                                    new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                                    new DEROctetString(key.getEncoded()))
                            .getEncoded());
        } catch (IOException impossible) {
            throw new AssertionError("encoding to memory failed", impossible);
        }
    }

    /**
     * @throws LoamException {@code CORRUPT} if {@code der} is anything but one Ed25519 private key
     */
    static Ed25519PrivateKeyParameters decode(Bytes der) {
        try {
            if (PrivateKeyFactory.createKey(der.toArray())
                    instanceof Ed25519PrivateKeyParameters key) {
                return key;
            }
        } catch (IOException | RuntimeException malformed) {
            // The cause is dropped: a parser's message may quote the bytes of the key.
        }
        throw new LoamException(
                ErrorCode.CORRUPT,
                "the device key is not an Ed25519 private key in PKCS#8 form; put back the file"
                        + " that was there, or a backup of it");
    }
}
