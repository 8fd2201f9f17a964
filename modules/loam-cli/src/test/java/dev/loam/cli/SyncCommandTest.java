package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.SyncAmount;
import dev.loam.SyncOptions;
import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import dev.loam.server.PeerServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two devices: one serves in a process of its own, the other is this process. */
@Timeout(120)
final class SyncCommandTest {
    @TempDir private Path first;
    @TempDir private Path second;

    @Test
    void aPairedDeviceGetsWhatItLacksAndBothKeepConflictingValues() throws Exception {
        Run.of(first, "remember", "Spare key: blue pot", "--key=key", "--no-model");
        serveWhile(
                pairing -> {
                    assertOk(Run.of(second, "sync", "pair", pairing, "--name=laptop"));
                    assertOk(Run.of(second, "sync", "now"));
                });
        assertThat(Run.of(second, "get", "key").out()).endsWith("\nSpare key: blue pot\n");

        Run.of(first, "remember", "Spare key: shed", "--key=key", "--no-model");
        Run.of(second, "remember", "Spare key: neighbour", "--key=key", "--no-model");
        serveWhile(
                pairing -> {
                    assertOk(Run.of(second, "sync", "pair", pairing));
                    Run now = Run.of(second, "sync", "now", "--json");
                    assertOk(now);
                    assertThat(now.out()).contains("\"done\":true");
                });

        Run here = Run.of(first, "get", "key");
        assertThat(here.out())
                .contains("Spare key: shed")
                .contains("Spare key: neighbour")
                .contains("text was also changed elsewhere");
        assertThat(Run.of(second, "get", "key").out()).isEqualTo(here.out());
    }

    @Test
    void aPeerThatIsNotThereFailsTheRun() {
        Path store = first.resolve(".loam");
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted());
                PeerServer server = PeerServer.start(loam, 0, new Deaf())) {
            String pairing = server.offerPairing(List.of()).toText();
            assertOk(Run.of(second, "sync", "pair", pairing));
        }
        Run now = Run.of(second, "sync", "now", "--json");
        assertThat(now.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(now.err()).startsWith("loam: CONNECTION: ");
        assertThat(now.document().members()).containsOnlyKeys("peers");
    }

    /** The other device follows in a process of its own, until SIGTERM. */
    @Test
    void aDeviceThatStaysGetsWhatIsWrittenMeanwhile() throws Exception {
        LinkedBlockingQueue<SyncAmount> delivered = new LinkedBlockingQueue<>();
        SyncOptions told =
                SyncOptions.live()
                        .progress(
                                (durable, bytes, total) -> {
                                    if (durable == total.batches()) {
                                        delivered.add(total);
                                    }
                                });
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Loam loam = Loam.open(first.resolve(".loam"), LoamOptions.unencrypted());
                PeerServer server = PeerServer.start(loam, loopback, new Deaf(), told)) {
            loam.vault("main").put(Memory.of("before").key("k1"));
            String pairing = server.offerPairing(List.of()).toText();
            assertOk(Run.of(second, "sync", "pair", pairing));
            assertOk(Run.of(second, "sync", "now"));
            delivered.clear();
            String text = "x".repeat(10_000);
            try (ChildProcess follower = follow()) {
                // The session has begun, and what was there before is delivered or about to be.
                SyncAmount _ = delivered.take();
                loam.vault("main").put(Memory.of(text).key("k2"));
                while (delivered.take().bytes() < text.length()) {
                    // Not yet: that was of what was there before.
                }
                ProcessHandle.of(follower.pid()).orElseThrow().destroy();
                List<String> events = follower.readLines(2);
                assertThat(follower.exitCode()).isEqualTo(128 + 15);
                assertThat(events).hasSize(1).first().asString().contains("\"synced\"", "PAUSED");
            }
        }
        assertThat(Run.of(second, "get", "k2").out()).contains("x".repeat(10_000));
    }

    private ChildProcess follow() {
        return ChildProcess.start(
                second.resolve("follow.log"),
                List.of("sync", "now", "--live", "--json", "--store=" + second.resolve(".loam")));
    }

    @Test
    void withoutPeersThereIsNothingToSync() {
        Run.of(first, "remember", "t", "--no-model");
        assertThat(Run.of(first, "sync", "now").code()).isEqualTo(ExitCode.NOT_FOUND.number());
    }

    private interface Guest {
        void visit(String pairing);
    }

    /** Ends the server with SIGTERM, after which the store must have been closed. */
    private void serveWhile(Guest guest) throws Exception {
        Path log = first.resolve("serve.log");
        Path store = first.resolve(".loam");
        try (ChildProcess server =
                ChildProcess.start(
                        log, List.of("sync", "serve", "--pair", "--json", "--store=" + store))) {
            List<String> events = server.readLines(2);
            assertThat(events).as(Files.readString(log)).hasSize(2);
            JsonObject pairing = (JsonObject) JsonValue.parse(events.get(1));
            guest.visit(((JsonValue.Text) pairing.member("text").orElseThrow()).text());
            ProcessHandle.of(server.pid()).orElseThrow().destroy();
            assertThat(server.exitCode()).isEqualTo(128 + 15);
        }
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            assertThat(loam.openReport().cleanlyClosed()).isTrue();
        }
    }

    private static void assertOk(Run run) {
        assertThat(run.code()).as(run.err()).isZero();
    }
}
