package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.VaultState;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power cut took the seal over another device's last batch, and the batch stayed. */
class LostSealTest {
    @TempDir Path directory;

    @Test
    void aSnapshotIsTakenWhereTheSealCannotComeAnyMore() throws Exception {
        try (Loam laptop = open(directory.resolve("laptop"));
                Loam phone = open(directory.resolve("phone"))) {
            pair(laptop, phone);
            laptop.vault("main").put(Memory.of("one").key("a"));
            sync(laptop, phone);
            laptop.vault("main").put(Memory.of("two").key("b"));
            logUnsealed(laptop, phone);
            Cuts.suspend(laptop, "main", phone);
            Cuts.cut(laptop, "main");

            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

            phone.vault("main").put(Memory.of("three").key("c"));
            sync(laptop, phone);
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(text(phone.vault("main"), "b")).contains("two");
            assertThat(text(laptop.vault("main"), "c")).contains("three");
            assertThat(phone.digest()).isEqualTo(laptop.digest());
        }
    }

    /** What the laptop wrote last comes into the phone's log without its seal. */
    private static void logUnsealed(Loam laptop, Loam phone) {
        VaultState vault = laptop.store().state().named("main").orElseThrow();
        ActorId author = laptop.store().ownActors().in(vault).orElseThrow();
        BatchId last = new BatchId(vault.id(), author, vault.frontier().get(author).sequence());
        LogEntry entry =
                laptop.store()
                        .ask(stage -> new LoggedBatches(laptop.store()).find(last))
                        .orElseThrow();
        phone.store()
                .write(
                        stage -> {
                            stage.stage(
                                    new LogEntry(
                                            last, entry.hash(), Optional.empty(), entry.batch()),
                                    BatchCodec.decode(entry.batch()));
                            return Optional.empty();
                        });
    }
}
