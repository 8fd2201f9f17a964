package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides in one handshake whether the other side's key is welcome. Names, dates and issuers in the
 * certificate mean nothing; TLS itself proves that the other side holds the key.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    /** Whose key is welcome. */
    @FunctionalInterface
    interface Admission {
        /**
         * @throws LoamException if {@code device} is not welcome, mostly {@code FORBIDDEN}
         */
        void check(DeviceId device);
    }

    private final Admission admission;
    private volatile Optional<Bytes> presentedKey = Optional.empty();
    private volatile Optional<LoamException> refusal = Optional.empty();

    PeerTrust(Admission admission) {
        this.admission = admission;
    }

    /** The key the other side presented, proven once the handshake has succeeded. */
    Optional<Bytes> presentedKey() {
        return presentedKey;
    }

    /** Why the handshake failed, if the key was not welcome. */
    Optional<LoamException> refusal() {
        return refusal;
    }

    private void check(X509Certificate[] chain, SSLSession session) throws CertificateException {
        Optional<Bytes> key = DeviceIdentity.publicKeyIn(chain[0]);
        presentedKey = key;
        try {
            admission.check(
                    DeviceIdentity.idOf(
                            key.orElseThrow(
                                    () ->
                                            new LoamException(
                                                    ErrorCode.FORBIDDEN,
                                                    "the certificate holds no Ed25519 key"))));
        } catch (LoamException refused) {
            refusal = Optional.of(refused);
            throw new CertificateException(refused);
        }
        // Neither side may resume without this check, so no ticket is made.
        session.invalidate();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, ((SSLSocket) socket).getHandshakeSession());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, ((SSLSocket) socket).getHandshakeSession());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("sockets only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("sockets only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("sockets only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("sockets only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
