package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that lack what is settled take a snapshot, and are as if they had taken every batch. */
class SnapshotTest {
    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static void put(Loam loam, String key, String text) {
        loam.vault("main").put(Memory.of(text).key(key));
    }

    @Test
    void aNewDeviceOfAPrunedVaultHasAllMemoriesAndWritesAndServesOthers() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"));
                Loam tablet = open(at("tablet"))) {
            put(laptop, "a", "first");
            put(laptop, "b", "second");
            laptop.vault("main").delete("a");
            Cuts.cut(laptop, "main");
            put(laptop, "c", "third");
            pair(laptop, phone);
            pair(phone, tablet);

            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

            assertThat(phone.digest()).isEqualTo(laptop.digest());
            assertThat(text(phone.vault("main"), "c")).contains("third");
            assertThat(text(phone.vault("main"), "a")).isEmpty();
            put(phone, "d", "fourth");
            assertThat(sync(phone, tablet).reason()).isEqualTo("DONE");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(text(laptop.vault("main"), "d")).contains("fourth");
            put(tablet, "e", "fifth");
            sync(phone, tablet);
            sync(laptop, phone);
            sync(phone, tablet);
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
            assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
            assertThat(tablet.verify(Progress.NONE).damage()).isEmpty();
        }
        try (Loam phone = open(at("phone"))) {
            String digest = phone.digest();
            assertThat(phone.openReport().notes()).isEmpty();
            assertThat(phone.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(phone.compact(CompactOptions.aggressive(), Progress.NONE).replaced())
                    .isTrue();
            assertThat(phone.digest()).isEqualTo(digest);
            assertThat(phone.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
            assertThat(phone.vault("main").history("c").changes()).isNotNull();
        }
    }

    @Test
    void aSnapshotLeavesTheOtherVaultsAsTheyAre() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            phone.vault("mine").put(Memory.of("mine").key("m"));
            put(laptop, "a", "first");
            Cuts.cut(laptop, "main");
            pair(laptop, phone);

            sync(laptop, phone);

            assertThat(text(phone.vault("mine"), "m")).contains("mine");
            assertThat(text(laptop.vault("mine"), "m")).contains("mine");
            assertThat(phone.digest()).isEqualTo(laptop.digest());
            assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
            assertThat(at("phone").resolve("snapshots")).isEmptyDirectory();
        }
    }
}
