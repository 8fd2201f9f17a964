package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        VaultState vault = store.state().named("main").orElseThrow();
        SortedMap<String, Bytes> bytes = new TreeMap<>();
        bytes.put("", vault.encode());
        try (IndexSnapshot snapshot = store.snapshot()) {
            Stream.of("k", "deleted", "removed", "revived")
                    .forEach(
                            key ->
                                    bytes.put(
                                            key,
                                            snapshot.state(new RecordId(vault.id(), key))
                                                    .orElseThrow()));
        }
        return bytes;
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
        RecordState record = RecordState.decode(live.get("k"));
        assertThat(record.dots(FIELD)).hasSize(2);
        assertThat(VaultState.decode(live.get("")).actors().values())
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
                        laptop.replay(
                                OperationFilter.all(), replayed::add, _ -> {}, Progress.NONE);

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
}
