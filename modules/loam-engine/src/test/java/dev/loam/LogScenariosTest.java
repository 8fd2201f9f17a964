package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.FieldName;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import java.nio.file.Path;
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
}
