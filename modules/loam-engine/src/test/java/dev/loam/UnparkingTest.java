package dev.loam;

import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the gate parked is taken as soon as it may be, without another session. */
@Timeout(120)
class UnparkingTest {
    private static final int PHONE = 0;
    private static final int LAPTOP = 1;
    private static final int TABLET = 2;
    private static final Duration HOUR = Duration.ofHours(1);

    /** After so long a live session tells what is new. */
    private static final long GATHERED_MILLIS = 20;

    @TempDir Path directory;
    private final Fleet fleet = new Fleet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PauseSignal pause = new PauseSignal();
    private final List<Future<SyncReport>> sessions = new ArrayList<>();

    /** A note for each step of a session. */
    private final LinkedBlockingQueue<String> steps = new LinkedBlockingQueue<>();

    @BeforeEach
    void begin() throws Exception {
        fleet.begin(directory, 3);
    }

    @AfterEach
    void close() {
        pause.pause();
        threads.close();
        fleet.close();
    }

    private VaultId vault() {
        return fleet.vault(LAPTOP).id();
    }

    private void connect(int one, int other) {
        PipedLink[] ends =
                PipedLink.between(fleet.device(one), fleet.device(other), Integer.MAX_VALUE);
        SyncOptions live =
                SyncOptions.live()
                        .pause(pause)
                        .progress((durable, bytes, total) -> steps.add("moved"));
        sessions.add(threads.submit(() -> fleet.device(one).sync(ends[0], live)));
        sessions.add(threads.submit(() -> fleet.device(other).sync(ends[1], live)));
    }

    /** Told by the sessions' progress and by nothing else. */
    private void await(BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            assertThat(sessions).noneMatch(Future::isDone);
            // A lost wake-up would end in the test's time limit.
            String _ = steps.take();
        }
    }

    private boolean isEmpty(int device) {
        return fleet.store(device).waiting().vaults().isEmpty();
    }

    private List<SyncEntry> news(int from, ActorId author, int to) {
        long after = fleet.vault(to).frontier().get(author).sequence();
        return Handover.of(fleet.store(from), vault(), author, after);
    }

    private SyncInput give(int to, int from, List<SyncEntry> entries) {
        return Handover.give(fleet.store(to), fleet.store(from), vault(), entries);
    }

    // ---- clocks

    @Test
    void whatIsAheadPassesAtItsTimeInALiveSessionAndGoesOnToOthers() throws Exception {
        SettableClock wrong = new SettableClock(fleet.clock().instant().toEpochMilli());
        fleet.reopen(PHONE, wrong);
        connect(PHONE, LAPTOP);
        connect(LAPTOP, TABLET);
        Instant _ = wrong.advance(HOUR.toMillis());
        fleet.put(PHONE, "a", "ahead");
        await(() -> !isEmpty(LAPTOP));
        ActorId author = fleet.own(PHONE);
        fleet.put(PHONE, "b", "ahead too");
        fleet.pass(GATHERED_MILLIS);
        await(() -> waiting(LAPTOP, author) == 2);
        Parked named = fleet.device(LAPTOP).parked().getFirst();
        assertThat(named.reason()).isEqualTo("CLOCK");
        assertThat(named.passesAt()).contains(named.stamped().minus(Duration.ofMinutes(5)));

        Duration left = Duration.between(fleet.clock().instant(), named.passesAt().orElseThrow());
        Instant _ = fleet.clock().advance(left.toMillis() - 1);
        fleet.device(LAPTOP).tidy();
        assertThat(fleet.device(LAPTOP).vault("main").get("a")).isEmpty();
        Instant _ = fleet.clock().advance(1);
        fleet.device(LAPTOP).tidy();
        fleet.pass(GATHERED_MILLIS);

        assertThat(text(fleet.device(LAPTOP).vault("main"), "b")).contains("ahead too");
        assertThat(isEmpty(LAPTOP)).isTrue();
        assertThat(fleet.device(LAPTOP).parked()).isEmpty();
        await(() -> fleet.device(TABLET).digest().equals(fleet.device(PHONE).digest()));
    }

    private long waiting(int device, ActorId author) {
        return fleet.store(device).waiting().runs(vault()).stream()
                .filter(run -> run.actor().equals(author))
                .mapToLong(run -> run.through() - run.first() + 1)
                .sum();
    }

    @Test
    void moreThanAGroupOfBatchesMayWaitInOneSession() throws Exception {
        SettableClock wrong = new SettableClock(fleet.clock().instant().toEpochMilli());
        fleet.reopen(PHONE, wrong);
        Instant _ = wrong.advance(HOUR.toMillis());
        for (int i = 0; i < 2_500; i++) {
            fleet.put(PHONE, "k" + i % 10, "ahead " + i);
        }

        SyncReport report = PairedStores.sync(fleet.device(LAPTOP), fleet.device(PHONE));

        assertThat(report.reason()).isEqualTo("CLOCK_AHEAD");
        assertThat(report.waitingBatches()).isEqualTo(2_500);
        assertThat(waiting(LAPTOP, fleet.own(PHONE))).isEqualTo(2_500);
        fleet.pass(HOUR.toMillis());
        fleet.device(LAPTOP).tidy();
        assertThat(fleet.device(LAPTOP).digest()).isEqualTo(fleet.device(PHONE).digest());
        assertThat(isEmpty(LAPTOP)).isTrue();
        assertThat(fleet.device(LAPTOP).verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void whatAMemberBuildsOnPassesThoughItIsAhead() throws Exception {
        SettableClock wrong = new SettableClock(fleet.clock().instant().toEpochMilli());
        fleet.reopen(PHONE, wrong);
        fleet.reopen(TABLET, wrong);
        Instant _ = wrong.advance(HOUR.toMillis());
        fleet.put(PHONE, "a", "ahead");
        assertThat(PairedStores.sync(fleet.device(LAPTOP), fleet.device(PHONE)).reason())
                .isEqualTo("CLOCK_AHEAD");
        fleet.sync(PHONE, TABLET);
        fleet.put(TABLET, "b", "saw it");

        SyncInput answer = give(LAPTOP, TABLET, news(TABLET, fleet.own(TABLET), LAPTOP));

        assertThat(answer).isInstanceOf(SyncInput.AppliedInPart.class);
        assertThat(text(fleet.device(LAPTOP).vault("main"), "a")).contains("ahead");
        assertThat(fleet.device(LAPTOP).vault("main").get("b")).as("nobody built on it").isEmpty();
    }

    // ---- causes

    /** The phone deletes what the laptop wrote; the tablet hears of the delete first. */
    private List<SyncEntry> deleteAheadOfThePut() throws Exception {
        fleet.put(LAPTOP, "doomed", "to be deleted");
        fleet.sync(LAPTOP, PHONE);
        fleet.device(PHONE).vault("main").delete("doomed");
        return news(PHONE, fleet.own(PHONE), TABLET);
    }

    @Test
    void scenario3ADeleteAheadOfThePutItSawUnparksAndWins() throws Exception {
        List<SyncEntry> delete = deleteAheadOfThePut();
        assertThat(give(TABLET, PHONE, delete)).isInstanceOf(SyncInput.AppliedInPart.class);
        assertThat(fleet.device(TABLET).parked())
                .extracting(Parked::reason, Parked::missing)
                .containsExactly(
                        tuple(
                                "DEPS",
                                Optional.of(
                                        new BatchId(
                                                vault(),
                                                fleet.own(LAPTOP),
                                                fleet.vault(LAPTOP)
                                                        .frontier()
                                                        .get(fleet.own(LAPTOP))
                                                        .sequence()))));

        SyncInput answer = give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));

        assertThat(answer).isEqualTo(new SyncInput.Applied(vault()));
        assertThat(fleet.device(TABLET).vault("main").get("doomed")).isEmpty();
        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
        assertThat(isEmpty(TABLET)).isTrue();
        assertThat(fleet.device(TABLET).parked()).isEmpty();
    }

    @Test
    void aThirdDevicesSessionBringsTheCauseAndLiveSessionsPassBothOn() throws Exception {
        int desk = fleet.add();
        PairedStores.pair(fleet.device(TABLET), fleet.device(desk));
        fleet.sync(TABLET, desk);
        List<SyncEntry> delete = deleteAheadOfThePut();
        connect(TABLET, desk);
        give(TABLET, PHONE, delete);
        assertThat(isEmpty(TABLET)).isFalse();

        connect(LAPTOP, TABLET);

        await(() -> isEmpty(TABLET));
        fleet.pass(GATHERED_MILLIS);
        await(() -> fleet.device(desk).digest().equals(fleet.device(PHONE).digest()));
        assertThat(fleet.device(desk).vault("main").get("doomed")).isEmpty();
    }

    @Test
    void scenario18ACutAheadOfWhatItsAuthorHadUnparksWithIt() throws Exception {
        fleet.put(LAPTOP, "k2", "before the cut");
        fleet.sync(LAPTOP, PHONE);
        for (int i = 0; i < 2; i++) {
            fleet.pass(Fleet.MINUTE_MILLIS);
            fleet.tidyAll();
            fleet.sync(LAPTOP, TABLET);
            fleet.sync(LAPTOP, PHONE);
        }
        fleet.sync(PHONE, TABLET);
        fleet.put(LAPTOP, "k3", "unseen by the tablet");
        fleet.sync(LAPTOP, PHONE);
        fleet.device(PHONE).vault("main").prune();
        List<SyncEntry> cut = news(PHONE, fleet.own(PHONE), TABLET);
        assertThat(give(TABLET, PHONE, cut)).isInstanceOf(SyncInput.AppliedInPart.class);

        give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));

        assertThat(isEmpty(TABLET)).isTrue();
        assertThat(fleet.vault(TABLET)).isEqualTo(fleet.vault(PHONE));
        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
    }

    @Test
    void aLongChainThatBecomesApplicableTakesFewGroups() throws Exception {
        fleet.put(LAPTOP, "cause", "cause");
        fleet.sync(LAPTOP, PHONE);
        for (int i = 0; i < 10_000; i++) {
            fleet.put(PHONE, "k" + i % 50, "chain " + i);
        }
        List<SyncEntry> chain = news(PHONE, fleet.own(PHONE), TABLET);
        for (int i = 0; i < chain.size(); i += 1_000) {
            give(TABLET, PHONE, chain.subList(i, Math.min(i + 1_000, chain.size())));
        }
        assertThat(waiting(TABLET, fleet.own(PHONE))).isEqualTo(10_000);
        List<String> groups = new ArrayList<>();
        fleet.store(TABLET).onChange(() -> groups.add("group"));

        give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));

        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
        assertThat(groups).hasSizeLessThan(25);
        assertThat(isEmpty(TABLET)).isTrue();
    }

    // ---- what is dropped

    @Test
    void reopeningEmptiesTheAreaAndTheNextSessionBringsAllAgain() throws Exception {
        give(TABLET, PHONE, deleteAheadOfThePut());
        List<Parked> named = fleet.device(TABLET).parked();
        assertThat(directory.resolve("device2/waiting")).isNotEmptyDirectory();

        fleet.reopen(TABLET);

        assertThat(directory.resolve("device2/waiting")).doesNotExist();
        assertThat(named).hasSize(1);
        fleet.sync(PHONE, TABLET);
        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
    }

    @Test
    void whatAPeerSentIsDroppedWithThePeer() throws Exception {
        List<SyncEntry> delete = deleteAheadOfThePut();
        give(TABLET, PHONE, delete);

        fleet.device(TABLET).removePeer(fleet.device(PHONE).identity().id());

        assertThat(isEmpty(TABLET)).isTrue();
        assertThat(fleet.device(TABLET).parked()).isEmpty();
        give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));
        assertThat(text(fleet.device(TABLET).vault("main"), "doomed")).contains("to be deleted");
    }

    @Test
    void whatARevokedDeviceSentIsDropped() throws Exception {
        give(TABLET, PHONE, deleteAheadOfThePut());

        fleet.device(TABLET).revoke(fleet.device(PHONE).identity().id());

        assertThat(isEmpty(TABLET)).isTrue();
    }

    @Test
    void aDamagedScratchFileFeedsNothingAndTheNextSessionBringsItAgain() throws Exception {
        give(TABLET, PHONE, deleteAheadOfThePut());
        Path file =
                directory
                        .resolve("device2/waiting")
                        .resolve(fleet.device(PHONE).identity().id().bytes().toHex());
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);

        give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));

        assertThat(isEmpty(TABLET)).isTrue();
        assertThat(text(fleet.device(TABLET).vault("main"), "doomed")).contains("to be deleted");
        fleet.sync(PHONE, TABLET);
        assertThat(fleet.device(TABLET).vault("main").get("doomed")).isEmpty();
        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
    }

    @Test
    void whereNothingCanBeKeptItComesAgainWithTheNextSession() throws Exception {
        Files.writeString(directory.resolve("device2/waiting"), "in the way");
        List<SyncEntry> delete = deleteAheadOfThePut();

        assertThat(give(TABLET, PHONE, delete)).isInstanceOf(SyncInput.AppliedInPart.class);

        assertThat(fleet.device(TABLET).parked()).hasSize(1);
        assertThat(isEmpty(TABLET)).isTrue();
        fleet.sync(PHONE, TABLET);
        assertThat(fleet.device(TABLET).digest()).isEqualTo(fleet.device(PHONE).digest());
    }

    @Test
    void whatIsRefusedWhenItIsTriedAgainIsDroppedAndEndsNothing() throws Exception {
        fleet.put(LAPTOP, "cause", "cause");
        fleet.sync(LAPTOP, PHONE);
        List<SyncEntry> wrong = List.of(withAGapBetweenOperations());
        assertThat(give(TABLET, PHONE, wrong)).isInstanceOf(SyncInput.AppliedInPart.class);
        assertThat(isEmpty(TABLET)).isFalse();

        SyncInput answer = give(TABLET, LAPTOP, news(LAPTOP, fleet.own(LAPTOP), TABLET));

        assertThat(answer).isEqualTo(new SyncInput.Applied(vault()));
        assertThat(isEmpty(TABLET)).isTrue();
        assertThat(fleet.device(TABLET).parked()).isEmpty();
        assertThat(give(TABLET, PHONE, wrong))
                .as("its peer hears of it when it sends it again")
                .isEqualTo(new SyncInput.ApplyFailed(vault(), EndReason.PROTOCOL));
    }

    /** The phone's next batch, which builds on what the tablet lacks, and is sealed. */
    private SyncEntry withAGapBetweenOperations() {
        Store phone = fleet.store(PHONE);
        ActorId author = fleet.own(PHONE);
        Stage.Draft draft =
                phone.ask(
                        stage ->
                                stage.draft(
                                        vault(), author, phone.environment().now().toEpochMilli()));
        Operation set =
                new Operation.Set(
                        FieldName.TEXT, new Value.Text("wrong"), List.of(), Lifetime.CURRENT);
        Batch batch =
                new Batch(
                        draft.stamp(),
                        draft.firstCounter() + 1,
                        draft.dependencies(),
                        List.of(new Part("wrong", List.of(set))),
                        phone.environment().randomBytes(Batch.SEED_SIZE));
        Bytes encoded = BatchCodec.encode(batch);
        ChainHash hash =
                Chain.next(
                        draft.id(), fleet.vault(PHONE).actor(author).orElseThrow().hash(), encoded);
        Bytes seal = phone.identity().sign(Chain.sealMessage(draft.id(), hash));
        return new SyncEntry(author, draft.id().sequence(), encoded, Optional.of(seal));
    }
}
