package dev.loam;

import static dev.loam.TestStores.ask;
import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static void put(Loam loam, String key, String text) {
        loam.vault("main").put(Memory.of(text).key(key));
    }

    private BackupReport backUp(Loam loam) {
        return loam.backup(BackupOptions.into(at("backup")), Progress.NONE);
    }

    private RestoreReport restore(String target) {
        return Backups.in(at("backup"))
                .restore(Optional.empty(), at(target), LoamOptions.unencrypted(), Progress.NONE);
    }

    private BackupVerification verify(BackupScope scope) {
        return Backups.in(at("backup")).verify(scope, LoamOptions.unencrypted(), Progress.NONE);
    }

    private List<String> names(String within) throws IOException {
        try (Stream<Path> children = Files.list(at(within))) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatWasBackedUpIsRestoredAndGoesOn() throws IOException {
        String digest;
        try (Loam loam = open(at("store"))) {
            put(loam, "a", "first");
            put(loam, "b", "second");
            loam.vault("main").delete("a");
            loam.vault("other").put(Memory.of("elsewhere").key("a"));
            digest = loam.digest();
            BackupInfo made = backUp(loam).generation();
            assertThat(made.generation()).isEqualTo(1);
            assertThat(made.digest()).isEqualTo(digest);
            assertThat(made.records()).isEqualTo(2);
            put(loam, "c", "behind the backup");
        }
        restore("restored");
        try (Loam restored = open(at("restored"))) {
            assertThat(restored.digest()).isEqualTo(digest);
            assertThat(text(restored.vault("main"), "b")).contains("second");
            assertThat(text(restored.vault("main"), "c")).isEmpty();
            assertThat(restored.openReport().replayedBatches()).isZero();
            assertThat(restored.verify(Progress.NONE).damage()).isEmpty();
            put(restored, "d", "after");
        }
        assertThat(names("")).containsExactly("backup", "restored", "store");
        String again = ask(at("restored"), Loam::digest);
        String rebuilt = ask(at("restored"), loam -> loam.rebuild(Progress.NONE).digestAfter());
        assertThat(rebuilt).isEqualTo(again);
    }

    @Test
    void theRestoredStoreIsTheSameDeviceAndANewIncarnation() {
        ask(
                at("store"),
                loam -> {
                    put(loam, "a", "first");
                    return backUp(loam);
                });
        restore("restored");
        try (Loam restored = open(at("restored"))) {
            assertThat(restored.stats().device())
                    .isEqualTo(ask(at("store"), loam -> loam.stats().device()));
            assertThat(restored.openReport().notes())
                    .singleElement()
                    .asString()
                    .contains("restored");
            put(restored, "b", "second");
            assertThat(restored.vaults().getFirst().actors()).isEqualTo(2);
        }
    }

    @Test
    void aSecondGenerationWritesOnlyWhatIsNew() throws IOException {
        try (Loam loam = open(at("store"))) {
            put(loam, "a", "first");
            BackupReport first = backUp(loam);
            assertThat(first.unitsWritten()).isEqualTo(2);
            List<String> before = names("backup/units");
            put(loam, "b", "second");
            BackupReport second = backUp(loam);
            assertThat(second.generation().generation()).isEqualTo(2);
            assertThat(second.unitsKept()).isEqualTo(1);
            assertThat(second.unitsWritten()).as("the segment, and the files").isEqualTo(2);
            assertThat(names("backup/units")).containsAll(before);
        }
        assertThat(Backups.in(at("backup")).generations())
                .extracting(BackupInfo::generation)
                .containsExactly(1L, 2L);
        restore("latest");
        Optional<String> latest = ask(at("latest"), loam -> text(loam.vault("main"), "b"));
        assertThat(latest).contains("second");
        Backups.in(at("backup"))
                .restore(Optional.of(1L), at("older"), LoamOptions.unencrypted(), Progress.NONE);
        Optional<String> older = ask(at("older"), loam -> text(loam.vault("main"), "b"));
        assertThat(older).isEmpty();
    }

    @Test
    void aCompactedStoreIsBackedUpAndRestored() {
        String digest;
        try (Loam loam = open(at("store"))) {
            for (int i = 0; i < 300; i++) {
                put(loam, "k" + i % 70, "text " + i);
            }
            backUp(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            put(loam, "z", "behind");
            digest = loam.digest();
            BackupReport second = backUp(loam);
            assertThat(second.unitsKept()).as("the segments are others").isZero();
        }
        restore("restored");
        try (Loam restored = open(at("restored"))) {
            assertThat(restored.digest()).isEqualTo(digest);
            assertThat(restored.verify(Progress.NONE).damage()).isEmpty();
            put(restored, "y", "goes on");
            restored.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(text(restored.vault("main"), "k5")).contains("text 285");
        }
    }

    @Test
    void anEmptyStoreIsBackedUpAndRestored() {
        ask(at("store"), this::backUp);
        restore("restored");
        try (Loam restored = open(at("restored"))) {
            assertThat(restored.vaults()).isEmpty();
            put(restored, "a", "first");
        }
    }

    @Test
    void theBackupIsOfOneMomentWhileWritingAndCompactingGoOn() throws Exception {
        try (Loam loam = open(at("store"))) {
            for (int i = 0; i < 200; i++) {
                put(loam, "k" + i, "text " + i);
            }
            loam.store()
                    .writeAlone(
                            stage -> {
                                loam.store().log().roll();
                                return 0;
                            });
            AtomicBoolean hasCompacted = new AtomicBoolean();
            AtomicBoolean isOver = new AtomicBoolean();
            Thread writer =
                    new Thread(
                            () -> {
                                for (int i = 0; !isOver.get(); i++) {
                                    put(loam, "w" + i, "written meanwhile");
                                }
                            });
            writer.start();
            BackupReport report =
                    loam.backup(
                            BackupOptions.into(at("backup")),
                            (done, total) -> {
                                if (hasCompacted.compareAndSet(false, true)) {
                                    loam.compact(CompactOptions.aggressive(), Progress.NONE);
                                }
                            });
            isOver.set(true);
            writer.join();
            assertThat(hasCompacted).isTrue();
            restore("restored");
            String digest = ask(at("restored"), Loam::digest);
            assertThat(digest).isEqualTo(report.generation().digest());
        }
    }

    @Test
    void aRestoreReplacesNothing() throws IOException {
        ask(at("store"), this::backUp);
        Files.createDirectories(at("taken"));
        Files.writeString(at("taken").resolve("file"), "of somebody");
        assertCode(ErrorCode.EXISTS, () -> restore("taken"));
        assertCode(ErrorCode.EXISTS, () -> restore("store"));
        Files.createDirectories(at("new.restoring"));
        Files.writeString(at("new.restoring").resolve("file"), "of somebody");
        assertCode(ErrorCode.EXISTS, () -> restore("new"));
        assertThat(names("new.restoring")).containsExactly("file");
        Files.createDirectories(at("empty"));
        restore("empty");
        List<VaultInfo> vaults = ask(at("empty"), Loam::vaults);
        assertThat(vaults).isEmpty();
    }

    @Test
    void backupsOfTwoStoresAreNotMixed() {
        ask(at("store"), this::backUp);
        ask(
                at("other"),
                loam -> {
                    assertCode(ErrorCode.EXISTS, () -> backUp(loam));
                    return 0;
                });
        ask(
                at("store"),
                loam -> {
                    assertCode(
                            ErrorCode.EXISTS,
                            () -> loam.backup(BackupOptions.into(at("other")), Progress.NONE));
                    return 0;
                });
    }

    @Test
    void everyScopeFindsASoundBackupSound() {
        ask(
                at("store"),
                loam -> {
                    put(loam, "a", "first");
                    backUp(loam);
                    put(loam, "b", "second");
                    return backUp(loam);
                });
        for (BackupScope scope :
                List.of(
                        new BackupScope.Quick(),
                        new BackupScope.Sample(1, 7),
                        new BackupScope.Full(),
                        new BackupScope.Drill())) {
            BackupVerification found = verify(scope);
            assertThat(found.damage()).as("%s", scope).isEmpty();
            assertThat(found.units()).as("%s", scope).isPositive();
            assertThat(found.generations())
                    .extracting(BackupInfo::generation)
                    .as("%s", scope)
                    .isEqualTo(scope instanceof BackupScope.Drill ? List.of(2L) : List.of(1L, 2L));
        }
        assertThat(at("backup").resolve("drill.restoring")).doesNotExist();
    }

    @Test
    void aStoreTellsWhenEachOfItsBackupsWasMadeAndFoundSound() throws IOException {
        ask(
                at("store"),
                loam -> {
                    put(loam, "a", "first");
                    BackupInfo first = backUp(loam).generation();
                    BackupInfo second = backUp(loam).generation();
                    assertThat(loam.audit().backups())
                            .extracting(KnownBackup::made)
                            .containsExactly(millis(first), millis(second));

                    assertThat(loam.audit().record(verify(new BackupScope.Full()))).isEqualTo(2);
                    assertThat(loam.audit().record(verify(new BackupScope.Drill()))).isOne();
                    assertThat(loam.audit().backups())
                            .extracting(backup -> backup.verified().keySet())
                            .containsExactly(
                                    Set.of(AuditEvent.Thoroughness.FULL),
                                    Set.of(
                                            AuditEvent.Thoroughness.FULL,
                                            AuditEvent.Thoroughness.DRILL));
                    assertThat(loam.audit().backups())
                            .extracting(KnownBackup::generation)
                            .containsExactly(1L, 2L);
                    return 0;
                });
    }

    private static Instant millis(BackupInfo backup) {
        return backup.made().truncatedTo(ChronoUnit.MILLIS);
    }

    @Test
    void onlyTheLastBackupsAreToldOf() {
        ask(
                at("store"),
                loam -> {
                    put(loam, "a", "first");
                    for (int i = 0; i < Audit.BACKUPS_MAX + 1; i++) {
                        backUp(loam);
                    }
                    assertThat(loam.audit().backups())
                            .hasSize(Audit.BACKUPS_MAX)
                            .first()
                            .satisfies(oldest -> assertThat(oldest.generation()).isEqualTo(2));
                    return 0;
                });
    }

    @Test
    void whatWasFoundDamagedOrIsOfAnotherStoreIsNotToldOf() throws IOException {
        ask(
                at("store"),
                loam -> {
                    put(loam, "a", "first");
                    return backUp(loam);
                });
        BackupVerification sound = verify(new BackupScope.Quick());
        ask(at("other"), loam -> assertThat(loam.audit().record(sound)).isZero());
        try (Stream<Path> units = Files.list(at("backup").resolve("units"))) {
            Files.delete(units.findFirst().orElseThrow());
        }
        BackupVerification damaged = verify(new BackupScope.Quick());
        assertThat(damaged.isSound()).isFalse();
        ask(at("store"), loam -> assertThat(loam.audit().record(damaged)).isZero());
        ask(
                at("store"),
                loam ->
                        assertThat(loam.audit().backups())
                                .singleElement()
                                .satisfies(backup -> assertThat(backup.verified()).isEmpty()));
    }

    @Test
    void pruningKeepsWhatTheLastGenerationsNeed() throws IOException {
        try (Loam loam = open(at("store"))) {
            put(loam, "a", "first");
            backUp(loam);
            put(loam, "b", "second");
            backUp(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            backUp(loam);
        }
        Backups backups = Backups.in(at("backup"));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> backups.prune(0));
        assertThat(backups.prune(2).deleted()).containsExactly(1L);
        assertThat(verify(new BackupScope.Full()).damage()).isEmpty();
        BackupPruneReport pruned = backups.prune(1);
        assertThat(pruned.kept()).containsExactly(3L);
        assertThat(pruned.bytes()).isPositive();
        assertThat(verify(new BackupScope.Drill()).damage()).isEmpty();
        assertThat(new TreeSet<>(names("backup/units"))).hasSize(2);
        assertThat(names("backup/generations")).containsExactly("000003.manifest", "000003.sha256");
    }

    @Test
    void whereNoBackupIsNothingIsFound() {
        assertCode(ErrorCode.NOT_FOUND, () -> Backups.in(at("nowhere")).generations());
        assertCode(ErrorCode.NOT_FOUND, () -> restore("restored"));
        ask(at("store"), this::backUp);
        assertCode(
                ErrorCode.NOT_FOUND,
                () ->
                        Backups.in(at("backup"))
                                .restore(
                                        Optional.of(9L),
                                        at("restored"),
                                        LoamOptions.unencrypted(),
                                        Progress.NONE));
    }

    @Test
    void levelsBeyondDeflatesAreRefused() {
        BackupOptions options = BackupOptions.into(at("backup"));
        assertThat(options.level(0).level()).isZero();
        assertThat(options.level(9).level()).isEqualTo(9);
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> options.level(-1));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> options.level(10));
    }
}
