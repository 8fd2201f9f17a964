package dev.loam;

import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncTest {
    private static final int NEVER_BREAKS = Integer.MAX_VALUE;

    @TempDir Path directory;
    private Loam laptop;
    private Loam phone;

    @BeforeEach
    void openAndPair() {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        pair(laptop, phone);
    }

    @AfterEach
    void closeBoth() {
        laptop.close();
        phone.close();
    }

    private static void pair(Loam a, Loam b) {
        a.addPeer(asPeer(b));
        b.addPeer(asPeer(a));
    }

    private static Peer asPeer(Loam loam) {
        return new Peer(loam.identity().id(), loam.identity().publicKey(), "test", List.of());
    }

    private static SyncReport sync(Loam a, Loam b) throws Exception {
        return sync(a, b, NEVER_BREAKS);
    }

    private static SyncReport sync(Loam a, Loam b, int frames) throws Exception {
        PipedLink[] ends = PipedLink.between(a, b, frames);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there = other.submit(() -> b.sync(ends[1], Progress.NONE));
            SyncReport here = a.sync(ends[0], Progress.NONE);
            there.get();
            return here;
        }
    }

    @Test
    void aNewDeviceGetsEverything() throws Exception {
        for (int i = 0; i < 250; i++) {
            laptop.vault("main").put(Memory.of("memory " + i).key("k" + i).tag("t"));
        }
        SyncReport report = sync(laptop, phone);
        assertThat(report.reason()).isEqualTo("DONE");
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(phone.vault("main").get("k7")).isPresent();
        assertThat(phone.vault("main").recall("memory 7", 3).hits()).isNotEmpty();
        phone.vault("main").put(Memory.of("from the phone").key("p"));
        assertThat(sync(laptop, phone).isDone()).isTrue();
        assertThat(text(laptop.vault("main"), "p")).contains("from the phone");
        assertThat(sync(phone, laptop).sentBatches()).isZero();
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }

    @Test
    void editsOfTwoFieldsApartAreBothThereAndAConflictKeepsItsSibling() throws Exception {
        laptop.vault("main").put(Memory.of("note").key("n").field("title", "old"));
        sync(laptop, phone);
        laptop.vault("main").update("n", Update.none().set("title", "laptop").set("a", "1"));
        phone.vault("main").update("n", Update.none().set("title", "phone").set("b", "2"));
        sync(laptop, phone);
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        for (Loam each : List.of(laptop, phone)) {
            Memory read = each.vault("main").get("n").orElseThrow();
            assertThat(read.field("a")).contains(new Value.Text("1"));
            assertThat(read.field("b")).contains(new Value.Text("2"));
            assertThat(each.vault("main").siblings("n", "title"))
                    .containsExactlyInAnyOrder(new Value.Text("laptop"), new Value.Text("phone"));
        }
        laptop.vault("main").update("n", Update.none().set("title", "agreed"));
        sync(laptop, phone);
        assertThat(phone.vault("main").siblings("n", "title"))
                .containsExactly(new Value.Text("agreed"));
    }

    @Test
    void anUpdateWinsOverAConcurrentDeleteAndTheMemoryIsWhole() throws Exception {
        laptop.vault("main").put(Memory.of("note").key("n").field("a", "1").tag("t"));
        sync(laptop, phone);
        laptop.vault("main").delete("n");
        phone.vault("main").update("n", Update.none().set("b", "2"));
        sync(laptop, phone);
        Memory read = laptop.vault("main").get("n").orElseThrow();
        assertThat(read.text()).isEqualTo("note");
        assertThat(read.tags()).containsExactly("t");
        assertThat(read.fields()).hasSize(2);
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }

    @Test
    void brokenAfterAnyNumberOfFramesTheNextSessionFinishesTheJob() throws Exception {
        Random random = new Random(7);
        for (int frames = 0; frames < 12; frames++) {
            for (int i = 0; i < 30; i++) {
                Loam writer = random.nextBoolean() ? laptop : phone;
                writer.vault("main").put(Memory.of("text").key("k" + random.nextInt(50)));
            }
            sync(laptop, phone, frames);
        }
        assertThat(sync(laptop, phone).isDone()).isTrue();
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(sync(laptop, phone).receivedBatches()).isZero();
    }

    @Test
    void aThirdDeviceIsServedByOneThatOnlyPassesOn() throws Exception {
        laptop.vault("main").put(Memory.of("from the laptop").key("l"));
        sync(laptop, phone);
        phone.vault("main").put(Memory.of("from the phone").key("p"));
        try (Loam tablet = open(directory.resolve("tablet"))) {
            pair(phone, tablet);
            assertThat(sync(phone, tablet).isDone()).isTrue();
            assertThat(tablet.digest()).isEqualTo(phone.digest());
            tablet.vault("main").put(Memory.of("from the tablet").key("t"));
            sync(tablet, phone);
            sync(phone, laptop);
            assertThat(text(laptop.vault("main"), "t")).contains("from the tablet");
            assertThat(laptop.digest()).isEqualTo(tablet.digest());
            assertThat(tablet.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void vaultsOfOneNameFoundedApartAreBothKept() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("k"));
        phone.vault("main").put(Memory.of("b").key("k"));
        sync(laptop, phone);
        sync(laptop, phone);
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertThat(laptop.vaults()).isEqualTo(phone.vaults()).hasSize(2);
        List<String> names = laptop.vaults().stream().map(VaultInfo::name).toList();
        assertThat(names.get(1)).startsWith("main~");
        assertThat(text(phone.vault(names.get(0)), "k")).contains("a");
        assertThat(text(laptop.vault(names.get(1)), "k")).contains("b");
    }

    @Test
    void aDeviceWhoseClockIsFarAheadIsToldSoAndNothingIsLost() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("a"));
        sync(laptop, phone);
        phone.close();
        InstantSource hourAhead = () -> Instant.now().plus(Duration.ofHours(1));
        phone = Loam.open(directory.resolve("phone"), LoamOptions.unencrypted().clock(hourAhead));
        phone.vault("main").put(Memory.of("later").key("b"));
        String before = laptop.digest();
        assertThat(sync(laptop, phone).reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(laptop.digest()).isEqualTo(before);
        laptop.close();
        laptop = Loam.open(directory.resolve("laptop"), LoamOptions.unencrypted().clock(hourAhead));
        assertThat(sync(laptop, phone).isDone()).isTrue();
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }

    @Test
    void afterAReopenAStoreStillPassesOnWhatItReceived() throws Exception {
        laptop.vault("main").put(Memory.of("a").key("a"));
        sync(laptop, phone);
        phone.close();
        phone = open(directory.resolve("phone"));
        try (Loam tablet = open(directory.resolve("tablet"))) {
            pair(phone, tablet);
            assertThat(sync(phone, tablet).isDone()).isTrue();
            assertThat(text(tablet.vault("main"), "a")).contains("a");
        }
    }
}
