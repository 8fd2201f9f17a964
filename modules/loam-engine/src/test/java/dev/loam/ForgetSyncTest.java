package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one device forgets is in no file of any device that has met it, whoever wrote it when. */
class ForgetSyncTest {
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    private static void fill(Loam loam) {
        vault(loam).put(Memory.of("before").key("a"));
        vault(loam)
                .write(
                        batch -> {
                            batch.put(Memory.of("beside it").key("j"));
                            batch.put(ForgottenWords.memory());
                        });
        vault(loam).put(Memory.of("behind").key("z"));
    }

    private void assertGone(String... names) throws IOException {
        for (String name : names) {
            assertThat(ForgottenWords.in(at(name))).as(name).isEmpty();
        }
    }

    private static void assertAtOne(Loam one, Loam other) throws Exception {
        assertThat(sync(one, other).reason()).isEqualTo("DONE");
        assertThat(one.digest()).isEqualTo(other.digest());
        for (Loam each : List.of(one, other)) {
            assertThat(vault(each).get(ForgottenWords.KEY)).isEmpty();
            assertThat(vault(each).get("j").map(Memory::text)).contains("beside it");
            assertThat(each.verify(Progress.NONE).damage()).isEmpty();
            assertThat(each.rebuild(Progress.NONE).digestAfter()).isEqualTo(other.digest());
        }
    }

    @Test
    void aPeerErasesWhatItHas() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            assertThat(vault(phone).get(ForgottenWords.KEY)).isPresent();
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertThat(vault(laptop).forgetStatus().devices())
                    .filteredOn(ForgetStatus.Device::hasErased)
                    .extracting(ForgetStatus.Device::id)
                    .containsExactly(laptop.identity().id());
            assertAtOne(laptop, phone);
            assertThat(vault(phone).forgetStatus().erased()).isEqualTo(2);
            sync(laptop, phone);
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(2);
        }
        assertGone("laptop", "phone");
    }

    @Test
    void scenario30whatALateDeviceWroteComesToNothingAndIsStoredNowhere() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"));
                Loam tablet = open(at("tablet"))) {
            pair(laptop, phone);
            pair(laptop, tablet);
            pair(phone, tablet);
            fill(laptop);
            sync(laptop, phone);
            sync(laptop, tablet);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(phone).put(Memory.of("also from the phone").key("p"));
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertAtOne(laptop, phone);
            // Of the laptop and of the phone it has nothing but what is cut.
            assertAtOne(phone, tablet);
            assertAtOne(laptop, tablet);
            assertThat(vault(tablet).get("p")).isPresent();
        }
        assertGone("laptop", "phone", "tablet");
    }

    @Test
    void aNewDeviceTakesCutBatchesAheadOfThePurge() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            fill(laptop);
            for (int i = 0; i < 300; i++) {
                vault(laptop).put(Memory.of("between " + i).key("b" + i));
            }
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            pair(laptop, phone);
            assertAtOne(laptop, phone);
            assertThat(vault(phone).get("b7")).isPresent();
        }
        assertGone("laptop", "phone");
    }

    @Test
    void itGoesOnWithTheNewMemoryUnderTheSameKey() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            vault(laptop).put(Memory.of("something else").key(ForgottenWords.KEY));
            sync(laptop, phone);
            sync(laptop, phone);
            for (Loam each : List.of(laptop, phone)) {
                assertThat(vault(each).get(ForgottenWords.KEY).map(Memory::text))
                        .contains("something else");
            }
            assertThat(phone.digest()).isEqualTo(laptop.digest());
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whoForgetsConcurrentlyAgrees() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(phone).forget(List.of(ForgottenWords.KEY));
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertAtOne(laptop, phone);
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whoComesHomeLateBringsNothingBack() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            vault(phone).put(Memory.of("from the phone").key("p"));
            sync(laptop, phone);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(phone).put(Memory.of("new").key("x"));
            Cuts.suspend(laptop, "main", phone);
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            Cuts.cut(laptop, "main");
            sync(laptop, phone);
            sync(laptop, phone);
            assertAtOne(laptop, phone);
            assertThat(vault(laptop).get("x").map(Memory::text)).contains("new");
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whatComesLateIsCutThoughTheMemoryWasRemovedSince() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            vault(laptop).put(Memory.of("something else").key(ForgottenWords.KEY));
            vault(laptop).remove(ForgottenWords.KEY);
            assertAtOne(laptop, phone);
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whatHasToWaitIsCutAsItComes() throws Exception {
        SettableClock right = new SettableClock(1_760_000_000_000L);
        SettableClock wrong = new SettableClock(1_760_000_000_000L);
        try (Loam laptop = Loam.open(at("laptop"), LoamOptions.unencrypted().clock(right));
                Loam phone = Loam.open(at("phone"), LoamOptions.unencrypted().clock(wrong))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            Instant _ = wrong.advance(HOUR_MILLIS);
            vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
            vault(phone).put(Memory.of("also from the phone").key("p"));
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
            assertThat(laptop.store().waiting().vaults()).isNotEmpty();
            assertThat(ForgottenWords.inFiles(at("laptop"))).isEmpty();

            Instant _ = right.advance(HOUR_MILLIS);
            laptop.tidy();
            assertThat(laptop.store().waiting().vaults()).isEmpty();
            assertThat(vault(laptop).get("p")).isPresent();
            assertAtOne(laptop, phone);
        }
        assertGone("laptop", "phone");
    }
}
