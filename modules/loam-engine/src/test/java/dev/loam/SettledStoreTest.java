package dev.loam;

import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.FieldName;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Value;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a cut lets go of in whole stores, and that nothing else changes by it. */
@Timeout(120)
class SettledStoreTest {
    private static final FieldName FIELD = new FieldName("x");

    @TempDir Path directory;
    private Store laptopStore;
    private Store phoneStore;
    private Loam laptop;
    private Loam phone;

    @BeforeEach
    void openAndPair() {
        laptopStore = open("laptop");
        phoneStore = open("phone");
        laptop = Loam.of(directory.resolve("laptop"), laptopStore);
        phone = Loam.of(directory.resolve("phone"), phoneStore);
        PairedStores.pair(laptop, phone);
    }

    @AfterEach
    void closeBoth() {
        laptop.close();
        phone.close();
    }

    private Store open(String name) {
        return Store.open(directory.resolve(name), LoamOptions.unencrypted());
    }

    private static void control(
            Store store, BiFunction<VaultState, ActorId, Operation.Control> wanted) {
        store.write(
                stage -> {
                    VaultState vault = stage.named("main").orElseThrow();
                    ActorId own = store.ownActor(vault);
                    Stage.Draft draft =
                            stage.draft(vault.id(), own, store.environment().now().toEpochMilli());
                    List<Operation> controls = List.of(wanted.apply(vault, own));
                    stage.stage(
                            draft.id(),
                            draft.batch(
                                    List.of(new Part("", controls)),
                                    store.environment().randomBytes(16)));
                    return Optional.empty();
                });
    }

    private static void acknowledge(Store store) {
        control(store, (vault, own) -> new Operation.Ack());
    }

    private static void cut(Store store) {
        control(store, (vault, own) -> vault.cut(own).orElseThrow());
    }

    private void settle() throws Exception {
        PairedStores.sync(laptop, phone);
        acknowledge(phoneStore);
        PairedStores.sync(laptop, phone);
        cut(laptopStore);
        PairedStores.sync(laptop, phone);
    }

    private static Bytes stored(Store store, String key) {
        VaultState vault = store.state().named("main").orElseThrow();
        try (IndexSnapshot snapshot = store.snapshot()) {
            return snapshot.state(new RecordId(vault.id(), key)).orElseThrow();
        }
    }

    private static Bytes settled(Store store, String key) {
        VaultState vault = store.state().named("main").orElseThrow();
        return RecordState.decode(stored(store, key)).settled(vault.horizon()).encode();
    }

    @Test
    void aCutShrinksTheStateOfARecordThatIsWrittenAgain() throws Exception {
        laptop.vault("main").put(Memory.of("text").key("k").field("x", "1").tag("red"));
        int before = stored(laptopStore, "k").size();
        settle();
        laptop.vault("main").update("k", Update.none().set("x", "2"));

        RecordState state = RecordState.decode(stored(laptopStore, "k"));
        assertThat(stored(laptopStore, "k").size()).isLessThan(before);
        assertThat(state.dots(FieldName.TEXT)).isEmpty();
        assertThat(state.dots(FIELD)).hasSize(1);
        assertThat(state.siblings(FIELD)).containsExactly(new Value.Text("2"));
    }

    @Test
    void storesThatAgreeHaveTheSameDigestAndTheSameBytes() throws Exception {
        laptop.vault("main").put(Memory.of("text").key("k").field("x", "1").tag("red"));
        settle();
        laptop.vault("main").update("k", Update.none().set("x", "2"));
        phone.vault("main").update("k", Update.none().untag("red").tag("blue"));
        PairedStores.sync(laptop, phone);

        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertThat(settled(laptopStore, "k")).isEqualTo(settled(phoneStore, "k"));
        Memory read = phone.vault("main").get("k").orElseThrow();
        assertThat(read.tags()).containsExactly("blue");
        assertThat(read.field("x")).contains(new Value.Text("2"));
    }

    @Test
    void scenario05ARebuildBehindACutHasTheBytesOfTheLiveStates() throws Exception {
        laptop.vault("main").put(Memory.of("text").key("k").field("x", "1").tag("red"));
        settle();
        laptop.vault("main").update("k", Update.none().set("x", "2").increment("hits", 3));
        settle();
        phone.vault("main").update("k", Update.none().reset("hits").untag("red"));
        PairedStores.sync(laptop, phone);
        Bytes live = settled(laptopStore, "k");

        RebuildReport rebuilt = laptop.rebuild(Progress.NONE);

        assertThat(rebuilt.digestAfter()).isEqualTo(rebuilt.digestBefore());
        assertThat(settled(laptopStore, "k")).isEqualTo(live);
        assertThat(laptop.verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void thePastOfARecordKnowsWhatWasOverwrittenAfterACut() throws Exception {
        laptop.vault("main").put(Memory.of("one").key("k"));
        settle();
        laptop.vault("main").update("k", Update.none().text("two"));

        assertThat(laptop.vault("main").asOf(Instant.now().plusSeconds(60)).get("k"))
                .map(Memory::text)
                .contains("two");
        assertThat(text(laptop.vault("main"), "k")).contains("two");
        assertThat(laptopStore.past(new RecordId(vault().id(), "k")).asOf(Long.MAX_VALUE))
                .satisfies(past -> assertThat(past.siblings(FieldName.TEXT)).hasSize(1));
    }

    @Test
    void aVaultWithAClosedActorIsReplayed() throws Exception {
        laptop.vault("main").put(Memory.of("text").key("k"));
        PairedStores.sync(laptop, phone);
        phone.vault("main").update("k", Update.none().text("of the phone"));
        PairedStores.sync(laptop, phone);
        ActorId gone = phoneStore.ownActor(phoneStore.state().named("main").orElseThrow());
        laptop.vault("main").update("k", Update.none().set("x", "1"));
        control(laptopStore, (vault, own) -> new Operation.Suspend(gone));
        cut(laptopStore);
        assertThat(vault().closed()).containsKey(gone);
        laptop.vault("main").update("k", Update.none().set("x", "2"));

        RebuildReport rebuilt = laptop.rebuild(Progress.NONE);

        assertThat(rebuilt.digestAfter()).isEqualTo(rebuilt.digestBefore());
        assertThat(text(laptop.vault("main"), "k")).contains("of the phone");
    }

    private VaultState vault() {
        return laptopStore.state().named("main").orElseThrow();
    }
}
