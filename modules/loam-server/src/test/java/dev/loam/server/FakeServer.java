package dev.loam.server;

import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** Holds one conversation with whoever connects, in the way the test likes, and hangs up. */
final class FakeServer implements AutoCloseable {
    private final ServerSocket socket;

    interface Conversation {
        /**
         * @param out carries bytes to the client inside TLS, outside frames
         */
        void hold(TlsLink link, OutputStream out) throws IOException;
    }

    private FakeServer(ServerSocket socket) {
        this.socket = socket;
    }

    static FakeServer of(TestDevice device, Conversation conversation) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Thread.startVirtualThread(() -> serve(socket, device, conversation));
        return new FakeServer(socket);
    }

    private static void serve(ServerSocket socket, TestDevice device, Conversation conversation) {
        try (Socket raw = socket.accept()) {
            PeerTrust trust = new PeerTrust(any -> {});
            SSLSocket tls = new DeviceTls(device.identity).over(raw, DeviceTls.Side.SERVER, trust);
            try (TlsLink link = TlsLink.open(raw, tls, trust)) {
                conversation.hold(link, tls.getOutputStream());
            }
        } catch (IOException | LoamException ended) {
            // The client has what it needs.
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
