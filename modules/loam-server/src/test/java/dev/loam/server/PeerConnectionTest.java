package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Peer;
import dev.loam.PeerLink;
import dev.loam.Progress;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Who gets a connection, who does not, and what they are told. */
class PeerConnectionTest {
    private final Events events = new Events();

    @Test
    void anUnknownDeviceIsRefusedOnBothSidesAndNoSessionBegins() throws Exception {
        BlockingQueue<String> sessions = new LinkedBlockingQueue<>();
        TestDevice host = TestDevice.with(link -> sessions.add("host"));
        TestDevice stranger = TestDevice.with(link -> sessions.add("stranger"));

        try (PeerServer server = host.serve(events)) {
            LoamException refused =
                    refusal(ErrorCode.FORBIDDEN, () -> stranger.sync(host.at(server.port())));

            assertThat(refused).hasMessageContaining("pair");
            assertThat(events.nextRefused(ErrorCode.FORBIDDEN).why())
                    .contains(stranger.id().toString());
        }
        assertThat(sessions).isEmpty();
        assertThat(host.peers).isEmpty();
    }

    @Test
    void aServerThatIsAnotherDeviceIsRefusedByTheClient() throws Exception {
        TestDevice impostor = TestDevice.idle();
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        impostor.trust(client);

        try (PeerServer server = impostor.serve(events)) {
            LoamException refused =
                    refusal(ErrorCode.FORBIDDEN, () -> client.sync(host.at(server.port())));

            assertThat(refused).hasMessageContaining(impostor.id().toString());
            events.nextRefused(ErrorCode.CONNECTION);
        }
    }

    @Test
    void theClientTriesTheAddressesInTurn() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            List<String> addresses =
                    List.of(
                            TestDevice.address(closedPort()),
                            "nobody.invalid:1",
                            TestDevice.address(server.port()));

            assertThat(client.sync(host.asPeer(addresses)).isDone()).isTrue();
        }
    }

    @Test
    void whereNothingListensTheErrorIsConnectionAndSaysWhere() throws Exception {
        String address = TestDevice.address(closedPort());
        TestDevice client = TestDevice.idle();

        LoamException failed =
                refusal(
                        ErrorCode.CONNECTION,
                        () -> client.sync(client.asPeer(List.of("nobody.invalid:1", address))));

        assertThat(failed).hasMessageContaining(address);
        assertThat(failed.getSuppressed()).hasSize(1);
    }

    @Test
    void aRefusalIsToldRatherThanAnAddressThatDoesNotAnswer() throws Exception {
        TestDevice host = TestDevice.idle();

        try (PeerServer server = host.serve(events)) {
            List<String> addresses =
                    List.of(TestDevice.address(server.port()), TestDevice.address(closedPort()));

            refusal(ErrorCode.FORBIDDEN, () -> TestDevice.idle().sync(host.asPeer(addresses)));
        }
    }

    @Test
    void aPeerWithoutAddressesCannotBeCalled() {
        TestDevice client = TestDevice.idle();

        refusal(ErrorCode.INVALID_ARGUMENT, () -> client.sync(client.asPeer(List.of())));
    }

    @Test
    void aClientThatNeverSpeaksTimesOut() throws Exception {
        TestDevice host = TestDevice.idle();
        Environment hasty = TestDevice.environment(TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS);

        try (PeerServer server = host.serve(events, hasty);
                Socket silent = TestDevice.dial(server.port())) {
            events.nextRefused(ErrorCode.TIMEOUT);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aPeerThatIsConnectedButNeverOpensTimesOut() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);
        Environment hasty = TestDevice.environment(TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS);

        try (PeerServer server = host.serve(events, hasty);
                TlsLink link = client.link(server.port())) {
            events.nextRefused(ErrorCode.TIMEOUT);
            refusal(ErrorCode.CONNECTION, link::receive);
        }
    }

    @Test
    void aServerThatNeverShakesHandsTimesOut() throws Exception {
        TestDevice client = TestDevice.idle();
        PeerClient hasty =
                client.client(
                        TestDevice.environment(TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS));

        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refusal(
                    ErrorCode.TIMEOUT,
                    () -> hasty.sync(client.at(silent.getLocalPort()), Progress.NONE));
        }
    }

    @Test
    void aServerThatDoesNotAdmitInTimeHasRefused() throws Exception {
        TestDevice host = TestDevice.idle();
        PeerClient hasty =
                TestDevice.idle()
                        .client(
                                TestDevice.environment(
                                        TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS));

        try (FakeServer server =
                FakeServer.of(
                        host,
                        (link, out) -> {
                            Greeting.SESSION.receive(link);
                            link.receive();
                        })) {
            refusal(ErrorCode.FORBIDDEN, () -> hasty.sync(host.at(server.port()), Progress.NONE));
        }
    }

    @Test
    void plainGarbageDoesNoHarm() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            for (Bytes garbage :
                    List.of(
                            Bytes.ofUtf8("GET / HTTP/1.1\r\nHost: loam\r\n\r\n"),
                            Bytes.fromHex("16030100ff"),
                            TestDevice.filled(100_000))) {
                try (Socket socket = TestDevice.dial(server.port())) {
                    writeAsFarAsTaken(socket, garbage);
                }
                events.nextRefused(ErrorCode.CONNECTION);
            }

            assertThat(client.sync(host.at(server.port())).isDone()).isTrue();
        }
    }

    @Test
    void aPeerThatOpensWithNonsenseIsTurnedAway() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            for (Bytes nonsense :
                    List.of(
                            Bytes.EMPTY,
                            Bytes.fromHex("63"),
                            Greeting.HELLO_OK.frame(),
                            Greeting.SESSION.frame(TestDevice.filled(657)),
                            Greeting.PAIRING.frame(TestDevice.filled(31)),
                            Greeting.PAIRING.frame(TestDevice.filled(33)))) {
                try (TlsLink link = client.link(server.port())) {
                    link.send(nonsense);
                    events.nextRefused(ErrorCode.CONNECTION);
                }
            }
            try (TlsLink link = client.link(server.port())) {
                link.send(TestDevice.filled(Greeting.BYTES_MAX + 1));
                events.nextRefused(ErrorCode.LIMIT_EXCEEDED);
            }
        }
    }

    @Test
    void moreConnectionsThanTheLimitWaitUntilOneEnds() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);
        PeerClient hasty =
                client.client(
                        TestDevice.environment(TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS));
        List<Socket> silent = new ArrayList<>();

        try (PeerServer server = host.serve(events)) {
            for (int i = 0; i < PeerServer.CONNECTIONS_MAX; i++) {
                silent.add(TestDevice.dial(server.port()));
            }
            refusal(ErrorCode.TIMEOUT, () -> hasty.sync(host.at(server.port()), Progress.NONE));

            silent.removeFirst().close();

            assertThat(client.sync(host.at(server.port())).isDone()).isTrue();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whatAListenerThrowsStaysOutsideTheConnection() throws Exception {
        TestDevice host = TestDevice.idle();
        TestDevice client = TestDevice.idle();
        host.trust(client);
        PeerListener faulty =
                new PeerListener() {
                    @Override
                    public void paired(Peer peer) {
                        throw new IllegalStateException("listener");
                    }

                    @Override
                    public void synced(SyncReport report) {
                        events.synced(report);
                        throw new IllegalStateException("listener");
                    }

                    @Override
                    public void refused(String address, ErrorCode code, String why) {
                        throw new IllegalStateException("listener");
                    }
                };

        BlockingQueue<String> reported = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> reported.add(thrown.getMessage()));
        try (PeerServer server = host.serve(faulty)) {
            for (int i = 0; i < 2; i++) {
                client.sync(host.at(server.port()));
                events.next(SyncReport.class);
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(reported).containsExactly("listener", "listener");
    }

    @Test
    void closingTheServerEndsItsSessionsAndFreesThePort() throws Exception {
        TestDevice host = TestDevice.with(PeerLink::receive);
        TestDevice client = TestDevice.idle();
        host.trust(client);

        PeerServer server = host.serve(events);
        try (server;
                TlsLink link = client.link(server.port())) {
            link.send(Greeting.SESSION.frame());
            Greeting.HELLO_OK.receive(link);

            server.close();

            refusal(ErrorCode.CONNECTION, link::receive);
            events.nextRefused(ErrorCode.CONNECTION);
        }
        refusal(ErrorCode.CONNECTION, () -> client.sync(host.at(server.port())));
        refusal(ErrorCode.CLOSED, () -> server.offerPairing(List.of()));
    }

    @Test
    void aPortThatIsTakenIsReportedByAddress() {
        TestDevice host = TestDevice.idle();

        try (PeerServer first = host.serve(events)) {
            LoamException failed =
                    refusal(
                            ErrorCode.CONNECTION,
                            () ->
                                    PeerServer.start(
                                                    host.book,
                                                    new InetSocketAddress(
                                                            InetAddress.ofLiteral("127.0.0.1"),
                                                            first.port()),
                                                    events,
                                                    Environment.system())
                                            .close());
            assertThat(failed).hasMessageContaining(TestDevice.address(first.port()));
        }
    }

    private static void writeAsFarAsTaken(Socket socket, Bytes garbage) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(garbage.toArray());
            socket.shutdownOutput();
        } catch (IOException closedEarly) {
            // The server had seen enough.
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return briefly.getLocalPort();
        }
    }
}
