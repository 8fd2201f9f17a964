package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.VaultState;
import dev.loam.sync.SyncInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /** As a power cut leaves it: no entry, but the words are there. */
    @Test
    void whatTheEndOfATornLogHoldsGoesThoughNoEntryHasIt() throws Exception {
        try (Loam laptop = open(at("laptop"))) {
            try (Loam phone = open(at("phone"))) {
                pair(laptop, phone);
                vault(laptop).put(Memory.of("early").key("e"));
                sync(laptop, phone);
                fill(laptop);
                sync(laptop, phone);
                TestStores.copy(at("phone"), at("torn"));
            }
            tearBehindTheWords(at("torn"));
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            try (Loam phone = open(at("torn"))) {
                assertThat(vault(phone).get(ForgottenWords.KEY)).isEmpty();
                assertThat(ForgottenWords.inFiles(at("torn"))).isNotEmpty();
                assertAtOne(laptop, phone);
            }
        }
        assertGone("laptop", "torn");
    }

    private static void tearBehindTheWords(Path store) throws IOException {
        Path segment = store.resolve(ForgottenWords.inFiles(store).getLast());
        byte[] content = Files.readAllBytes(segment);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String word = ForgottenWords.WORDS.getFirst();
        int end = text.indexOf(word) + word.length();
        Arrays.fill(content, end, content.length, (byte) 0);
        Files.write(segment, content);
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

    /** The phone comes home late with a change that beats nothing, and so lies in the inbox. */
    private static void bringIntoInbox(Loam laptop, Loam phone) throws Exception {
        fill(laptop);
        bringIntoInboxOfFilled(laptop, phone);
    }

    private static void bringIntoInboxOfFilled(Loam laptop, Loam phone) throws Exception {
        pair(laptop, phone);
        sync(laptop, phone);
        vault(phone).put(Memory.of("from the phone").key("p"));
        sync(laptop, phone);
        vault(phone).update(ForgottenWords.KEY, ForgottenWords.update());
        vault(laptop).update(ForgottenWords.KEY, Update.none().text("another of the laptop"));
        Cuts.suspend(laptop, "main", phone);
        Cuts.cut(laptop, "main");
        sync(laptop, phone);
        sync(laptop, phone);
        sync(laptop, phone);
        assertThat(vault(laptop).inbox().list(10, Optional.empty()).entries())
                .extracting(Inbox.Entry::key)
                .contains(ForgottenWords.KEY);
    }

    @Test
    void whatLiesInTheInboxOfAMemoryGoesWithIt() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            bringIntoInbox(laptop, phone);
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertThat(vault(laptop).inbox().list(10, Optional.empty()).entries()).isEmpty();
            assertThat(ForgottenWords.inFiles(at("laptop"))).isEmpty();
            assertAtOne(laptop, phone);
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whatWasSettledInTheInboxOfAMemoryGoesWithItToo() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            bringIntoInbox(laptop, phone);
            Inbox inbox = vault(laptop).inbox();
            for (Inbox.Entry entry : inbox.list(10, Optional.empty()).entries()) {
                inbox.resolve(entry.id(), Inbox.Choice.KEEP_THEIRS);
            }
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            assertAtOne(laptop, phone);
        }
        assertGone("laptop", "phone");
    }

    @Test
    void whatComesIntoTheInboxWithoutHavingSeenThatItWasForgottenGoesAsItComes() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"));
                Loam tablet = open(at("tablet"))) {
            pair(laptop, tablet);
            fill(laptop);
            sync(laptop, tablet);
            vault(tablet).forget(List.of(ForgottenWords.KEY));
            bringIntoInboxOfFilled(laptop, phone);
            assertAtOne(laptop, tablet);
            assertAtOne(laptop, phone);
            assertAtOne(laptop, tablet);
        }
        assertGone("laptop", "phone", "tablet");
    }

    /** A device that has heard of it, and had no room to carry it out. */
    @Test
    void aCompactionDoesNotMakeAReceiptOfAnAcknowledgement() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Store phoneStore = Store.open(at("phone"), LoamOptions.unencrypted())) {
            Loam phone = Loam.of(at("phone"), phoneStore);
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            sync(laptop, phone);
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            give(laptop, phone);
            Cuts.ack(phone, "main");
            give(phone, laptop);
            Cuts.cut(laptop, "main");
            laptop.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(ForgottenWords.inFiles(at("phone"))).isNotEmpty();
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(1);

            assertAtOne(laptop, phone);
            sync(laptop, phone);
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(2);
            CompactReport report = laptop.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(report.batchesLetGo()).isPositive();
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(2);
        }
        assertGone("laptop", "phone");
    }

    /** The purge is not in the log any more, and what the late device has is. */
    @Test
    void whoIsLetInAgainHasErasedOnceItHasTakenASnapshot() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            fill(laptop);
            sync(laptop, phone);
            vault(phone).put(Memory.of("not sent yet").key("n"));
            Cuts.suspend(laptop, "main", phone);
            vault(laptop).forget(List.of(ForgottenWords.KEY));
            Cuts.cut(laptop, "main");
            laptop.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
            laptop.welcome(phone.identity().id(), phone.introduction());

            assertThat(ForgottenWords.inFiles(at("phone"))).isNotEmpty();
            assertThat(vault(laptop).forgetStatus().devices()).hasSize(2);
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(1);

            sync(laptop, phone);
            assertAtOne(laptop, phone);
            sync(laptop, phone);
            assertThat(vault(laptop).forgetStatus().erased()).isEqualTo(2);
        }
        assertGone("laptop", "phone");
    }

    /** Its own batches, as a session would bring them that is cut off before it ends. */
    private static void give(Loam from, Loam to) {
        VaultState there = to.store().state().named("main").orElseThrow();
        ActorId own = from.store().ownActors().in(there).orElseThrow();
        long known = there.frontier().get(own).sequence();
        assertThat(
                        Handover.give(
                                to.store(),
                                from.store(),
                                there.id(),
                                Handover.of(from.store(), there.id(), own, known)))
                .isInstanceOf(SyncInput.Applied.class);
    }
}
