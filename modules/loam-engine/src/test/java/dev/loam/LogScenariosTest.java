package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import dev.loam.log.OpLog;
import dev.loam.log.SegmentDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others got wrong with the log that a store's state is made of. */
@Timeout(120)
class LogScenariosTest {
    private static final FieldName FIELD = new FieldName("x");

    @TempDir Path directory;

    private Path place(String name) {
        return directory.resolve(name);
    }

    private Store open(String name) {
        return Store.open(place(name), LoamOptions.unencrypted());
    }

    /** One record of which two devices wrote every part at the same time, and three dead ones. */
    private static void writeApart(Loam laptop, Loam phone) throws Exception {
        Vault here = laptop.vault("main");
        Vault there = phone.vault("main");
        here.put(Memory.of("text").key("k").field("x", "1").tag("red").vector("m", 1, 2));
        Stream.of("deleted", "removed", "revived")
                .forEach(key -> here.put(Memory.of("text").key(key)));
        PairedStores.sync(laptop, phone);
        here.update("k", Update.none().set("x", "2").increment("n", 5).append("log", "a"));
        here.update("k", Update.none().reset("n").tag("blue").untag("red"));
        here.delete("deleted");
        here.delete("revived");
        there.update("k", Update.none().set("x", "3").increment("n", 2).append("log", "b"));
        there.update("k", Update.none().tag("red"));
        there.remove("removed");
        there.update("revived", Update.none().set("x", "4"));
        PairedStores.sync(laptop, phone);
    }

    /** The vault under the empty key; below it every record, living or dead. */
    private static SortedMap<String, Bytes> bytes(Store store) {
        SortedMap<String, Bytes> bytes = new TreeMap<>();
        bytes.put("", vault(store).encode());
        Stream.of("k", "deleted", "removed", "revived")
                .forEach(key -> bytes.put(key, bytes(store, key)));
        return bytes;
    }

    private static Bytes bytes(Store store, String key) {
        try (IndexSnapshot snapshot = store.snapshot()) {
            return snapshot.state(new RecordId(vault(store).id(), key)).orElseThrow();
        }
    }

    private static VaultState vault(Store store) {
        return store.state().named("main").orElseThrow();
    }

    @Test
    void scenario05DotsActorsStampsAndDigestAreTheLiveOnesAfterARebuild() throws Exception {
        SortedMap<String, Bytes> live;
        String digest;
        try (Store store = open("laptop");
                Loam phone = TestStores.open(place("phone"))) {
            Loam laptop = Loam.of(place("laptop"), store);
            PairedStores.pair(laptop, phone);
            writeApart(laptop, phone);
            live = bytes(store);
            digest = laptop.digest();

            store.rebuild(Progress.NONE, Recovery.COMMIT_EVERY);

            assertThat(bytes(store)).isEqualTo(live);
            assertThat(laptop.digest()).isEqualTo(digest).isEqualTo(phone.digest());
            assertThat(PairedStores.sync(laptop, phone).isDone()).isTrue();
        }
        IndexBuild.deleteTree(place("laptop").resolve("index"));
        try (Store store = open("laptop")) {
            assertThat(store.report().indexRebuilt()).isTrue();
            assertThat(bytes(store)).isEqualTo(live);
            assertThat(store.state().digest().toHex()).isEqualTo(digest);
        }
        RecordState record = RecordState.decode(requireNonNull(live.get("k")));
        assertThat(record.dots(FIELD)).hasSize(2);
        assertThat(VaultState.decode(requireNonNull(live.get(""))).actors().values())
                .hasSize(2)
                .extracting(ActorState::stamp)
                .doesNotHaveDuplicates();
    }

    /** Of two versions of a memory, the log of the laptop has lost the second. */
    private void damageTheSecondVersion() throws Exception {
        try (Loam laptop = TestStores.open(place("laptop"));
                Loam phone = TestStores.open(place("phone"))) {
            PairedStores.pair(laptop, phone);
            laptop.vault("main").put(Memory.of("the older one").key("k"));
            laptop.vault("main").put(Memory.of("the newer one").key("k"));
            laptop.vault("main").put(Memory.of("what came after").key("l"));
            PairedStores.sync(laptop, phone);
        }
        flip(place("laptop"), "the newer one");
    }

    /** Changes a bit in the one file of the log that holds {@code text}. */
    private static void flip(Path store, String text) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(store.resolve("log"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(text);
            if (at >= 0) {
                content[at] ^= 1;
                Files.write(file, content);
                return;
            }
        }
        throw new AssertionError("no file holds: " + text);
    }

    @Test
    void scenario06ADamagedBatchIsReportedAndTheNewerValueStays() throws Exception {
        damageTheSecondVersion();
        for (int opening = 0; opening < 2; opening++) {
            try (Loam laptop = TestStores.open(place("laptop"))) {
                String digest = laptop.digest();

                assertCode(ErrorCode.CORRUPT, () -> laptop.rebuild(Progress.NONE));
                List<LoggedOperation> replayed = new ArrayList<>();
                ReplayReport report =
                        laptop.replay(OperationFilter.all(), replayed::add, _ -> {}, Progress.NONE);

                assertThat(report.damaged()).isEqualTo(1);
                assertThat(report.damage()).singleElement().asString().contains("position");
                assertThat(replayed).filteredOn(each -> each.key().equals("l")).isNotEmpty();
                assertThat(laptop.vault("main").history("k").complete()).isFalse();
                assertThat(text(laptop.vault("main"), "k")).contains("the newer one");
                assertThat(laptop.digest()).isEqualTo(digest);
            }
        }
    }

    @Test
    void scenario06WithoutAnIndexADamagedBatchIsNamedAndNothingOlderGoesInItsPlace()
            throws Exception {
        damageTheSecondVersion();
        IndexBuild.deleteTree(place("laptop").resolve("index"));
        try (Loam laptop = TestStores.open(place("laptop"));
                Loam phone = TestStores.open(place("phone"))) {
            String digest = phone.digest();

            assertThat(laptop.openReport().notes()).anyMatch(note -> note.contains("are lost"));
            assertThat(laptop.vault("main").get("l")).as("behind the damage").isEmpty();
            assertCode(
                    ErrorCode.READ_ONLY,
                    () -> laptop.vault("main").update("k", Update.none().set("x", "1")));

            PipedLink[] ends = PipedLink.between(laptop, phone, Integer.MAX_VALUE);
            assertThat(
                            PairedStores.failures(
                                    () -> laptop.sync(ends[0], Progress.NONE),
                                    () -> phone.sync(ends[1], Progress.NONE)))
                    .containsExactly(ErrorCode.READ_ONLY);
            assertThat(text(phone.vault("main"), "k")).contains("the newer one");
            assertThat(phone.digest()).isEqualTo(digest);
        }
    }

    /** What the log's segments hold, by their paths. */
    private SortedMap<String, Bytes> logFiles(String name) throws IOException {
        SortedMap<String, Bytes> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(place(name).resolve("log"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), Bytes.adopt(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private void writeTwoVersions(String name) {
        try (Loam loam = TestStores.open(place(name))) {
            loam.vault("main").put(Memory.of("the older one").key("k"));
            loam.vault("main").put(Memory.of("the newer one").key("k"));
        }
    }

    /** Of all that lies in sealed segments nothing is kept but the states. */
    private static CompactOptions statesOnly() {
        return CompactOptions.normal().keep(new KeepHistory.Age(Duration.ZERO));
    }

    /** The states must come from the log alone: that an index has them still proves nothing. */
    @Test
    void scenario07ACompactionIsRefusedWhereTheLogCannotBeReplayed() throws Exception {
        writeTwoVersions("store");
        flip(place("store"), "the newer one");
        try (Loam loam = TestStores.open(place("store"))) {
            SortedMap<String, Bytes> before = logFiles("store");

            assertCode(ErrorCode.CORRUPT, () -> loam.compact(statesOnly(), Progress.NONE));

            assertThat(logFiles("store")).isEqualTo(before);
            assertThat(text(loam.vault("main"), "k")).contains("the newer one");
        }
    }

    @Test
    void scenario07ACompactionIsRefusedWhereTheStatesDoNotReadBack() throws Exception {
        writeTwoVersions("store");
        try (Loam loam = TestStores.open(place("store"))) {
            SortedMap<String, Bytes> before = logFiles("store");

            assertCode(
                    ErrorCode.CORRUPT,
                    () -> loam.compact(statesOnly(), (_, _) -> damageDraft("store")));

            assertThat(logFiles("store")).isEqualTo(before);
            assertThat(text(loam.vault("main"), "k")).contains("the newer one");
            assertThat(loam.compact(statesOnly(), Progress.NONE).replaced()).isTrue();
            assertThat(text(loam.vault("main"), "k")).contains("the newer one");
        }
    }

    /** Flips a bit in the last that was written so far of what is to replace the log, if any is. */
    private void damageDraft(String name) {
        try (Stream<Path> all = Files.walk(place(name).resolve("log"))) {
            for (Path file : all.filter(LogScenariosTest::isOfDraft).toList()) {
                byte[] content = Files.readAllBytes(file);
                int last = content.length - 1;
                while (content[last] == 0) {
                    last--;
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    byte flipped = (byte) (content[last] ^ 1);
                    channel.write(ByteBuffer.wrap(new byte[] {flipped}), last);
                }
            }
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static boolean isOfDraft(Path file) {
        return file.toString().contains(".tmp") && file.toString().endsWith(".cq4");
    }

    @Test
    void scenario07StatesWithAnOlderValueAreNotTakenForThoseOfTheBatches() throws Exception {
        writeTwoVersions("store");
        try (Store store = open("store")) {
            RecordId id = new RecordId(vault(store).id(), "k");
            StoredRecord newer = new StoredRecord(id, bytes(store, "k"));
            RecordPast.Step first = store.past(id).steps().getFirst();
            StoredRecord older = new StoredRecord(id, first.applyTo(RecordState.EMPTY).encode());
            assertThat(older).isNotEqualTo(newer);

            assertCode(ErrorCode.CORRUPT, () -> verify(store, older));
            verify(store, newer);
        }
    }

    /** As a compaction would, with this as the only record. */
    private static void verify(Store store, StoredRecord record) {
        OpLog log = store.log();
        Position last = log.sealedEnds().getLast();
        try (SegmentDraft draft = store.writeAlone(_ -> log.draft(last, 1 << 10))) {
            States.Vaults states =
                    new States.Vaults(last, store.state(), new TreeMap<>(), new TreeMap<>());
            CompactedWriter writer = new CompactedWriter(log, draft, 1 << 10);
            writer.vaults(states);
            writer.add(record);
            writer.flushRecords();
            writer.batches(batch -> batch.vault().equals(record.id().vault()), Progress.NONE);
            draft.seal();
            CompactedReader.verify(draft, states, writer.kept().end());
        }
    }
}
