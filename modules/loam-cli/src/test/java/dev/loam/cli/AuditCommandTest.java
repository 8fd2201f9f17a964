package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    @TempDir Path directory;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home =
                Files.createDirectory(
                        directory.resolve("home"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
    }

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }

    private void makeSealed() {
        String key = home.resolve("key").toString();
        assertThat(run("init", "--encrypt", "--make-key-file", key).code()).isZero();
        assertThat(sealed("remember", "the zzcanaryword", "--key", "zzcanarykey").code()).isZero();
    }

    private Run sealed(String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        all.add("--key-file=" + home.resolve("key"));
        return run(all.toArray(String[]::new));
    }

    private Run audit(String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        return sealed("audit", all.toArray(String[]::new));
    }

    private static List<String> names(Run listed) {
        return listed.elements("events").stream()
                .map(each -> ((JsonObject) each).member("event").orElseThrow())
                .map(name -> ((JsonValue.Text) name).text())
                .toList();
    }

    @Test
    void theTrailIsListedForPeopleAndAsJsonWithoutAWordOfWhatIsStored() {
        makeSealed();
        Run text = audit("list");
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out().lines().toList().getFirst()).contains("begun");
        assertThat(text.out()).contains("unlocked: slot 1, source key file");
        assertThat(text.out()).doesNotContain("zzcanary");
        Run json = audit("list", "--json");
        assertThat(names(json))
                .startsWith("begun", "unlocked", "slot-added")
                .doesNotContain("exported");
        assertThat(json.out()).doesNotContain("zzcanary");
    }

    @Test
    void whatIsOlderThanAskedForIsLeftOut() {
        makeSealed();
        assertThat(names(audit("list", "--json", "--since", "2999-01-01"))).isEmpty();
        assertThat(names(audit("list", "--json", "--since", "2000-01-01"))).isNotEmpty();
    }

    @Test
    void whatIsWrittenInClearIsInTheTrail() {
        makeSealed();
        String lines = home.resolve("lines").toString();
        assertThat(sealed("replay", "--output=" + lines).code()).isEqualTo(2);
        assertThat(names(audit("list", "--json"))).doesNotContain("exported");
        assertThat(sealed("replay", "--plaintext", "--output=" + lines).code()).isZero();
        assertThat(names(audit("list", "--json"))).containsOnlyOnce("exported");
    }

    @Test
    void aSoundTrailHasAHeadThatIsPartOfItForEver() {
        makeSealed();
        Run first = audit("verify", "--json");
        assertThat(first.code()).as(first.err()).isZero();
        String head = ((JsonValue.Text) first.document().member("head").orElseThrow()).text();
        Run later = audit("verify", "--head", head);
        assertThat(later.code()).isZero();
        assertThat(later.out()).contains("sound: ").contains("head ");
        String another = head.substring(0, head.length() - 4) + "beef";
        assertThat(audit("verify", "--head", another).code()).isEqualTo(3);
        assertThat(audit("verify", "--head", "none").code()).isEqualTo(2);
    }

    @Test
    void anAlteredTrailIsToldOfWithThePlaceAndByTheExitCode() throws IOException {
        makeSealed();
        Path file = home.resolve(".loam/audit/00000001.trail");
        byte[] content = Files.readAllBytes(file);
        content[60] ^= 1;
        Files.write(file, content);
        Run verified = audit("verify");
        assertThat(verified.code()).isEqualTo(3);
        assertThat(verified.out()).contains("00000001.trail, byte 33").contains("damaged: ");
        assertThat(audit("list").code()).isEqualTo(3);
        assertThat(audit("list", "--json").document().member("sound"))
                .contains(new JsonValue.Truth(false));
        assertThat(sealed("get", "zzcanarykey").code()).as("memories are read").isZero();
    }

    @Test
    void eachCommandHasItsHelp() {
        assertThat(run("audit", "--help").out()).contains("list").contains("verify");
        assertThat(run("audit", "list", "--help").out()).contains("--since");
        assertThat(run("audit", "verify", "--help").out()).contains("--head");
        assertThat(run("audit").code()).isEqualTo(2);
    }
}
