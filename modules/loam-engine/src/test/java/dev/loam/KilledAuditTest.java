package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.crypto.Suite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledAuditTest {
    private static final int KILLS = 4;

    @TempDir Path directory;

    static LoamOptions options() {
        return LoamOptions.unencrypted()
                .encryption(
                        Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES]))
                                .allowDirectKey());
    }

    @Test
    void aKilledProcessLosesNoEventThatItWasAnsweredAndTheChainHolds() throws Exception {
        Path store = directory.resolve("store");
        Loam.open(store, options()).close();
        long answered = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            answered = recordAndKill(store, answered + 1, 7 + 60L * kill);
            List<Long> recorded = new ArrayList<>();
            try (Loam loam = Loam.open(store, options())) {
                AuditReport report =
                        loam.audit()
                                .read(
                                        entry -> {
                                            if (entry.event()
                                                    instanceof AuditEvent.Rebuilt(long number)) {
                                                recorded.add(number);
                                            }
                                        });
                assertThat(report.damage()).isEmpty();
                assertThat(loam.audit().verify(Optional.of(report.head())).isSound()).isTrue();
            }
            assertThat(recorded).isSorted().doesNotHaveDuplicates();
            assertThat(recorded).contains(answered);
            assertThat((long) recorded.getLast()).isBetween(answered, answered + 1_000);
            answered = recorded.getLast();
            assertThat(recorded).hasSize((int) answered);
        }
    }

    /** The last number that was answered before the kill. */
    private static long recordAndKill(Path store, long first, long count) throws IOException {
        Process child = ChildJvm.start(AuditChild.class, store.toString(), Long.toString(first));
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            long last = 0;
            while (last < first + count - 1) {
                last = Long.parseLong(lines.readLine());
            }
            // Not by the process, which would close what it had answered.
            child.toHandle().destroyForcibly();
            String rest = lines.readLine();
            while (rest != null) {
                last = Math.max(last, Long.parseLong(rest));
                rest = lines.readLine();
            }
            child.onExit().join();
            return last;
        }
    }
}
