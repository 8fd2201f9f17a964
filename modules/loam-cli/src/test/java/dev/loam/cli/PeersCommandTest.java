package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.core.DeviceId;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeersCommandTest {
    @TempDir private Path home;
    private final Peer laptop = peer("laptop", List.of("192.168.1.5:7070"));
    private final Peer phone = peer("phone", List.of());

    private static Peer peer(String name, List<String> addresses) {
        DeviceIdentity identity = DeviceIdentity.generate(new SecureRandom());
        return new Peer(identity.id(), identity.publicKey(), name, addresses);
    }

    @BeforeEach
    void pairsTwo() {
        run("remember", "t", "--key=k", "--no-model");
        add(laptop);
        add(phone);
    }

    private void add(Peer peer) {
        try (Loam loam = Loam.open(home.resolve(".loam"), LoamOptions.unencrypted())) {
            loam.addPeer(peer);
        }
    }

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }

    private static String shortened(DeviceId id) {
        return id.toString().substring(0, 12);
    }

    private List<String> names() {
        return run("peers", "list", "--json").elements("peers").stream()
                .map(peer -> ((JsonObject) peer).member("name").orElseThrow().toString())
                .toList();
    }

    @Test
    void listShowsNameIdAddressesAndState() {
        Run list = run("peers", "list");

        assertThat(list.code()).isZero();
        assertThat(list.out())
                .contains(laptop.id().toString(), phone.id().toString(), "192.168.1.5:7070")
                .contains("laptop\n", "never seen, behind by ");
        JsonObject first = (JsonObject) run("peers", "list", "--json").elements("peers").getFirst();
        assertThat(first.members())
                .containsOnlyKeys("id", "name", "addresses", "connected", "behind");
    }

    @Test
    void statusShowsThePeersToo() {
        assertThat(run("status").out())
                .contains("peers      2\n")
                .contains("  peer     phone (" + shortened(phone.id()) + "): never seen");
        assertThat(run("status", "--json").elements("peers")).hasSize(2);
    }

    @Test
    void aPeerIsRenamedByNameOrByTheBeginningOfItsId() {
        assertThat(run("peers", "rename", "laptop", "old one").out())
                .isEqualTo("laptop (" + shortened(laptop.id()) + ") is now old one\n");
        assertThat(run("peers", "rename", shortened(phone.id()), "new one", "--json").document())
                .satisfies(peer -> assertThat(peer.toString()).contains("new one"));
        assertThat(names()).containsExactlyInAnyOrder("\"old one\"", "\"new one\"");
    }

    @Test
    void aRemovedPeerIsGoneFromTheList() {
        Run removed = run("peers", "remove", "phone");

        assertThat(removed.code()).isZero();
        assertThat(removed.out()).isEqualTo("removed phone (" + shortened(phone.id()) + ")\n");
        assertThat(names()).containsExactly("\"laptop\"");
        assertThat(run("peers", "remove", "phone").code()).isEqualTo(ExitCode.NOT_FOUND.number());
        run("peers", "remove", "laptop");
        assertThat(run("peers", "list").out()).isEqualTo("no device is paired with this store\n");
    }

    @Test
    void aDeviceIsRevokedOnlyAfterAYes() {
        Run asked = Run.withInput("n\n", home, "peers", "revoke", "phone");

        assertThat(asked.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(asked.err()).contains("revoke phone", "[y/N]", "nothing was changed");
        assertThat(names()).hasSize(2);

        assertThat(Run.withInput("y\n", home, "peers", "revoke", "phone").out())
                .isEqualTo("revoked phone (" + shortened(phone.id()) + "); it was in no vault\n");
        assertThat(run("peers", "revoke", "laptop", "--yes").code()).isZero();
        assertThat(names()).isEmpty();
    }

    @Test
    void aVaultOfOneDeviceIsSettledAndPruneSaysSo() {
        assertThat(run("prune").out()).startsWith("main: settled ").contains(" operations (");
        assertThat(run("prune").out()).isEqualTo("main: there is nothing to settle\n");
        assertThat(run("prune", "--json").elements("blockers")).isEmpty();
        assertThat(run("prune", "--vault=none").code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("prune", "--help").out()).contains("Settle the history");
    }

    @Test
    void whoIsMeantMustBeClear() {
        Peer second = peer("laptop", List.of());
        add(second);

        Run unclear = run("peers", "remove", "laptop");

        assertThat(unclear.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(unclear.err())
                .startsWith("loam: INVALID_ARGUMENT: ")
                .contains(shortened(laptop.id()), shortened(second.id()));
        assertThat(run("peers", "remove", second.id().toString()).code()).isZero();
        assertThat(names()).containsExactlyInAnyOrder("\"laptop\"", "\"phone\"");
    }

    @Test
    void theVaultsOfAPeerAreChosenByNameAndWidenedAgain() {
        run("remember", "t", "--vault=work", "--no-model");

        assertThat(run("peers", "vaults", "phone", "--only=work").out())
                .isEqualTo("phone (" + shortened(phone.id()) + ") exchanges only work\n");
        assertThat(run("peers", "list", "--json").out()).contains("\"onlyVaults\":[");
        assertThat(run("peers", "vaults", "phone", "--all").out())
                .isEqualTo("phone (" + shortened(phone.id()) + ") exchanges all vaults\n");
        assertThat(run("peers", "list", "--json").out()).doesNotContain("onlyVaults");
    }

    @Test
    void aVaultThatIsNotThereOrNoChoiceAtAllChangesNothing() {
        assertThat(run("peers", "vaults", "phone", "--only=nowhere").code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("peers", "vaults", "phone").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("peers", "vaults", "phone", "--all", "--only=x").code())
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(run("peers", "list", "--json").out()).doesNotContain("onlyVaults");
    }

    @Test
    void aRateThatIsNoneIsRefused() {
        for (String rate : List.of("0", "fast", "2 MiB", "-1", "1TiB")) {
            assertThat(run("sync", "now", "--limit=" + rate).code())
                    .as(rate)
                    .isEqualTo(ExitCode.USAGE.number());
        }
    }

    @Test
    void tooLittleOfAnIdIsNobody() {
        String little = laptop.id().toString().substring(0, 3);

        assertThat(run("peers", "remove", little).code()).isEqualTo(ExitCode.NOT_FOUND.number());
    }
}
