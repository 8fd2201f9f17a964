package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Parked;
import dev.loam.Peer;
import dev.loam.PeerLink;
import dev.loam.Progress;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a paired device may do wrong, over TLS, to a store on disk. */
@Timeout(60)
class HostilePeersTest {
    private static final String VAULT = "notes";
    private static final byte BATCHES = 3;

    @TempDir Path directory;
    private final Events events = new Events();
    private Loam desk;
    private Loam laptop;
    private PeerServer server;
    private Peer host;

    @BeforeEach
    void opensAndPairs() throws Exception {
        desk = Loam.open(directory.resolve("desk"), LoamOptions.unencrypted());
        laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted());
        desk.vault(VAULT).put(Memory.of("from the desk").key("desk"));
        server = PeerServer.start(desk, 0, events);
        host = PeerClient.pair(laptop, server.offerPairing(List.of()), "laptop");
        events.next(Peer.class);
        assertThat(PeerClient.sync(laptop, host, Progress.NONE).isDone()).isTrue();
        events.next(SyncReport.class);
    }

    @AfterEach
    void closes() {
        server.close();
        laptop.close();
        desk.close();
    }

    private TlsLink admitted() throws Exception {
        TlsLink link =
                TlsLink.open(
                        TestDevice.dial(server.port()),
                        new DeviceTls(laptop.identity()),
                        DeviceTls.Side.CLIENT,
                        new PeerTrust(any -> {}));
        link.send(Greeting.SESSION.frame());
        Greeting.HELLO_OK.receive(link);
        return link;
    }

    private interface Misdeed {
        void done(TlsLink link) throws Exception;
    }

    /** The session ends for that reason, the store is as it was, and an honest session goes on. */
    private void check(String reason, Misdeed misdeed) throws Exception {
        String before = desk.digest();
        try (TlsLink honest = admitted()) {
            try (TlsLink link = admitted()) {
                misdeed.done(link);
                assertThat(events.next(SyncReport.class).reason()).isEqualTo(reason);
            }
            assertThat(desk.digest()).isEqualTo(before);
            laptop.sync(honest, Progress.NONE);
            assertThat(events.next(SyncReport.class).reason()).isEqualTo("DONE");
        }
        assertThat(desk.digest()).isEqualTo(laptop.digest());
    }

    private static Bytes bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Bytes.adopt(bytes);
    }

    @Test
    void aVersionFromTheFuture() throws Exception {
        check("VERSION", link -> link.send(bytes(1, 2, 0, 0)));
    }

    @Test
    void bytesThatAreNoFrame() throws Exception {
        check("PROTOCOL", link -> link.send(bytes(0x7f, 1, 2, 3)));
    }

    @Test
    void aFrameOutOfTurn() throws Exception {
        check("PROTOCOL", link -> link.send(bytes(6, 0)));
    }

    @Test
    void aBatchThatItsAuthorDidNotSeal() throws Exception {
        laptop.vault(VAULT).put(Memory.of("forged").key("f"));
        check("BAD_SEAL", link -> laptop.sync(new Altering(link, 1), Progress.NONE));
    }

    /** Changes a byte of each frame of batches, so many from its end. */
    private record Altering(PeerLink link, int fromEnd) implements PeerLink {
        @Override
        public DeviceId peer() {
            return link.peer();
        }

        @Override
        public void send(Bytes frame) {
            byte[] altered = frame.toArray();
            if (altered[0] == BATCHES) {
                altered[altered.length - fromEnd] ^= 1;
            }
            link.send(Bytes.adopt(altered));
        }

        @Override
        public Bytes receive() {
            return link.receive();
        }

        @Override
        public void close() {
            link.close();
        }
    }

    @Test
    void aBatchThatWasChangedAfterItsAuthorSealedIt() throws Exception {
        laptop.vault(VAULT).put(Memory.of("forged").key("f"));
        // The last letter of the text lies before the seal.
        String before = desk.digest();
        try (TlsLink link = admitted()) {
            laptop.sync(new Altering(link, 64 + 1), Progress.NONE);
        }
        assertThat(events.next(SyncReport.class).reason()).isIn("BAD_SEAL", "PROTOCOL");
        assertThat(desk.digest()).isEqualTo(before);
    }

    @Test
    void aFrameOverItsLimit() throws Exception {
        String before = desk.digest();
        try (Socket raw = TestDevice.dial(server.port());
                var tls =
                        new DeviceTls(laptop.identity())
                                .over(raw, DeviceTls.Side.CLIENT, new PeerTrust(any -> {}))) {
            tls.startHandshake();
            Bytes opening = Greeting.SESSION.frame();
            ByteBuffer out = ByteBuffer.allocate(8 + opening.size());
            out.putInt(opening.size()).put(opening.toArray());
            out.putInt(PeerLink.FRAME_BYTES_MAX + 1);
            tls.getOutputStream().write(out.array());

            assertThat(events.next(SyncReport.class).reason()).isEqualTo("LIMIT_EXCEEDED");
        }
        assertThat(desk.digest()).isEqualTo(before);
    }

    @Test
    void aHandshakeThatDripsInEndsInTimeAndOthersAreServedMeanwhile() throws Exception {
        TestDevice slow = TestDevice.idle();
        Environment hasty = TestDevice.environment(TestDevice.SHORT_MILLIS, TestDevice.LONG_MILLIS);
        Events told = new Events();
        CountDownLatch ended = new CountDownLatch(1);
        try (PeerServer other = slow.serve(told, hasty);
                Socket dripping = TestDevice.dial(other.port())) {
            Thread drip = Thread.ofVirtual().start(() -> drip(dripping, ended));
            assertThat(PeerClient.sync(laptop, host, Progress.NONE).isDone()).isTrue();
            told.nextRefused(ErrorCode.TIMEOUT);
            ended.countDown();
            drip.join();
        }
    }

    /** Begins a TLS record of 16 KiB and sends it a byte at a time. */
    private static void drip(Socket socket, CountDownLatch ended) {
        try {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0});
            while (!ended.await(1, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write(1);
            }
        } catch (IOException closed) {
            ended.countDown();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBatchOfAClockAnHourAheadWaitsAndIsNamed() throws Exception {
        laptop.close();
        laptop =
                Loam.open(
                        directory.resolve("laptop"),
                        LoamOptions.unencrypted()
                                .clock(() -> Instant.now().plus(Duration.ofHours(1))));
        laptop.vault(VAULT).put(Memory.of("later").key("l"));
        String before = desk.digest();

        SyncReport report = PeerClient.sync(laptop, host, Progress.NONE);

        assertThat(report.reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(report.clockAhead()).isGreaterThan(Duration.ofMinutes(50));
        assertThat(events.next(SyncReport.class).reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(desk.digest()).isEqualTo(before);
        assertThat(desk.parked()).extracting(Parked::reason).containsExactly("CLOCK");
    }

    @Test
    void aPeerThatHoldsTheStoreOfAnother() throws Exception {
        try (Loam stranger = Loam.open(directory.resolve("other"), LoamOptions.unencrypted())) {
            String before = desk.digest();
            refusal(ErrorCode.FORBIDDEN, () -> PeerClient.sync(stranger, host, Progress.NONE));
            events.nextRefused(ErrorCode.FORBIDDEN);
            assertThat(desk.digest()).isEqualTo(before);
        }
    }
}
