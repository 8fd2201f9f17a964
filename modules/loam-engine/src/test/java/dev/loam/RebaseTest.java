package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ActorId;
import dev.loam.core.FieldName;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone that wrote while the others excluded it, settled what they had, and went on. */
class RebaseTest {
    @TempDir Path directory;

    private Loam laptop;
    private Loam phone;

    /** Two stores with three memories in common. */
    @BeforeEach
    void meet() throws Exception {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        pair(laptop, phone);
        vault(laptop).put(Memory.of("one").key("a").tag("old").field("n", "first"));
        vault(laptop).put(Memory.of("two").key("b"));
        vault(laptop).put(Memory.of("three").key("c").counter("hits", 1));
        sync(laptop, phone);
        vault(phone).put(Memory.of("from the phone").key("p"));
        sync(laptop, phone);
    }

    @AfterEach
    void close() {
        phone.close();
        laptop.close();
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    /** The phone does its part unknown to the laptop, which then settles without it. */
    private void apart(Consumer<Vault> onPhone, Consumer<Vault> onLaptop) {
        onPhone.accept(vault(phone));
        Cuts.suspend(laptop, "main", phone);
        onLaptop.accept(vault(laptop));
        Cuts.cut(laptop, "main");
    }

    /** The sessions that it takes until both have the same. */
    private void comeHome() throws Exception {
        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(phone.digest()).isEqualTo(laptop.digest());
        assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
    }

    /** A third device, which has what the laptop has, and may meet both. */
    private Loam addTablet() throws Exception {
        Loam tablet = open(directory.resolve("tablet"));
        pair(laptop, tablet);
        pair(phone, tablet);
        sync(laptop, tablet);
        return tablet;
    }

    private List<Inbox.Entry> inbox() {
        return vault(laptop).inbox().list(100, Optional.empty()).entries();
    }

    @Test
    void aNewMemoryAndAChangeOfWhatStillStandsAreThereAgain() throws Exception {
        apart(
                phone -> {
                    phone.put(Memory.of("new").key("x"));
                    phone.update("a", Update.none().text("one, changed"));
                    phone.update("a", Update.none().text("one, changed twice"));
                },
                laptop -> laptop.put(Memory.of("other").key("y")));

        comeHome();

        assertThat(text(vault(laptop), "x")).contains("new");
        assertThat(text(vault(laptop), "a")).contains("one, changed twice");
        assertThat(text(vault(laptop), "y")).contains("other");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aChangeOfWhatOthersChangedComesIntoTheInboxWithBothValues() throws Exception {
        apart(
                phone -> phone.update("b", Update.none().text("by the phone")),
                laptop -> laptop.update("b", Update.none().text("by the laptop")));

        comeHome();

        assertThat(text(vault(phone), "b")).contains("by the laptop");
        assertThat(inbox())
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.key()).isEqualTo("b");
                            assertThat(entry.what()).isEqualTo("set");
                            assertThat(entry.mine()).contains(new Value.Text("by the phone"));
                            assertThat(entry.theirs()).contains(new Value.Text("by the laptop"));
                        });
    }

    @Test
    void theKeysOfTheInboxAreTheSameWithTheDigitsOfAnyLanguage() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            apart(
                    phone -> phone.update("b", Update.none().text("by the phone")),
                    laptop -> laptop.update("b", Update.none().text("by the laptop")));

            comeHome();

            assertThat(inbox())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.id()).matches("[0-9a-f]+-[0-9]+"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void anEntryOfTheInboxIsSettledOnAnyDeviceEitherWay() throws Exception {
        apart(
                phone -> {
                    phone.update("a", Update.none().text("a by the phone"));
                    phone.update("b", Update.none().text("b by the phone"));
                },
                laptop -> {
                    laptop.update("a", Update.none().text("a by the laptop"));
                    laptop.update("b", Update.none().text("b by the laptop"));
                });
        comeHome();

        for (Inbox.Entry entry : inbox()) {
            Inbox.Choice choice =
                    entry.key().equals("a") ? Inbox.Choice.APPLY_MINE : Inbox.Choice.KEEP_THEIRS;
            vault(laptop).inbox().resolve(entry.id(), choice);
        }
        sync(laptop, phone);

        assertThat(text(vault(phone), "a")).contains("a by the phone");
        assertThat(text(vault(phone), "b")).contains("b by the laptop");
        assertThat(vault(phone).inbox().list(100, Optional.empty()).entries()).isEmpty();
    }

    @Test
    void aDeletionOfWhatStillStandsIsDoneAndOfWhatOthersChangedIsAsked() throws Exception {
        apart(
                phone -> {
                    phone.delete("a");
                    phone.delete("b");
                },
                laptop -> laptop.update("b", Update.none().text("still wanted")));

        comeHome();

        assertThat(text(vault(laptop), "a")).isEmpty();
        assertThat(text(vault(laptop), "b")).contains("still wanted");
        assertThat(inbox())
                .singleElement()
                .satisfies(entry -> assertThat(entry.what()).isEqualTo("delete"));
    }

    @Test
    void aChangeOfWhatOthersDeletedDoesNotBringItBack() throws Exception {
        apart(
                phone -> phone.update("b", Update.none().text("too late").increment("hits", 2)),
                laptop -> laptop.delete("b"));

        comeHome();

        assertThat(text(vault(laptop), "b")).isEmpty();
        assertThat(inbox()).extracting(Inbox.Entry::what).containsExactly("set", "increment");
    }

    @Test
    void whatAddsIsAddedToWhateverOthersMadeOfTheMemory() throws Exception {
        apart(
                phone ->
                        phone.update(
                                "c",
                                Update.none().increment("hits", 5).tag("new").append("log", "me")),
                laptop -> laptop.update("c", Update.none().text("changed").increment("hits", 10)));

        comeHome();

        Memory memory = vault(laptop).get("c").orElseThrow();
        assertThat(memory.text()).isEqualTo("changed");
        assertThat(memory.tags()).contains("new");
        assertThat(memory.counters()).containsEntry(new FieldName("hits"), 16L);
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aTagThatIsStillThereIsTakenAway() throws Exception {
        apart(phone -> phone.update("a", Update.none().untag("old")), laptop -> {});

        comeHome();

        assertThat(vault(laptop).get("a").orElseThrow().tags()).isEmpty();
    }

    @Test
    void aRemovalIsAlwaysDone() throws Exception {
        apart(
                phone -> phone.remove("b"),
                laptop -> laptop.update("b", Update.none().text("changed")));

        comeHome();

        assertThat(text(vault(laptop), "b")).isEmpty();
        assertThat(inbox()).isEmpty();
    }

    @Test
    void aReplacedMemoryThatOthersChangedStaysAsTheyMadeIt() throws Exception {
        apart(
                phone -> phone.put(Memory.of("rewritten").key("b")),
                laptop -> laptop.update("b", Update.none().text("changed")));

        comeHome();

        assertThat(text(vault(laptop), "b")).contains("changed");
        assertThat(inbox()).isNotEmpty();
    }

    @Test
    void whatAddsToWhatOthersDeletedComesIntoTheInbox() throws Exception {
        apart(
                phone -> phone.update("c", Update.none().tag("new").append("log", "me")),
                laptop -> laptop.delete("c"));

        comeHome();

        assertThat(text(vault(laptop), "c")).isEmpty();
        assertThat(inbox())
                .extracting(entry -> entry.what() + " " + entry.mine().orElseThrow())
                .containsExactlyInAnyOrder(
                        "add " + new Value.Text("new"), "append " + new Value.Text("me"));
    }

    @Test
    void ofWhatOthersRemovedNothingIsKeptButThatItWasChanged() throws Exception {
        vault(phone).update("b", Update.none().text("a secret"));
        Cuts.suspend(laptop, "main", phone);
        Cuts.cut(laptop, "main");
        vault(laptop).remove("b");

        comeHome();

        assertThat(text(vault(phone), "b")).isEmpty();
        assertThat(inbox())
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.key()).isEqualTo("b");
                            assertThat(entry.mine()).isEmpty();
                            assertThat(entry.theirs()).isEmpty();
                        });
    }

    @Test
    void whatAnotherShutOutDeviceWroteComesIntoTheInboxWithItsOrigin() throws Exception {
        try (Loam tablet = addTablet()) {
            vault(tablet).put(Memory.of("here").key("t"));
            sync(laptop, tablet);
            sync(laptop, phone);
            sync(phone, tablet);
            vault(tablet).update("b", Update.none().text("by the tablet"));
            sync(phone, tablet);
            assertThat(text(vault(phone), "b")).contains("by the tablet");
            Store store = tablet.store();
            ActorId author = store.ownActor(store.state().named("main").orElseThrow());
            Cuts.suspend(laptop, "main", tablet);
            apart(onPhone -> {}, onLaptop -> {});

            comeHome();

            assertThat(text(vault(laptop), "b")).contains("two");
            Inbox.Entry entry = inbox().getFirst();
            assertThat(inbox()).hasSize(1);
            assertThat(entry.mine()).contains(new Value.Text("by the tablet"));
            assertThat(vault(laptop).get(Inbox.PREFIX + entry.id()).orElseThrow())
                    .extracting(memory -> memory.field("inbox.author").orElseThrow())
                    .isEqualTo(new Value.Text(author.bytes().toHex()));
        }
    }

    /** What its batches replaced is not known any more: nothing is lost, and nothing beaten. */
    @Test
    void whatWasCompactedBeforeComingHomeIsThereOrInTheInbox() throws Exception {
        vault(laptop).put(Memory.of("settled by both").key("s"));
        sync(laptop, phone);
        Cuts.ack(phone, "main");
        sync(laptop, phone);
        Cuts.cut(phone, "main");
        sync(laptop, phone);
        apart(
                phone -> {
                    phone.put(Memory.of("new").key("x").tag("fresh"));
                    phone.update("a", Update.none().text("one, changed"));
                    phone.update("c", Update.none().increment("hits", 5).tag("more"));
                    phone.delete("b");
                },
                laptop -> laptop.put(Memory.of("other").key("y")));
        assertThat(phone.compact(CompactOptions.aggressive(), Progress.NONE).batchesLetGo())
                .isPositive();

        comeHome();

        Memory added = vault(laptop).get("c").orElseThrow();
        assertThat(added.counters()).containsEntry(new FieldName("hits"), 6L);
        assertThat(added.tags()).contains("more");
        assertThat(inbox())
                .extracting(entry -> entry.key() + " " + entry.what())
                .contains("x set", "x add", "a set", "b delete");
        assertThat(inbox())
                .extracting(Inbox.Entry::mine)
                .contains(Optional.of(new Value.Text("one, changed")))
                .contains(Optional.of(new Value.Text("new")));
    }

    /** No cut was made: it is not what it lacks, but the exclusion alone. */
    @Test
    void aDeviceThatHearsOfItsSuspensionWritesAnewWhatItHadNotSent() throws Exception {
        vault(phone).put(Memory.of("not sent yet").key("x"));
        vault(phone).update("b", Update.none().text("by the phone"));
        Cuts.suspend(laptop, "main", phone);
        vault(laptop).update("b", Update.none().text("by the laptop"));

        comeHome();

        assertThat(text(vault(laptop), "x")).contains("not sent yet");
        assertThat(inbox()).extracting(Inbox.Entry::key).containsExactly("b");
    }

    @Test
    void aRevokedDeviceIsNotLetInAgainAndKeepsWhatItHas() throws Exception {
        vault(phone).put(Memory.of("not sent yet").key("x"));
        laptop.revoke(phone.identity().id());

        assertThatThrownBy(() -> sync(laptop, phone)).isNotNull();

        phone.close();
        phone = open(directory.resolve("phone"));
        assertThat(text(vault(phone), "x")).contains("not sent yet");
        assertThat(text(vault(phone), "a")).contains("one");
        assertThat(text(vault(laptop), "x")).isEmpty();
        assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
    }

    @Test
    void scenario12aDeletedMemoryStaysDeletedWhenAnAbsentDeviceReturns() throws Exception {
        apart(phone -> phone.put(Memory.of("new").key("x")), laptop -> laptop.delete("b"));

        comeHome();

        assertThat(text(vault(phone), "b")).isEmpty();
        assertThat(text(vault(laptop), "b")).isEmpty();
        assertThat(text(vault(laptop), "x")).contains("new");
    }

    @Test
    void afterComingHomeThePhoneWritesAndIsReopenedAsItWas() throws Exception {
        apart(phone -> phone.put(Memory.of("new").key("x")), laptop -> {});
        comeHome();
        vault(phone).put(Memory.of("later").key("z"));
        sync(laptop, phone);
        assertThat(text(vault(laptop), "z")).contains("later");
        String digest = phone.digest();
        phone.close();
        phone = open(directory.resolve("phone"));
        assertThat(phone.digest()).isEqualTo(digest);
        assertThat(phone.rebuild(Progress.NONE).digestAfter()).isEqualTo(digest);
        assertThat(directory.resolve("phone").toFile().list())
                .noneMatch(name -> name.startsWith("aside-"));
    }

    /** The tablet had it before it heard that the phone is excluded, and so everybody takes it. */
    @Test
    void whatSomebodyElseHasAlreadyIsCountedOnceWhenItsAuthorComesHome() throws Exception {
        try (Loam tablet = addTablet()) {
            sync(laptop, phone);
            vault(phone).update("c", Update.none().increment("hits", 10).append("log", "sent"));
            sync(phone, tablet);
            vault(phone).update("c", Update.none().increment("hits", 100));
            Cuts.suspend(laptop, "main", phone);

            sync(laptop, phone);
            sync(laptop, phone);
            sync(laptop, phone);
            Cuts.ack(tablet, "main");
            sync(laptop, tablet);
            sync(laptop, phone);

            Memory memory = vault(laptop).get("c").orElseThrow();
            assertThat(memory.counters()).containsEntry(new FieldName("hits"), 111L);
            assertThat(memory.logs().get(new FieldName("log"))).hasSize(1);
            assertThat(inbox()).extracting(Inbox.Entry::what).containsOnly("increment", "append");
            assertThat(phone.digest()).isEqualTo(laptop.digest());
        }
    }

    /** The laptop has all of it to note, the phone only what it cannot write anew. */
    @Test
    void twoThatTakeNotesOfOneBatchWriteTheSameUnderTheSameKey() throws Exception {
        try (Loam tablet = addTablet()) {
            vault(tablet).put(Memory.of("here").key("t"));
            sync(laptop, tablet);
            sync(laptop, phone);
            vault(phone)
                    .write(
                            batch -> {
                                batch.put(Memory.of("new").key("a2"));
                                batch.update("b", Update.none().text("by the phone"));
                            });
            sync(laptop, phone);
            vault(tablet).update("b", Update.none().text("by the tablet"));
            Cuts.suspend(tablet, "main", phone);
            Cuts.suspend(tablet, "main", laptop);
            Cuts.cut(tablet, "main");

            for (int round = 0; round < 3; round++) {
                sync(laptop, tablet);
                sync(phone, tablet);
            }
            sync(laptop, tablet);

            assertThat(laptop.digest()).isEqualTo(tablet.digest());
            assertThat(vault(tablet).conflicts(100, Optional.empty()).conflicts()).isEmpty();
            assertThat(inbox())
                    .extracting(entry -> entry.key() + " " + entry.field().orElseThrow())
                    .containsExactlyInAnyOrder("a2 text", "a2 time", "b text");
            assertThat(inbox())
                    .filteredOn(entry -> entry.field().equals(Optional.of("text")))
                    .extracting(entry -> entry.mine().orElseThrow())
                    .containsExactlyInAnyOrder(
                            new Value.Text("new"), new Value.Text("by the phone"));
        }
    }
}
