package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Position;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cut whose author lacked the latest batches is checked against what other authors had applied
 * then. A store that has let go of settled batches, or never had them, still knows that.
 */
class SettledContextsTest {
    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static void put(Loam loam, String key, String text) {
        loam.vault("main").put(Memory.of(text).key(key));
    }

    private static VaultState vault(Loam loam) {
        return loam.store().state().named("main").orElseThrow();
    }

    /**
     * The phone can cut, and lacks the laptop's latest batches, of which one lets the tablet in.
     */
    @BeforeEach
    void tabletTakesASnapshotBehindThePhonesBack() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"));
                Loam tablet = open(at("tablet"))) {
            pair(laptop, phone);
            put(laptop, "a", "first");
            sync(laptop, phone);
            put(phone, "b", "second");
            sync(laptop, phone);
            Cuts.ack(laptop, "main");
            Cuts.cut(laptop, "main");
            sync(laptop, phone);
            put(phone, "c", "third");
            sync(laptop, phone);
            put(laptop, "d", "fourth");
            sync(laptop, phone);
            put(laptop, "e", "fifth");
            put(laptop, "f", "sixth");
            pair(laptop, tablet);
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
            assertThat(vault(tablet).horizon().isEmpty()).isFalse();
        }
    }

    /** The phone settles what the laptop had acknowledged when they last met. */
    private void phoneCuts() throws Exception {
        try (Loam phone = open(at("phone"));
                Loam laptop = open(at("laptop"))) {
            Cuts.cut(phone, "main");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        }
    }

    private void tabletAppliesTheCut() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam tablet = open(at("tablet"))) {
            assertThat(vault(tablet).horizon()).isNotEqualTo(vault(laptop).horizon());
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(vault(tablet).horizon()).isEqualTo(vault(laptop).horizon());
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
            String digest = tablet.digest();
            assertThat(tablet.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            put(tablet, "t", "of the tablet");
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(laptop.digest()).isEqualTo(tablet.digest());
        }
    }

    @Test
    void aDeviceThatTookASnapshotAppliesACutMadeWithoutTheLatestBatches() throws Exception {
        phoneCuts();
        tabletAppliesTheCut();
    }

    @Test
    void aStoreThatCannotCheckTheCutTakesASnapshotAndLosesNothing() throws Exception {
        phoneCuts();
        try (Loam laptop = open(at("laptop"));
                Loam tablet = open(at("tablet"))) {
            put(tablet, "t", "not sent yet");
            forgetContexts(tablet);
            assertThat(sync(laptop, tablet).reason()).isEqualTo("WITHHELD");
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(vault(tablet).horizon()).isEqualTo(vault(laptop).horizon());
            assertThat(TestStores.text(laptop.vault("main"), "t")).contains("not sent yet");
            assertThat(laptop.digest()).isEqualTo(tablet.digest());
            assertThat(tablet.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    /** As if the log began with states of which nobody had told that. */
    private static void forgetContexts(Loam loam) {
        Store store = loam.store();
        VaultId id = vault(loam).id();
        States.Vaults nothingKnown =
                new States.Vaults(
                        Position.START,
                        store.state(),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of(id, SettledContexts.NONE)));
        store.ask(
                stage -> {
                    store.contextMarks().begin(nothingKnown);
                    return Optional.empty();
                });
    }

    @Test
    void itDoesSoAfterItsIndexWasBuiltAnewFromTheLog() throws Exception {
        phoneCuts();
        IndexBuild.deleteTree(at("tablet").resolve("index"));
        tabletAppliesTheCut();
    }

    @Test
    void aDeviceThatTookTheSnapshotOfOneThatTookASnapshotAppliesItToo() throws Exception {
        try (Loam tablet = open(at("tablet"));
                Loam watch = open(at("watch"))) {
            pair(tablet, watch);
            assertThat(sync(tablet, watch).reason()).isEqualTo("DONE");
        }
        phoneCuts();
        tabletAppliesTheCut();
        try (Loam tablet = open(at("tablet"));
                Loam watch = open(at("watch"))) {
            assertThat(sync(tablet, watch).reason()).isEqualTo("DONE");
            assertThat(vault(watch).horizon()).isEqualTo(vault(tablet).horizon());
            assertThat(watch.digest()).isEqualTo(tablet.digest());
        }
    }
}
