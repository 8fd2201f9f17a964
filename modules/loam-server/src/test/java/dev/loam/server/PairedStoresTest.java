package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.Progress;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores on disk that meet through the public API. */
class PairedStoresTest {
    private static final String VAULT = "notes";

    @TempDir Path directory;
    private final Events events = new Events();
    private Loam desk;
    private Loam laptop;

    @BeforeEach
    void opens() {
        desk = Loam.open(directory.resolve("desk"), LoamOptions.unencrypted());
        laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted());
    }

    @AfterEach
    void closes() {
        laptop.close();
        desk.close();
    }

    @Test
    void whatEitherSideWroteIsOnBothAfterPairingAndOneSync() throws Exception {
        desk.vault(VAULT).put(Memory.of("from the desk").key("desk"));
        try (PeerServer server = PeerServer.start(desk, 0, events)) {
            Peer host = PeerClient.pair(laptop, server.offerPairing(List.of()), "laptop");
            PeerClient.sync(laptop, host, Progress.NONE);
            laptop.vault(VAULT).put(Memory.of("from the laptop").key("laptop"));

            SyncReport report = PeerClient.sync(laptop, host, Progress.NONE);

            assertThat(report.reason()).isEqualTo("DONE");
            assertThat(events.next(Peer.class)).isEqualTo(desk.peers().getFirst());
            assertThat(events.next(SyncReport.class).reason()).isEqualTo("DONE");
            assertThat(events.next(SyncReport.class).reason()).isEqualTo("DONE");
        }
        assertThat(desk.digest()).isEqualTo(laptop.digest());
        assertThat(desk.vault(VAULT).get("laptop").map(Memory::text)).contains("from the laptop");
        assertThat(laptop.vault(VAULT).get("desk").map(Memory::text)).contains("from the desk");
    }

    @Test
    void aRemovedDevicesSessionEndsAsRevokedAndItIsRefusedFromThenOn() throws Exception {
        desk.vault(VAULT).put(Memory.of("from the desk").key("desk"));
        try (PeerServer server = PeerServer.start(desk, 0, events)) {
            Peer host = PeerClient.pair(laptop, server.offerPairing(List.of()), "laptop");
            events.next(Peer.class);
            try (TlsLink link = admitted(server)) {
                assertThat(link.receive().size()).isPositive();
                assertThat(desk.peerStatuses().getFirst().isConnected()).isTrue();

                desk.removePeer(laptop.identity().id());

                refusal(ErrorCode.CONNECTION, () -> drain(link));
                assertThat(events.next(SyncReport.class).reason()).isEqualTo("REVOKED");
            }
            refusal(ErrorCode.FORBIDDEN, () -> PeerClient.sync(laptop, host, Progress.NONE));
            events.nextRefused(ErrorCode.FORBIDDEN);
        }
        assertThat(desk.peers()).isEmpty();
        assertThat(laptop.vaults()).isEmpty();
    }

    /** A session as the laptop would open it, in which it then says nothing. */
    private TlsLink admitted(PeerServer server) throws Exception {
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

    private static void drain(TlsLink link) {
        while (true) {
            link.receive();
        }
    }

    @Test
    void aStrangerLeavesTheStoreAsItWas() throws Exception {
        desk.vault(VAULT).put(Memory.of("from the desk").key("desk"));
        String before = desk.digest();
        try (PeerServer server = PeerServer.start(desk, 0, events)) {
            Peer host =
                    new Peer(
                            desk.identity().id(),
                            desk.identity().publicKey(),
                            "desk",
                            List.of(TestDevice.address(server.port())));

            refusal(ErrorCode.FORBIDDEN, () -> PeerClient.sync(laptop, host, Progress.NONE));

            events.nextRefused(ErrorCode.FORBIDDEN);
        }
        assertThat(desk.peers()).isEmpty();
        assertThat(desk.digest()).isEqualTo(before);
        assertThat(laptop.vaults()).isEmpty();
    }
}
