package dev.loam.server;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS as two devices speak it: version 1.3 only, a certificate from either side, Ed25519, protocol
 * {@code loam/1}. Every connection has a context of its own, so no session of one can be resumed in
 * another.
 */
final class DeviceTls {
    static final String PROTOCOL = "loam/1";

    /** Which end of a connection. */
    enum Side {
        CLIENT,
        SERVER
    }

    private final DeviceKey key;

    DeviceTls(DeviceIdentity identity) {
        this.key = new DeviceKey(identity);
    }

    /** Puts TLS over a connected socket; the handshake is yet to come. */
    SSLSocket over(Socket raw, Side side, PeerTrust trust) throws IOException {
        SSLSocket tls =
                (SSLSocket)
                        context(trust)
                                .getSocketFactory()
                                .createSocket(
                                        raw,
                                        raw.getInetAddress().getHostAddress(),
                                        raw.getPort(),
                                        true);
        tls.setUseClientMode(side == Side.CLIENT);
        tls.setSSLParameters(parameters());
        return tls;
    }

    private static SSLParameters parameters() {
        SSLParameters parameters =
                new SSLParameters(
                        new String[] {
                            "TLS_AES_256_GCM_SHA384",
                            "TLS_AES_128_GCM_SHA256",
                            "TLS_CHACHA20_POLY1305_SHA256"
                        },
                        new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        parameters.setSignatureSchemes(new String[] {"ed25519"});
        parameters.setNamedGroups(new String[] {"x25519", "secp256r1"});
        parameters.setServerNames(List.of());
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    private SSLContext context(PeerTrust trust) {
        try {
            // By name: the pairing proof needs an implementation with keying material exporters.
            SSLContext context = SSLContext.getInstance("TLSv1.3", "SunJSSE");
            context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "this Java runtime has no TLS 1.3 of its own (provider SunJSSE); use a complete"
                            + " JDK 25",
                    missing);
        }
    }
}
