package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two devices that each gave the other up, and went on alone, until they met. */
class MutualSuspensionTest {
    @TempDir Path directory;

    private Loam laptop;
    private Loam phone;

    @BeforeEach
    void meetAndPart() throws Exception {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        pair(laptop, phone);
        vault(laptop).put(Memory.of("one").key("a").tag("old"));
        vault(laptop).put(Memory.of("two").key("b"));
        sync(laptop, phone);
        vault(phone).put(Memory.of("three").key("c"));
        sync(laptop, phone);
        Cuts.suspend(laptop, "main", phone);
        Cuts.suspend(phone, "main", laptop);
        for (Loam each : List.of(laptop, phone)) {
            String name = each == laptop ? "laptop" : "phone";
            vault(each).put(Memory.of("new of the " + name).key("new-" + name));
            vault(each).update("a", Update.none().text("by the " + name));
        }
    }

    @AfterEach
    void close() {
        phone.close();
        laptop.close();
    }

    private static Vault vault(Loam loam) {
        return loam.vault("main");
    }

    private void meetAgain() throws Exception {
        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
        assertThat(wantsSnapshot(laptop)).isNotEqualTo(wantsSnapshot(phone));
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertThat(laptop.verify(Progress.NONE).damage()).isEmpty();
        assertThat(phone.verify(Progress.NONE).damage()).isEmpty();
    }

    private static boolean wantsSnapshot(Loam loam) {
        Store store = loam.store();
        return store.ownActors().wantsSnapshot(store.state().named("main").orElseThrow());
    }

    private void assertEveryWriteIsThereOrInTheInbox() {
        assertThat(text(vault(laptop), "new-laptop")).contains("new of the laptop");
        assertThat(text(vault(laptop), "new-phone")).contains("new of the phone");
        String stands = text(vault(laptop), "a").orElseThrow();
        String other = stands.equals("by the phone") ? "by the laptop" : "by the phone";
        assertThat(vault(laptop).inbox().list(100, Optional.empty()).entries())
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.key()).isEqualTo("a");
                            assertThat(entry.mine()).contains(new Value.Text(other));
                            assertThat(entry.theirs()).contains(new Value.Text(stands));
                        });
    }

    @Test
    void scenario29OneRebasesAndEveryWriteIsThereOrInTheInbox() throws Exception {
        meetAgain();
        assertEveryWriteIsThereOrInTheInbox();
    }

    @Test
    void scenario29TheSameWhereBothHadSettledWithoutTheOther() throws Exception {
        Cuts.cut(laptop, "main");
        Cuts.cut(phone, "main");
        meetAgain();
        assertEveryWriteIsThereOrInTheInbox();
        vault(phone).put(Memory.of("later").key("z"));
        sync(laptop, phone);
        assertThat(text(vault(laptop), "z")).contains("later");
    }

    @Test
    void scenario29TheSameWhereOneHadSettledWithoutTheOther() throws Exception {
        Cuts.cut(phone, "main");
        meetAgain();
        assertEveryWriteIsThereOrInTheInbox();
    }

    /** As after two sessions at once, in each of which the other one was to stand. */
    @Test
    void scenario29TheSameWhereBothHadBegunToGiveWay() throws Exception {
        beginAnew(laptop, Optional.empty());
        beginAnew(phone, Optional.empty());

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertEveryWriteIsThereOrInTheInbox();
    }

    /** As after two sessions at once, in each of which one told the other that it goes on. */
    @Test
    void scenario29TheSameWhereEachWasToldByTheOther() throws Exception {
        beginAnew(laptop, Optional.of(phone.identity().id()));
        beginAnew(phone, Optional.of(laptop.identity().id()));

        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");

        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        assertEveryWriteIsThereOrInTheInbox();
    }

    private static void beginAnew(Loam loam, Optional<DeviceId> toldBy) {
        Store store = loam.store();
        store.ownActors()
                .beginRebase(
                        store.state().named("main").orElseThrow(),
                        store.environment().randomBytes(ActorId.NONCE_SIZE),
                        toldBy);
    }

    @Test
    void whatTheOneThatGivesWayHadCompactedIsThereOrInTheInbox() throws Exception {
        vault(laptop).put(Memory.of("extra").key("new-both").field("n", "1").tag("t"));
        vault(phone).put(Memory.of("extra").key("new-both").field("n", "1").tag("t"));
        for (Loam each : List.of(laptop, phone)) {
            Cuts.cut(each, "main");
            assertThat(each.compact(CompactOptions.aggressive(), Progress.NONE).batchesLetGo())
                    .isPositive();
        }

        meetAgain();

        String stands = text(vault(laptop), "a").orElseThrow();
        String gaveWay = stands.equals("by the phone") ? "laptop" : "phone";
        String stood = gaveWay.equals("laptop") ? "phone" : "laptop";
        assertThat(text(vault(laptop), "new-" + stood)).contains("new of the " + stood);
        assertThat(vault(laptop).inbox().list(100, Optional.empty()).entries())
                .filteredOn(entry -> entry.mine().isPresent())
                .extracting(entry -> entry.key() + " " + entry.mine().orElseThrow())
                .contains(
                        "a " + new Value.Text("by the " + gaveWay),
                        "new-" + gaveWay + " " + new Value.Text("new of the " + gaveWay))
                .noneMatch(entry -> entry.startsWith("b "))
                .noneMatch(entry -> entry.contains("extra"));
    }
}
