package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.ErrorCode;
import dev.loam.core.RecordId;
import dev.loam.core.VaultState;
import dev.loam.sync.BatchRanges;
import dev.loam.sync.EndReason;
import dev.loam.sync.SequenceRange;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compaction of vaults that several devices are in lets go of what is settled, and only of it.
 */
class SharedCompactionTest {
    private static final int RECORDS = 40;
    private static final int ROUNDS = 5;

    @TempDir Path directory;

    private Loam laptop;
    private Loam phone;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    private static VaultState state(Loam loam) {
        return loam.store().state().named("main").orElseThrow();
    }

    /**
     * Both wrote, met, acknowledged and settled that; since then each wrote again, and they met.
     */
    @BeforeEach
    void settleMost() throws Exception {
        laptop = open(at("laptop"));
        phone = open(at("phone"));
        pair(laptop, phone);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < RECORDS; i++) {
                vault(laptop).put(Memory.of("laptop " + round + " wrote " + i).key("l" + i));
            }
        }
        sync(laptop, phone);
        for (int i = 0; i < RECORDS; i++) {
            vault(phone).put(Memory.of("phone wrote " + i).key("p" + i).counter("hits", 1));
        }
        vault(phone).delete("p0");
        sync(laptop, phone);
        settle();
        vault(laptop).update("l1", Update.none().text("of late"));
        vault(laptop).delete("p1");
        sync(laptop, phone);
        vault(phone).update("p2", Update.none().text("of late too").increment("hits", 1));
        sync(laptop, phone);
    }

    private void settle() throws Exception {
        Cuts.ack(laptop, "main");
        Cuts.ack(phone, "main");
        sync(laptop, phone);
        Cuts.cut(laptop, "main");
        sync(laptop, phone);
    }

    @AfterEach
    void close() {
        phone.close();
        laptop.close();
    }

    private void reopenLaptop() {
        laptop.close();
        laptop = open(at("laptop"));
    }

    private CompactReport compact(Loam loam) {
        return loam.compact(CompactOptions.aggressive(), Progress.NONE);
    }

    private void assertSameAsPhoneAndWhole(Loam loam) throws Exception {
        assertThat(loam.digest()).isEqualTo(phone.digest());
        assertThat(loam.openReport().notes()).isEmpty();
        assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void scenario22OneReplicaCompactsWhileMergesGoOnAndDigestsAgree() throws Exception {
        CompactReport report = compact(laptop);

        assertThat(report.replaced()).isTrue();
        assertThat(report.batchesLetGo()).isGreaterThan(RECORDS * ROUNDS + RECORDS);
        assertThat(report.batchesKept()).isBetween(3L, 12L);
        assertThat(report.logBytesAfter()).isLessThan(report.logBytesBefore() / 2);
        assertSameAsPhoneAndWhole(laptop);

        vault(phone).update("l1", Update.none().text("by the phone"));
        vault(laptop).update("p2", Update.none().increment("hits", 5));
        sync(laptop, phone);
        assertThat(vault(phone).get("p2").orElseThrow().counters().values()).containsExactly(7L);
        assertThat(text(vault(laptop), "l1")).contains("by the phone");
        assertSameAsPhoneAndWhole(laptop);

        reopenLaptop();
        assertSameAsPhoneAndWhole(laptop);
        assertThat(laptop.rebuild(Progress.NONE).digestAfter()).isEqualTo(phone.digest());
        settle();
        assertThat(compact(laptop).batchesLetGo()).isPositive();
        assertThat(compact(phone).batchesLetGo()).isPositive();
        vault(laptop).put(Memory.of("at last").key("z"));
        sync(laptop, phone);
        assertThat(state(phone).encode()).isEqualTo(state(laptop).encode());
        reopenLaptop();
        assertSameAsPhoneAndWhole(laptop);
    }

    @Test
    void itIsToldForWhomHowManyBatchesAreKept() {
        vault(laptop).put(Memory.of("the phone lacks it").key("n"));
        CompactReport report = compact(laptop);

        assertThat(report.keptForOthers())
                .singleElement()
                .satisfies(
                        kept -> {
                            assertThat(kept.vault()).isEqualTo("main");
                            assertThat(kept.batches()).isEqualTo(report.batchesKept());
                            assertThat(kept.waitingFor()).containsExactly(phone.identity().id());
                        });
    }

    @Test
    void aDeleteThatIsNotSettledStillLosesToAnUpdateThatDidNotSeeIt() throws Exception {
        vault(phone).update("l3", Update.none().tag("still"));
        vault(laptop).delete("l3");
        compact(laptop);
        reopenLaptop();
        assertThat(laptop.rebuild(Progress.NONE).digestAfter()).isEqualTo(laptop.digest());

        sync(laptop, phone);

        assertThat(text(vault(laptop), "l3")).contains("laptop 4 wrote 3");
        assertSameAsPhoneAndWhole(laptop);
    }

    @Test
    void aBatchThatTheOtherLacksIsSentAfterACompaction() throws Exception {
        vault(laptop).put(Memory.of("not sent yet").key("n"));
        compact(laptop);
        reopenLaptop();

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        assertThat(text(vault(phone), "n")).contains("not sent yet");
        assertSameAsPhoneAndWhole(laptop);
    }

    @Test
    void aThirdDeviceTakesASnapshotOfTheCompactedVault() throws Exception {
        compact(laptop);
        reopenLaptop();
        try (Loam tablet = open(at("tablet"))) {
            pair(laptop, tablet);
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
            vault(tablet).put(Memory.of("of the tablet").key("t"));
            sync(laptop, tablet);
            sync(laptop, phone);
            assertThat(text(vault(phone), "t")).contains("of the tablet");
            assertThat(tablet.verify(Progress.NONE).damage()).isEmpty();
            assertSameAsPhoneAndWhole(laptop);
            assertThat(compact(tablet).replaced()).isTrue();
            assertThat(tablet.rebuild(Progress.NONE).digestAfter()).isEqualTo(phone.digest());
        }
    }

    @Test
    void aCutMadeWithoutTheLatestBatchesIsAppliedAfterACompactionAndAReopen() throws Exception {
        vault(laptop).put(Memory.of("the phone lacks it").key("n"));
        vault(laptop).put(Memory.of("and this").key("m"));
        compact(laptop);
        reopenLaptop();
        Cuts.cut(phone, "main");

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        assertThat(state(laptop).horizon()).isEqualTo(state(phone).horizon());
        assertSameAsPhoneAndWhole(laptop);
    }

    @Test
    void aDeviceThatWasSuspendedComesHomeToACompactedVault() throws Exception {
        vault(phone).put(Memory.of("of the phone alone").key("x"));
        Cuts.suspend(laptop, "main", phone);
        vault(laptop).put(Memory.of("since").key("y"));
        Cuts.cut(laptop, "main");
        assertThat(compact(laptop).batchesLetGo()).isPositive();
        reopenLaptop();

        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        assertThat(text(vault(laptop), "x")).contains("of the phone alone");
        assertThat(text(vault(phone), "y")).contains("since");
        assertSameAsPhoneAndWhole(laptop);
    }

    @Test
    void oneVaultsLostPhoneDoesNotPinAnothersBatches() throws Exception {
        laptop.vault("mine").put(Memory.of("one").key("k"));
        laptop.vault("mine").put(Memory.of("two").key("k"));
        laptop.vault("mine").put(Memory.of("three").key("k"));

        CompactReport report = compact(laptop);

        assertThat(report.keptForOthers())
                .extracting(CompactReport.Kept::vault)
                .containsExactly("main");
        assertThat(laptop.vault("mine").history("k").complete()).isFalse();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(file)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Between the log's new list and the index's next commit, which is then of before. */
    @Test
    void killedWhenTheLogWasReplacedItOffersTheOtherWhatIsLeft() throws Exception {
        vault(laptop).put(Memory.of("not sent yet").key("n"));
        laptop.close();
        copyTree(at("laptop").resolve("index"), at("old-index"));
        laptop = open(at("laptop"));
        compact(laptop);
        laptop.close();
        IndexBuild.deleteTree(at("laptop").resolve("index"));
        copyTree(at("old-index"), at("laptop").resolve("index"));
        laptop = open(at("laptop"));

        assertThat(laptop.openReport().notes()).isEmpty();
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertSameAsPhoneAndWhole(laptop);
    }

    /** As a copy of the directory finds it whenever the compaction tells how far it is. */
    @Test
    void killedAtAnyStepOfTheReplacementItOpensWhole() throws Exception {
        String digest = laptop.digest();
        int[] copies = new int[1];
        laptop.compact(
                CompactOptions.aggressive(),
                (done, total) -> {
                    if (done == total || done % 64 == 0) {
                        Path copy = at("copy" + copies[0]++);
                        try {
                            copyTree(at("laptop"), copy);
                        } catch (IOException failure) {
                            throw new AssertionError(failure);
                        }
                    }
                });
        assertThat(copies[0]).isGreaterThan(2);
        for (int i = 0; i < copies[0]; i++) {
            try (Loam copy = open(at("copy" + i))) {
                assertThat(copy.digest()).isEqualTo(digest);
                assertThat(copy.verify(Progress.NONE).damage()).isEmpty();
                assertThat(copy.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
            }
        }
    }

    @Test
    void aSnapshotTakenMeanwhileIsNotReplacedByWhatWasThereBefore() throws Exception {
        vault(phone).put(Memory.of("of the phone alone").key("x"));
        Cuts.suspend(laptop, "main", phone);
        Cuts.cut(laptop, "main");
        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
        phone.vault("mine").put(Memory.of("so that there is something").key("m"));
        boolean[] met = new boolean[1];

        assertCode(
                ErrorCode.OVERLOADED,
                () ->
                        phone.compact(
                                CompactOptions.aggressive(),
                                (done, total) -> {
                                    if (!met[0]) {
                                        met[0] = true;
                                        meet();
                                    }
                                }));

        sync(laptop, phone);
        assertThat(text(vault(laptop), "x")).contains("of the phone alone");
        assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
        assertSameAsPhoneAndWhole(laptop);
    }

    private void meet() {
        try {
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void whoeverIsLetInMeanwhileKeepsWhatItNeedsOfAVaultThatWasOursAlone() throws Exception {
        laptop.vault("mine").put(Memory.of("one").key("k"));
        try (Loam tablet = open(at("tablet"))) {
            pair(laptop, tablet);
            boolean[] met = new boolean[1];
            assertCode(
                    ErrorCode.OVERLOADED,
                    () ->
                            laptop.compact(
                                    CompactOptions.aggressive(),
                                    (done, total) -> {
                                        if (done == 1 && !met[0]) {
                                            met[0] = true;
                                            letIn(tablet);
                                        }
                                    }));
            assertThat(sync(laptop, tablet).reason()).isEqualTo("DONE");
            assertThat(tablet.digest()).isEqualTo(laptop.digest());
        }
    }

    private void letIn(Loam tablet) {
        new PeerEnrolment(laptop.store(), tablet.identity().id(), SyncOptions.once()).letPeerIn();
    }

    @Test
    void aSessionEndsWhereACompactionHasLetGoOfWhatItIsAboutToSend() {
        VaultState vault = state(laptop);
        ActorId actor = laptop.store().ownActors().in(vault).orElseThrow();
        long last = vault.actor(actor).orElseThrow().tip().sequence();
        compact(laptop);
        BatchReader reader = new BatchReader(laptop.store());

        for (long through : List.of(3L, last)) {
            BatchRanges wanted =
                    new BatchRanges(new TreeMap<>(Map.of(actor, new SequenceRange(0, through))));
            assertThat(reader.read(new SyncEffect.Read(vault.id(), wanted, 1 << 20)))
                    .isEqualTo(new SyncInput.Stopped(EndReason.REBASE_REQUIRED));
        }
    }

    private static Optional<String> pastText(Loam loam, String key) {
        Instant later = Instant.now().plusSeconds(60);
        return vault(loam).asOf(later).get(key).map(Memory::text);
    }

    /** Of the removal's author nothing else is left that changed the memory. */
    @Test
    void whatWasWrittenAfterACompactedRemovalIsThereInThePastToo() throws Exception {
        vault(phone).remove("p2");
        sync(laptop, phone);
        assertThat(compact(laptop).replaced()).isTrue();
        vault(laptop).put(Memory.of("again").key("p2"));

        assertThat(pastText(laptop, "p2")).contains("again");
    }

    @Test
    void whatACompactedValueWasReplacedByIsAloneInThePastToo() throws Exception {
        assertThat(compact(laptop).replaced()).isTrue();
        vault(laptop).update("p2", Update.none().text("by the laptop"));

        RecordPast past = laptop.store().past(new RecordId(state(laptop).id(), "p2"));
        assertThat(past.asOf(Long.MAX_VALUE).conflicts()).isEmpty();
        assertThat(pastText(laptop, "p2")).contains("by the laptop");
    }

    /** Entries keep the names by which they are ordered, also when they are settled. */
    @Test
    void aCompactedEntryIsNotInTheNextLifeInThePastEither() throws Exception {
        vault(phone).update("p3", Update.none().append("seen", "once"));
        sync(laptop, phone);
        Cuts.suspend(laptop, "main", phone);
        Cuts.cut(laptop, "main");
        assertThat(compact(laptop).replaced()).isTrue();
        vault(laptop).put(Memory.of("anew").key("p3"));

        RecordPast past = laptop.store().past(new RecordId(state(laptop).id(), "p3"));
        assertThat(past.asOf(Long.MAX_VALUE).logs()).isEmpty();
    }

    /** Whom the newcomer never names, as it is closed. */
    @Test
    void whatANewcomerReplacedOfADeviceThatHasLeftIsAloneInThePastToo() throws Exception {
        Cuts.suspend(phone, "main", laptop);
        Cuts.cut(phone, "main");
        assertThat(state(phone).actors()).hasSize(1);
        try (Loam tablet = open(at("tablet"))) {
            pair(phone, tablet);
            sync(phone, tablet);
            vault(tablet).update("l1", Update.none().text("by the tablet"));
            vault(tablet).put(Memory.of("by the tablet").key("l2"));
            sync(phone, tablet);
        }

        for (String key : List.of("l1", "l2")) {
            RecordPast past = phone.store().past(new RecordId(state(phone).id(), key));
            assertThat(past.asOf(Long.MAX_VALUE).conflicts()).isEmpty();
            assertThat(pastText(phone, key)).contains("by the tablet");
        }
    }

    @Test
    void theHistoryThatIsKeptIsReadable() {
        compact(laptop);
        assertThat(vault(laptop).history("l1").complete()).isFalse();
        assertThat(vault(laptop).scan("", 1_000, Optional.empty()).memories())
                .hasSize(2 * RECORDS - 2);
        List<CompactReport.Kept> again = compact(laptop).keptForOthers();
        assertThat(again).hasSizeLessThanOrEqualTo(1);
    }
}
