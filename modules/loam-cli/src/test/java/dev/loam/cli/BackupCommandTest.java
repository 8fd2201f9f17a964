package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code loam backup} and {@code loam restore}. */
final class BackupCommandTest {
    @TempDir private Path home;
    private String backup = "";

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }

    @BeforeEach
    void remember() {
        backup = home.resolve("backup").toString();
        run("remember", "fig", "--key=k", "--no-model");
        run("remember", "quince", "--key=o", "--no-model");
    }

    private static long number(JsonObject object, String member) {
        return ((JsonValue.Whole) object.member(member).orElseThrow()).number();
    }

    @Test
    void whatWasBackedUpIsShownAndRestored() {
        Run made = run("backup", backup);
        assertThat(made.code()).isZero();
        assertThat(made.out()).startsWith("generation 1 of ").contains("2 memories in 1 vault");
        assertThat(made.err()).isEmpty();
        run("delete", "k");
        assertThat(run("backup", backup, "--level=0").out())
                .contains("generation 2 of ")
                .contains("kept of earlier backups: 2 units");

        Run shown = run("backup", "show", backup);
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .startsWith("store ")
                .contains("generation 1 of ")
                .contains("generation 2 of ")
                .contains("level 0");

        Path other = home.resolve("other");
        Run restored = run("restore", backup, "--generation=1", "--store=" + other);
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(restored.out()).endsWith("restored to " + other + "\n");
        assertThat(run("get", "k", "--store=" + other).out()).contains("fig");
        assertThat(run("get", "k", "--store=" + other).err()).isEmpty();
    }

    @Test
    void aStoreThatIsThereIsNotRestoredOver() {
        run("backup", backup);
        Run refused = run("restore", backup);
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(refused.err()).startsWith("loam: EXISTS: ").hasLineCount(1);
    }

    @Test
    void whatIsRestoredToAFileIsToldThatItIsOne() throws IOException {
        run("backup", backup);
        Path file = Files.createFile(home.resolve("letter"));
        for (Path target : List.of(file, file.resolve("below"))) {
            Run refused = run("restore", backup, "--store=" + target);
            assertThat(refused.code()).isEqualTo(ExitCode.FAILED.number());
            assertThat(refused.err()).contains("EXISTS", "file").doesNotContain("empty");
        }
    }

    @Test
    void aBackupIsVerifiedAndDamageIsTold() throws IOException {
        run("backup", backup);
        for (String scope : List.of("--quick", "--sample=50", "--full", "--drill")) {
            Run verified = run("backup", "verify", scope, backup);
            assertThat(verified.code()).as(scope).isZero();
            assertThat(verified.out())
                    .contains("sound: ", scope.equals("--drill") ? "replayed" : "looked at");
        }
        Path unit;
        try (Stream<Path> units = Files.list(Path.of(backup).resolve("units"))) {
            unit = units.sorted().findFirst().orElseThrow();
        }
        byte[] content = Files.readAllBytes(unit);
        content[content.length / 2] ^= 1;
        Files.write(unit, content);
        Run damaged = run("backup", "verify", backup);
        assertThat(damaged.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(damaged.out()).contains(unit.getFileName().toString()).contains("damaged: ");
        assertThat(damaged.err()).contains("loam backup`", "prune");
        assertThat(run("backup", "verify", backup, "--json").document().member("sound"))
                .contains(new JsonValue.Truth(false));
        Run restored = run("restore", backup, "--store=" + home.resolve("other"));
        assertThat(restored.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(restored.err()).startsWith("loam: CORRUPT: ").hasLineCount(1);
        assertThat(home.resolve("other")).doesNotExist();

        // As it tells.
        Files.delete(unit);
        assertThat(run("backup", backup).code()).isZero();
        assertThat(run("backup", "verify", "--drill", backup).code()).isZero();
    }

    @Test
    void statusTellsWhenABackupWasMadeAndHowItWasVerified() {
        assertThat(run("status").out()).contains("backups    none was made of this store\n");
        run("backup", backup);
        assertThat(run("status").out())
                .contains("backups    the last at ")
                .contains("  backup   generation 1 of ")
                .contains(": never verified\n");
        assertThat(number(run("backup", "verify", backup, "--json").document(), "recorded"))
                .isOne();
        run("backup", "verify", "--drill", backup);
        assertThat(run("status").out()).contains(": verified full at ").contains(", drill at ");
        assertThat(run("status", "--json").elements("backups"))
                .singleElement()
                .asString()
                .contains("\"verified\":{\"full\":\"");
    }

    @Test
    void aBackupIsVerifiedWhereItsStoreIsNotAtHand() throws IOException {
        run("backup", backup);
        for (String store : List.of("none", "other")) {
            String another = "--store=" + home.resolve(store);
            if (store.equals("other")) {
                run("remember", "plum", "--no-model", another);
            }
            Run verified = run("backup", "verify", backup, "--json", another);
            assertThat(verified.code()).isZero();
            assertThat(verified.err()).isEmpty();
            assertThat(number(verified.document(), "recorded")).isZero();
        }
        assertThat(home.resolve("none")).doesNotExist();
    }

    @Test
    void oldGenerationsAreDeleted() {
        run("backup", backup);
        run("backup", backup);
        Run pruned = run("backup", "prune", "--keep-last=1", backup, "--json");
        assertThat(pruned.code()).isZero();
        assertThat(pruned.elements("kept")).containsExactly(new JsonValue.Whole(2));
        assertThat(pruned.elements("deleted")).containsExactly(new JsonValue.Whole(1));
        assertThat(run("backup", "show", backup, "--json").elements("generations")).hasSize(1);
    }

    @Test
    void figuresAreInTheDocument() {
        JsonObject document = run("backup", backup, "--json").document();
        assertThat(document.members())
                .containsOnlyKeys(
                        "generation", "unitsWritten", "unitsKept", "bytesWritten", "elapsedMillis");
        JsonObject generation = (JsonObject) document.member("generation").orElseThrow();
        assertThat(generation.members())
                .containsOnlyKeys(
                        "generation",
                        "store",
                        "device",
                        "made",
                        "position",
                        "vaults",
                        "records",
                        "digest",
                        "level",
                        "encrypted",
                        "units",
                        "bytes",
                        "rawBytes");
        assertThat(number(generation, "records")).isEqualTo(2);
        JsonObject restored =
                run("restore", backup, "--store=" + home.resolve("other"), "--json").document();
        assertThat(restored.members()).containsOnlyKeys("generation", "elapsedMillis");
    }

    @Test
    void whatIsLeftOutOrWrongIsSaid() {
        assertThat(run("backup").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run("backup", backup, "--level=10").err()).contains("INVALID_ARGUMENT");
        assertThat(run("backup", "verify", "--seed=1", backup).err()).contains("INVALID_ARGUMENT");
        assertThat(run("backup", "show", home.resolve("none").toString()).code())
                .isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("backup", "prune", backup).code()).isEqualTo(ExitCode.USAGE.number());
    }
}
