package dev.loam;

import static dev.loam.TestStores.ask;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores that end at any of their calls to the disk. */
class BackupKillTest {
    /** Ends a run as the death of its process would: nothing behind the call is done. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Counts calls; at the last one it throws what a test wants, and from then on again. */
    private static final class Nth implements BackupFiles.Watcher {
        private final long last;
        private final boolean isFull;
        private long calls;

        private Nth(long last, boolean isFull) {
            this.last = last;
            this.isFull = isFull;
        }

        @Override
        public void before(String call) throws IOException {
            calls++;
            boolean frees = call.startsWith("delete");
            if (isFull && calls >= last && !frees) {
                throw new IOException("No space left on device");
            }
            if (!isFull && calls >= last) {
                throw new Killed();
            }
        }

        boolean wasMet() {
            return calls >= last;
        }
    }

    @TempDir Path directory;
    private String digest = "";

    private Path at(String name) {
        return directory.resolve(name);
    }

    @BeforeEach
    void makeStore() {
        try (Loam loam = open(at("store"))) {
            for (int segment = 0; segment < 3; segment++) {
                loam.vault("main").put(Memory.of("text " + segment).key("k" + segment));
                loam.store()
                        .writeAlone(
                                stage -> {
                                    loam.store().log().roll();
                                    return 0;
                                });
            }
            digest = loam.digest();
        }
    }

    private BackupReport backUp(Loam loam, BackupFiles files) {
        return new BackupRun(loam.store(), BackupOptions.into(at("backup")), Progress.NONE, files)
                .run();
    }

    private void restore(BackupFiles files, String target) {
        Backups.in(at("backup"), files)
                .restore(Optional.empty(), at(target), LoamOptions.unencrypted(), Progress.NONE);
    }

    private List<String> verify() {
        return Backups.in(at("backup"))
                .verify(new BackupScope.Full(), LoamOptions.unencrypted(), Progress.NONE)
                .damage();
    }

    @Test
    void aBackupThatWasKilledAtAnyCallIsGoneOnFrom() throws IOException {
        try (Loam loam = open(at("store"))) {
            int keptMost = 0;
            for (long nth = 1; ; nth++) {
                IndexBuild.deleteTree(at("backup"));
                Nth kill = new Nth(nth, false);
                try {
                    backUp(loam, new BackupFiles(kill));
                } catch (Killed killed) {
                    assertThat(kill.wasMet()).isTrue();
                }
                boolean isOver = !kill.wasMet();
                long before = generations();
                BackupReport report = backUp(loam, new BackupFiles());
                assertThat(report.generation().generation()).isEqualTo(before + 1);
                assertThat(report.unitsKept() + report.unitsWritten()).isEqualTo(4);
                keptMost = Math.max(keptMost, report.unitsKept());
                assertThat(verify()).as("killed at call %d", nth).isEmpty();
                assertThat(report.generation().digest()).isEqualTo(digest);
                if (isOver) {
                    break;
                }
            }
            assertThat(keptMost).as("finished units are not written again").isEqualTo(3);
        }
        restore(new BackupFiles(), "restored");
        String restored = ask(at("restored"), Loam::digest);
        assertThat(restored).isEqualTo(digest);
    }

    private long generations() throws IOException {
        if (!Files.isDirectory(at("backup").resolve("generations"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(at("backup").resolve("generations"))) {
            return files.filter(file -> file.toString().endsWith(".manifest")).count();
        }
    }

    @Test
    void aBackupToADiskThatIsFullSaysSoAndIsGoneOnFrom() throws IOException {
        try (Loam loam = open(at("store"))) {
            for (long nth = 1; ; nth++) {
                IndexBuild.deleteTree(at("backup"));
                Nth full = new Nth(nth, true);
                try {
                    backUp(loam, new BackupFiles(full));
                    break;
                } catch (LoamException told) {
                    assertThat(told.code()).isEqualTo(ErrorCode.DISK_FULL);
                    assertThat(at("backup").resolve("units").resolve("writing.tmp")).doesNotExist();
                }
                assertThat(backUp(loam, new BackupFiles()).generation().digest()).isEqualTo(digest);
                assertThat(verify()).isEmpty();
            }
        }
    }

    @Test
    void aRestoreThatWasKilledAtAnyCallLeavesAllOrNothing() {
        ask(at("store"), loam -> backUp(loam, new BackupFiles()));
        for (long nth = 1; ; nth++) {
            Nth kill = new Nth(nth, false);
            try {
                restore(new BackupFiles(kill), "restored");
            } catch (Killed killed) {
                assertThat(kill.wasMet()).isTrue();
            }
            boolean isThere = Files.exists(at("restored"));
            if (!isThere) {
                restore(new BackupFiles(), "restored");
            }
            String restored = ask(at("restored"), Loam::digest);
            assertThat(restored).as("killed at call %d", nth).isEqualTo(digest);
            assertThat(at("restored.restoring")).doesNotExist();
            IndexBuild.deleteTree(at("restored"));
            if (!kill.wasMet()) {
                break;
            }
        }
    }

    @Test
    void aRestoreToADiskThatIsFullLeavesNothing() {
        ask(at("store"), loam -> backUp(loam, new BackupFiles()));
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> restore(new BackupFiles(new Nth(1, true)), "restored"))
                .satisfies(told -> assertThat(told.code()).isEqualTo(ErrorCode.DISK_FULL));
        assertThat(at("restored")).doesNotExist();
        assertThat(at("restored.restoring")).doesNotExist();
    }

    @Test
    void aPruningThatWasKilledAtAnyCallLeavesWholeGenerations() {
        for (long nth = 1; ; nth++) {
            IndexBuild.deleteTree(at("backup"));
            try (Loam loam = open(at("store"))) {
                backUp(loam, new BackupFiles());
                loam.vault("main").put(Memory.of("more").key("m"));
                backUp(loam, new BackupFiles());
            }
            Nth kill = new Nth(nth, false);
            try {
                Backups.in(at("backup"), new BackupFiles(kill)).prune(1);
            } catch (Killed killed) {
                assertThat(kill.wasMet()).isTrue();
            }
            assertThat(verify()).as("killed at call %d", nth).isEmpty();
            Backups.in(at("backup")).prune(1);
            assertThat(verify()).isEmpty();
            if (!kill.wasMet()) {
                break;
            }
        }
    }
}
