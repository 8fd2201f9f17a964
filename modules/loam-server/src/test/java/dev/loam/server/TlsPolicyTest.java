package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server demands of TLS, asked by a client of plain JSSE that would agree to anything. */
class TlsPolicyTest {
    private static final Bytes SESSION = Bytes.fromHex("0000000101");
    private static final Bytes HELLO_OK = Bytes.fromHex("0000000103");

    private final Events events = new Events();
    private final TestDevice host = TestDevice.echoing(1);
    private final TestDevice client = TestDevice.idle();
    private final PeerServer server = host.serve(events);

    @BeforeEach
    void pairs() {
        host.trust(client);
    }

    @AfterEach
    void closes() {
        server.close();
    }

    @Test
    void aPairedDeviceIsAdmittedByOneByte() throws Exception {
        try (SSLSocket socket = connect(context(deviceKey()), "TLSv1.3", List.of("loam/1"))) {
            assertThat(exchange(socket, SESSION, HELLO_OK.size())).isEqualTo(HELLO_OK);
        }
    }

    @Test
    void olderTlsIsRefused() throws Exception {
        try (SSLSocket socket = connect(context(deviceKey()), "TLSv1.2", List.of("loam/1"))) {
            assertRefused(socket);
        }
    }

    @Test
    void anotherProtocolIsRefused() throws Exception {
        try (SSLSocket socket = connect(context(deviceKey()), "TLSv1.3", List.of("loam/2"))) {
            assertRefused(socket);
        }
    }

    @Test
    void noProtocolIsRefused() throws Exception {
        try (SSLSocket socket = connect(context(deviceKey()), "TLSv1.3", List.of())) {
            assertRefused(socket);
        }
    }

    @Test
    void aClientWithoutCertificateIsRefused() throws Exception {
        try (SSLSocket socket = connect(context(), "TLSv1.3", List.of("loam/1"))) {
            assertRefused(socket);
        }
    }

    @Test
    void noSessionCanBeResumed() throws Exception {
        SSLContext context = context(deviceKey());
        try (SSLSocket first = connect(context, "TLSv1.3", List.of("loam/1"))) {
            exchange(first, SESSION, HELLO_OK.size());
            // A ticket would stand before the echo.
            assertThat(exchange(first, SESSION, SESSION.size())).isEqualTo(SESSION);
        }

        // What the handshake itself left; each ticket would add one.
        assertThat(Collections.list(context.getClientSessionContext().getIds())).hasSize(1);
        host.peers.clear();
        try (SSLSocket second = connect(context, "TLSv1.3", List.of("loam/1"))) {
            assertThatThrownBy(() -> exchange(second, SESSION, HELLO_OK.size()))
                    .isInstanceOf(IOException.class);
        }
    }

    private void assertRefused(SSLSocket socket) throws Exception {
        assertThatThrownBy(() -> exchange(socket, SESSION, HELLO_OK.size()))
                .isInstanceOf(IOException.class);
        events.nextRefused(ErrorCode.CONNECTION);
    }

    private KeyManager deviceKey() {
        return new DeviceKey(client.identity);
    }

    private static SSLContext context(KeyManager... keys) throws Exception {
        X509TrustManager anybody =
                new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {anybody}, null);
        return context;
    }

    private SSLSocket connect(SSLContext context, String version, List<String> protocols)
            throws IOException {
        Socket raw = TestDevice.dial(server.port());
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(raw, "127.0.0.1", server.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols.toArray(new String[0]));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static Bytes exchange(SSLSocket socket, Bytes request, int answerBytes)
            throws IOException {
        socket.getOutputStream().write(request.toArray());
        InputStream in = socket.getInputStream();
        byte[] answer = in.readNBytes(answerBytes);
        if (answer.length < answerBytes) {
            throw new IOException("closed");
        }
        return Bytes.adopt(answer);
    }
}
