package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live sessions over TLS that come back by themselves. */
@Timeout(60)
class PeerFollowerTest {
    private static final String VAULT = "notes";

    @TempDir Path directory;
    private final Events served = new Events();
    private final Events followed = new Events();
    private final Semaphore moved = new Semaphore(0);
    private Loam desk;
    private Loam laptop;

    @BeforeEach
    void opens() {
        desk = Loam.open(directory.resolve("desk"), LoamOptions.unencrypted());
        laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted());
        desk.vault(VAULT).put(Memory.of("first").key("first"));
    }

    @AfterEach
    void closes() {
        laptop.close();
        desk.close();
    }

    private PeerFollower follow(Peer host) {
        SyncOptions live = SyncOptions.live().progress((durable, bytes, total) -> moved.release());
        return PeerFollower.start(laptop, List.of(host), live, followed);
    }

    /** Looks after each progress of the follower. */
    private void awaitAgreement() throws InterruptedException {
        while (!laptop.digest().equals(desk.digest())) {
            moved.acquire();
        }
    }

    @Test
    void whatEitherSideWritesReachesTheOtherUntilTheFollowerIsClosed() throws Exception {
        try (PeerServer server = PeerServer.start(desk, 0, served)) {
            Peer host = PeerClient.pair(laptop, server.offerPairing(List.of()), "laptop");
            try (PeerFollower _ = follow(host)) {
                awaitAgreement();
                desk.vault(VAULT).put(Memory.of("from the desk").key("d"));
                awaitAgreement();
                laptop.vault(VAULT).put(Memory.of("from the laptop").key("l"));
                awaitAgreement();
                assertThat(desk.vault(VAULT).get("l")).isPresent();
            }
            assertThat(followed.next(SyncReport.class).reason()).isEqualTo("PAUSED");
        }
    }

    @Test
    void aPeerThatGoesAwayIsMetAgainWhenItIsBack() throws Exception {
        PeerServer server = PeerServer.start(desk, 0, served);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        Peer host = PeerClient.pair(laptop, server.offerPairing(List.of()), "laptop");
        try (PeerFollower _ = follow(host)) {
            awaitAgreement();
            server.close();
            assertThat(followed.next(SyncReport.class).reason()).isEqualTo("CONNECTION");
            desk.vault(VAULT).put(Memory.of("meanwhile").key("m"));
            followed.nextRefused(ErrorCode.CONNECTION);

            try (PeerServer _ = PeerServer.start(desk, address, served)) {
                awaitAgreement();
            }
        } finally {
            server.close();
        }
        assertThat(laptop.vault(VAULT).get("m")).isPresent();
    }
}
