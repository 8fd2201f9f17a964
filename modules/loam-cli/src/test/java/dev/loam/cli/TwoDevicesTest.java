package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.Update;
import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command line says of a store that has exchanged with another device. */
@Timeout(120)
final class TwoDevicesTest {
    @TempDir private Path first;
    @TempDir private Path second;

    @BeforeEach
    void bothHaveTheSame() {
        write(first, loam -> loam.vault("main").put(Memory.of("t").key("k")));
        try (Loam here = open(first);
                Loam there = open(second);
                PeerServer server = PeerServer.start(here, 0, new Deaf())) {
            Peer host = PeerClient.pair(there, server.offerPairing(List.of()), "other");
            assertThat(PeerClient.sync(there, host, SyncOptions.once()).isDone()).isTrue();
        }
    }

    private static Loam open(Path home) {
        return Loam.open(home.resolve(".loam"), LoamOptions.unencrypted());
    }

    private static void write(Path home, Consumer<Loam> change) {
        try (Loam loam = open(home)) {
            change.accept(loam);
        }
    }

    /** The second device connects; its clock is {@code ahead}, and it writes then. */
    private void exchange(Duration ahead, Consumer<Loam> change) {
        LoamOptions clock = LoamOptions.unencrypted().clock(() -> Instant.now().plus(ahead));
        try (Loam here = open(first);
                Loam there = Loam.open(second.resolve(".loam"), clock);
                PeerServer server = PeerServer.start(here, 0, new Deaf())) {
            change.accept(there);
            Peer known = there.peers().getFirst();
            Peer now =
                    new Peer(
                            known.id(),
                            known.publicKey(),
                            known.name(),
                            List.of("127.0.0.1:" + server.port()));
            PeerClient.sync(there, now, SyncOptions.once());
        }
    }

    private static void set(Loam loam, String field, String value) {
        loam.vault("main").update("k", Update.none().set(field, value));
    }

    private static String text(JsonValue object, String member) {
        return ((JsonValue.Text) ((JsonObject) object).member(member).orElseThrow()).text();
    }

    @Test
    void conflictsListsEachFieldWithAllValuesTheWinnerFirst() {
        write(first, loam -> set(loam, "colour", "blue"));
        exchange(Duration.ofMinutes(1), there -> set(there, "colour", "red"));

        assertThat(Run.of(first, "conflicts").out())
                .isEqualTo("k  colour: red\n    or blue\n")
                .isEqualTo(Run.of(second, "conflicts").out());
        List<JsonValue> listed = Run.of(first, "conflicts", "--json").elements("conflicts");
        assertThat(listed)
                .hasToString(
                        "[{\"key\":\"k\",\"field\":\"colour\",\"values\":[\"red\",\"blue\"]}]");
    }

    @Test
    void conflictsGoesOnPageByPage() {
        write(first, loam -> loam.vault("main").put(Memory.of("of the first").key("a")));
        write(first, loam -> set(loam, "colour", "blue"));
        exchange(
                Duration.ofMinutes(1),
                there -> {
                    there.vault("main").put(Memory.of("of the second").key("a"));
                    set(there, "colour", "red");
                });

        Run page = Run.of(first, "conflicts", "--limit=1");
        assertThat(page.out()).startsWith("a  text: of the second\n").doesNotContain("colour");
        assertThat(page.err()).contains("more: --cursor a");
        assertThat(Run.of(first, "conflicts", "--cursor=a").out()).startsWith("k  colour: red\n");
        assertThat(text(Run.of(first, "conflicts", "--limit=1", "--json").document(), "next"))
                .isEqualTo("a");
    }

    @Test
    void withoutConflictsNothingIsListed() {
        assertThat(Run.of(first, "conflicts").out()).isEmpty();
        assertThat(Run.of(first, "conflicts", "--json").out().strip())
                .isEqualTo("{\"conflicts\":[]}");
    }

    @Test
    void statusNamesWhatWaitsForTheClock() {
        exchange(Duration.ofHours(1), there -> set(there, "colour", "red"));

        assertThat(Run.of(first, "status").out())
                .contains("CLOCK_AHEAD", "  waiting  batch ", "; can be taken at ")
                .containsPattern("batch [0-9]+ of [0-9a-f]{32} \\(CLOCK\\), written 20");
        List<JsonValue> waiting = Run.of(first, "status", "--json").elements("waiting");
        assertThat(waiting).hasSize(1);
        assertThat(text(waiting.getFirst(), "reason")).isEqualTo("CLOCK");
        assertThat(text(waiting.getFirst(), "peer"))
                .isEqualTo(text(Run.of(second, "status", "--json").document(), "device"));
    }

    @Test
    void statusOfAStoreThatHasEverythingNamesNothing() {
        assertThat(Run.of(first, "status").out()).doesNotContain("waiting");
        assertThat(Run.of(first, "status", "--json").elements("waiting")).isEmpty();
    }

    @Test
    void statusNamesWhoAloneHoldsBackPruning() {
        write(
                first,
                loam -> {
                    for (int i = 0; i < 10; i++) {
                        set(loam, "colour", "number " + i);
                    }
                });

        assertThat(Run.of(first, "status").out()).containsPattern("it alone keeps [0-9]+ oper");
        JsonObject peer =
                (JsonObject) Run.of(first, "status", "--json").elements("peers").getFirst();
        assertThat(((JsonObject) peer.member("keeps").orElseThrow()).members())
                .containsOnlyKeys("batches", "operations", "bytes");
    }

    @Test
    void aLimitIsTheBoundOfTheSession() {
        BandwidthOption option = new BandwidthOption();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(option))
                .parseArgs("--limit=2KiB");

        assertThat(option.applyTo(SyncOptions.once()).bytesPerSecond()).isEqualTo(2_048);
        assertThat(new BandwidthOption().applyTo(SyncOptions.once()).bytesPerSecond())
                .isEqualTo(SyncOptions.UNLIMITED);
    }
}
