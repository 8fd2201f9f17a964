package dev.loam.server;

import dev.loam.Peer;
import dev.loam.PeerLink;
import dev.loam.Progress;
import dev.loam.SyncAmount;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.crypto.DeviceIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** One side of a connection: keys and a peer book in memory, and what it does in a session. */
final class TestDevice {
    /** Long enough never to pass in a test. */
    static final long LONG_MILLIS = 60_000;

    /** For tests that wait until it passes. */
    static final long SHORT_MILLIS = 200;

    final DeviceIdentity identity = DeviceIdentity.generate(new SecureRandom());
    final Map<DeviceId, Peer> peers = new ConcurrentSkipListMap<>();
    final PeerBook book;

    private TestDevice(Consumer<PeerLink> session) {
        this.book =
                new PeerBook(
                        identity,
                        id -> Optional.ofNullable(peers.get(id)),
                        peer -> peers.put(peer.id(), peer),
                        PeerBook.Introductions.NONE,
                        (link, progress) -> {
                            session.accept(link);
                            return new SyncReport(
                                    link.peer(),
                                    "DONE",
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    SyncAmount.NOTHING,
                                    SyncAmount.NOTHING,
                                    List.of(),
                                    0,
                                    Duration.ZERO,
                                    "");
                        });
    }

    static TestDevice with(Consumer<PeerLink> session) {
        return new TestDevice(session);
    }

    /** Sends back the first {@code frames} frames that it receives. */
    static TestDevice echoing(int frames) {
        return with(
                link -> {
                    for (int i = 0; i < frames; i++) {
                        link.send(link.receive());
                    }
                });
    }

    static TestDevice idle() {
        return with(link -> {});
    }

    DeviceId id() {
        return identity.id();
    }

    void trust(TestDevice other) {
        peers.put(other.id(), other.asPeer(List.of()));
    }

    Peer asPeer(List<String> addresses) {
        return new Peer(id(), identity.publicKey(), "device", addresses);
    }

    Peer at(int port) {
        return asPeer(List.of(address(port)));
    }

    static String address(int port) {
        return "127.0.0.1:" + port;
    }

    /** A plain connection. */
    static Socket dial(int port) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    static Environment environment(long stepMillis, long idleMillis) {
        return new Environment(InstantSource.system(), new SecureRandom(), stepMillis, idleMillis);
    }

    PeerServer serve(PeerListener listener) {
        return serve(listener, environment(LONG_MILLIS, LONG_MILLIS));
    }

    PeerServer serve(PeerListener listener, Environment environment) {
        return PeerServer.start(
                book,
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                listener,
                environment);
    }

    PeerClient client() {
        return client(environment(LONG_MILLIS, LONG_MILLIS));
    }

    PeerClient client(Environment environment) {
        return new PeerClient(book, environment);
    }

    SyncReport sync(Peer peer) {
        return client().sync(peer, Progress.NONE);
    }

    /** A link to whoever answers, for conversations that {@link PeerClient} does not hold. */
    TlsLink link(int port) throws Exception {
        return TlsLink.open(
                dial(port),
                new DeviceTls(identity),
                DeviceTls.Side.CLIENT,
                new PeerTrust(any -> {}));
    }

    static Bytes filled(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i * 31 + (i >> 11));
        }
        return Bytes.adopt(content);
    }
}
