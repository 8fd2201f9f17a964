package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeviceIdentityTest {
    /** RFC 8032, section 7.1, test 3, behind the PKCS#8 prefix of RFC 8410. */
    private static final DeviceIdentity RFC =
            DeviceIdentity.fromPkcs8(
                    Bytes.fromHex(
                            "302e020100300506032b657004220420"
                                    + "c5aa8df43f9f837bedb7442f31dcb7b1"
                                    + "66d38535076f094b85ce3a2e0b4458f7"));

    private static final Bytes MESSAGE = Bytes.ofUtf8("loam");

    private final DeviceIdentity identity = DeviceIdentity.generate(new SecureRandom());

    @Test
    void signsAsTheStandardSays() {
        assertThat(RFC.publicKey().toHex())
                .isEqualTo("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
        assertThat(RFC.sign(Bytes.fromHex("af82")).toHex())
                .isEqualTo(
                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    }

    @Test
    void theIdIsTheHashOfTheSubjectPublicKeyInfo() throws Exception {
        byte[] subjectKey = identity.certificate().getPublicKey().getEncoded();

        assertThat(identity.id())
                .isEqualTo(
                        new DeviceId(
                                Bytes.adopt(
                                        MessageDigest.getInstance("SHA-256").digest(subjectKey))))
                .isEqualTo(DeviceIdentity.idOf(identity.publicKey()));
    }

    @Test
    void aKeyComesBackFromItsPkcs8Form() {
        DeviceIdentity again = DeviceIdentity.fromPkcs8(identity.toPkcs8());

        assertThat(again.id()).isEqualTo(identity.id());
        assertThat(again.sign(MESSAGE)).isEqualTo(identity.sign(MESSAGE));
        assertThat(identity.toPkcs8().size()).isEqualTo(48);
    }

    @Test
    void aPairIsReadWhenItIsFirstUsed() {
        DeviceIdentity again = DeviceIdentity.of(identity.toPkcs8(), identity.publicKey());
        DeviceIdentity wrong = DeviceIdentity.of(identity.toPkcs8(), RFC.publicKey());
        DeviceIdentity none = DeviceIdentity.of(MESSAGE, identity.publicKey());

        assertThat(again.id()).isEqualTo(identity.id());
        assertThat(again.sign(MESSAGE)).isEqualTo(identity.sign(MESSAGE));
        for (DeviceIdentity damaged : List.of(wrong, none)) {
            assertThatThrownBy(() -> damaged.sign(MESSAGE))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    @Test
    void theJdkReadsTheSamePkcs8AndSignsTheSame() throws Exception {
        PrivateKey key =
                KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(identity.toPkcs8().toArray()));

        assertThat(jdkSignature(key)).isEqualTo(identity.sign(MESSAGE));
        assertThat(jdkSignature(identity.privateKey())).isEqualTo(identity.sign(MESSAGE));
    }

    @Test
    void aKeyThatTheJdkMadeIsRead() throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();

        DeviceIdentity read = DeviceIdentity.fromPkcs8(Bytes.copyOf(key.getEncoded()));

        assertThat(read.sign(MESSAGE)).isEqualTo(jdkSignature(key));
    }

    @Property(tries = 50)
    void onlyTheVeryMessageVerifies(@ForAll @Size(max = 200) byte[] content, @ForAll int at) {
        Bytes message = Bytes.copyOf(content);
        Bytes signature = RFC.sign(message);

        assertThat(DeviceIdentity.verify(RFC.publicKey(), message, signature)).isTrue();
        assertThat(DeviceIdentity.verify(RFC.publicKey(), message, flipped(signature, at)))
                .isFalse();
        assertThat(DeviceIdentity.verify(identity.publicKey(), message, signature)).isFalse();
        if (message.size() > 0) {
            assertThat(DeviceIdentity.verify(RFC.publicKey(), flipped(message, at), signature))
                    .isFalse();
        }
    }

    @Test
    void whatIsNoKeyOrNoSignatureVerifiesNothing() {
        Bytes signature = identity.sign(MESSAGE);
        Bytes noPoint = Bytes.fromHex("02" + "00".repeat(31));
        Bytes neutralPoint = Bytes.fromHex("01" + "00".repeat(31));
        Bytes forAnyMessage = Bytes.fromHex("01" + "00".repeat(63));

        assertThat(DeviceIdentity.verify(Bytes.EMPTY, MESSAGE, signature)).isFalse();
        assertThat(DeviceIdentity.verify(identity.publicKey(), MESSAGE, Bytes.EMPTY)).isFalse();
        assertThat(DeviceIdentity.verify(identity.publicKey(), MESSAGE, signature.slice(0, 63)))
                .isFalse();
        assertThat(DeviceIdentity.verify(noPoint, MESSAGE, signature)).isFalse();
        assertThat(DeviceIdentity.verify(neutralPoint, MESSAGE, forAnyMessage)).isFalse();
    }

    @Property(tries = 200)
    void whatIsNoKeyIsRefusedAsCorrupt(@ForAll @Size(max = 64) byte[] der) {
        assertThatThrownBy(() -> DeviceIdentity.fromPkcs8(Bytes.copyOf(der)))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
                            assertThat(refused.getCause()).isNull();
                        });
    }

    @Test
    void aKeyWithSomethingBehindItIsRefused() {
        byte[] longer = new byte[49];
        identity.toPkcs8().copyTo(longer, 0);

        assertThatThrownBy(() -> DeviceIdentity.fromPkcs8(Bytes.adopt(longer)))
                .isInstanceOf(LoamException.class);
    }

    @Test
    void theCertificateIsSelfSignedAndValidWhateverTheClockSays() throws Exception {
        X509Certificate certificate = identity.certificate();

        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity(Date.from(Instant.parse("2000-01-02T00:00:00Z")));
        certificate.checkValidity(Date.from(Instant.parse("2099-12-30T00:00:00Z")));
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=loam");
        assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=loam");
        assertThat(certificate.getSerialNumber().signum()).isPositive();
        assertThat(identity.certificate()).isEqualTo(certificate);
    }

    @Test
    void theCertificateHoldsTheKeyOfTheIdentity() {
        assertThat(DeviceIdentity.publicKeyIn(identity.certificate()))
                .contains(identity.publicKey());
    }

    @Test
    void printsItsIdAndNothingElse() {
        assertThat(identity).hasToString("DeviceIdentity[" + identity.id() + "]");
    }

    @Test
    void noProviderIsRegistered() {
        identity.certificate();

        assertThat(Security.getProvider("BC")).isNull();
    }

    private static Bytes jdkSignature(PrivateKey key) throws Exception {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(key);
        signer.update(MESSAGE.asBuffer());
        return Bytes.adopt(signer.sign());
    }

    private static Bytes flipped(Bytes bytes, int at) {
        byte[] changed = bytes.toArray();
        int bit = Math.floorMod(at, changed.length * 8);
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        return Bytes.adopt(changed);
    }
}
