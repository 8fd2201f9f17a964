package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.ask;
import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that were cloned, or restored from a backup: no copy goes on as what it is a copy of. */
class CopiedStoreTest {
    @TempDir Path directory;

    private Path at(String name) {
        return directory.resolve(name);
    }

    private void copy(String from, String to) throws IOException {
        TestStores.copy(at(from), at(to));
    }

    private void delete(String name) throws IOException {
        try (Stream<Path> files = Files.walk(at(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void put(Loam loam, String key, String text) {
        loam.vault("main").put(Memory.of(text).key(key));
    }

    private static int actors(Loam loam) {
        return loam.vaults().getFirst().actors();
    }

    private static List<String> notes(Path store) {
        return ask(store, loam -> loam.openReport().notes());
    }

    /** Two stores that have met; the laptop is closed. */
    private void laptopAndPhone() throws Exception {
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            pair(laptop, phone);
            put(laptop, "a", "first");
            sync(laptop, phone);
        }
    }

    /** Each waits for the other to let it in, and nobody else is there. */
    @Test
    void twoThatWereBothRestoredWriteAgainAfterTheyHaveMet() throws Exception {
        laptopAndPhone();
        copy("laptop", "laptop-2");
        copy("phone", "phone-2");
        try (Loam laptop = open(at("laptop-2"));
                Loam phone = open(at("phone-2"))) {
            for (Loam each : List.of(laptop, phone)) {
                assertCode(ErrorCode.FORBIDDEN, () -> put(each, "b", "not yet"));
            }
            sync(laptop, phone);
            sync(laptop, phone);
            sync(laptop, phone);

            put(laptop, "l", "again");
            put(phone, "p", "again");
            sync(laptop, phone);
            assertThat(laptop.digest()).isEqualTo(phone.digest());
            assertThat(text(laptop.vault("main"), "p")).contains("again");
        }
    }

    @Test
    void aStoreThatIsReopenedOrRenamedGoesOnAsItWas() throws IOException {
        ask(at("old"), loam -> loam.vault("main").put(Memory.of("first").key("a")));
        assertThat(notes(at("old"))).isEmpty();

        Files.move(at("old"), at("new"));

        try (Loam loam = open(at("new"))) {
            assertThat(loam.openReport().notes()).isEmpty();
            put(loam, "b", "second");
            assertThat(actors(loam)).isEqualTo(1);
        }
    }

    @Test
    void aCopyThatIsAloneLetsItsNextActorInAndGoesOn() throws IOException {
        ask(at("original"), loam -> loam.vault("main").put(Memory.of("first").key("a")));
        copy("original", "copy");

        try (Loam copy = open(at("copy"))) {
            assertThat(copy.openReport().notes()).singleElement().asString().contains("copied");
            put(copy, "b", "second");
            assertThat(actors(copy)).isEqualTo(2);
            assertThat(text(copy.vault("main"), "a")).contains("first");
            assertThat(copy.verify(Progress.NONE).damage()).isEmpty();
        }
        assertThat(notes(at("copy"))).as("once").isEmpty();
        assertThat(notes(at("original"))).as("the original stays").isEmpty();
        String digest = ask(at("copy"), Loam::digest);
        String rebuilt = ask(at("copy"), loam -> loam.rebuild(Progress.NONE).digestAfter());
        assertThat(rebuilt).isEqualTo(digest);
    }

    @Test
    void aCopyOfAStoreWithPeersWritesOnceAMemberHasLetItsNextActorIn() throws Exception {
        laptopAndPhone();
        copy("laptop", "clone");

        try (Loam laptop = open(at("laptop"));
                Loam clone = open(at("clone"));
                Loam phone = open(at("phone"))) {
            assertThat(text(clone.vault("main"), "a")).contains("first");
            assertCode(ErrorCode.FORBIDDEN, () -> put(clone, "c", "too early"));

            assertThat(sync(clone, phone).reason()).isEqualTo("DONE");
            put(clone, "c", "of the clone");
            put(laptop, "l", "of the laptop");

            assertThat(sync(clone, phone).reason()).isEqualTo("DONE");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(sync(clone, phone).reason()).isEqualTo("DONE");
            put(laptop, "m", "of the laptop again");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(laptop.digest()).isEqualTo(phone.digest());
            assertThat(text(phone.vault("main"), "c")).contains("of the clone");
            assertThat(text(phone.vault("main"), "m")).contains("of the laptop again");
            assertThat(text(clone.vault("main"), "l")).contains("of the laptop");
            assertThat(actors(phone)).isEqualTo(3);
        }
    }

    @Test
    void twoClonesOfAStoreThatIsGoneAreTwoActors() throws Exception {
        laptopAndPhone();
        copy("laptop", "one");
        copy("laptop", "two");

        try (Loam one = open(at("one"));
                Loam two = open(at("two"));
                Loam phone = open(at("phone"))) {
            sync(one, phone);
            sync(two, phone);
            put(one, "one", "of one");
            put(two, "two", "of two");

            for (Loam each : List.of(one, two, one)) {
                assertThat(sync(each, phone).reason()).isEqualTo("DONE");
            }
            assertThat(one.digest()).isEqualTo(phone.digest());
            assertThat(text(one.vault("main"), "two")).contains("of two");
            assertThat(actors(phone)).isEqualTo(4);
        }
    }

    @Test
    void killedBeforeThePlaceIsRememberedACopyIsFoundAgain() throws Exception {
        laptopAndPhone();
        byte[] before = Files.readAllBytes(at("laptop").resolve("place"));
        copy("laptop", "clone");
        notes(at("clone"));
        Files.write(at("clone").resolve("place"), before);

        assertThat(notes(at("clone"))).singleElement().asString().contains("copied");
        try (Loam clone = open(at("clone"))) {
            assertCode(ErrorCode.FORBIDDEN, () -> put(clone, "c", "too early"));
        }
    }

    @Test
    void withoutTheFileThatTellsWhoItIsAStoreTakesANewName() throws Exception {
        laptopAndPhone();
        Files.delete(at("laptop").resolve("actors"));

        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            assertCode(ErrorCode.FORBIDDEN, () -> put(laptop, "b", "too early"));
            sync(laptop, phone);
            put(laptop, "b", "second");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(actors(phone)).isEqualTo(3);
        }
    }

    @Test
    void aPeerIsNotLetInWithoutEnd() throws Exception {
        laptopAndPhone();
        try (Loam phone = open(at("phone"))) {
            for (int i = 0; i < 12; i++) {
                copy("laptop", "clone" + i);
                try (Loam clone = open(at("clone" + i))) {
                    phone.welcome(clone.identity().id(), clone.introduction());
                    phone.welcome(clone.identity().id(), clone.introduction());
                }
            }
            assertThat(actors(phone)).isEqualTo(2 + Membership.UNUSED_MAX);
        }
    }

    @Test
    void scenario15ARestoredBackupLetsNoOlderValueWin() throws Exception {
        laptopAndPhone();
        copy("laptop", "backup");
        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            put(laptop, "a", "second");
            put(laptop, "b", "not in the backup");
            sync(laptop, phone);
        }
        delete("laptop");
        copy("backup", "laptop");

        try (Loam laptop = open(at("laptop"));
                Loam phone = open(at("phone"))) {
            assertThat(text(laptop.vault("main"), "a")).contains("first");
            assertCode(ErrorCode.FORBIDDEN, () -> put(laptop, "a", "from before"));

            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");

            for (Loam each : List.of(laptop, phone)) {
                assertThat(text(each.vault("main"), "a")).contains("second");
                assertThat(text(each.vault("main"), "b")).contains("not in the backup");
            }
            put(laptop, "c", "third");
            assertThat(sync(laptop, phone).reason()).isEqualTo("DONE");
            assertThat(laptop.digest()).isEqualTo(phone.digest());
        }
    }

    @Test
    void scenario28TwoClonesThatWroteAreAForkWhichCostsTheThirdNothing() throws Exception {
        ask(at("original"), loam -> loam.vault("main").put(Memory.of("first").key("a")));
        copy("original", "clone");

        try (Loam original = open(at("original"));
                Loam clone = open(at("clone"));
                Loam third = open(at("third"))) {
            put(original, "o", "of the original");
            put(clone, "c", "of the clone");
            pair(original, third);
            pair(clone, third);
            assertThat(sync(original, third).reason()).isEqualTo("DONE");
            String before = third.digest();

            assertThat(sync(clone, third).reason()).isEqualTo("FORK");

            assertThat(third.digest()).isEqualTo(before).isEqualTo(original.digest());
            assertThat(text(clone.vault("main"), "c")).contains("of the clone");
            put(original, "p", "later");
            assertThat(sync(original, third).reason()).isEqualTo("DONE");
            assertThat(third.peerStatuses()).hasSize(1);
        }
    }

    @Test
    void scenario28AForkThatAThirdStoreOnlyPassesOnIsAForkToo() throws Exception {
        ask(at("original"), loam -> loam.vault("main").put(Memory.of("first").key("a")));
        copy("original", "clone");

        try (Loam original = open(at("original"));
                Loam clone = open(at("clone"));
                Loam third = open(at("third"));
                Loam fourth = open(at("fourth"))) {
            put(original, "o", "of the original");
            put(original, "p", "of the original, too");
            put(clone, "c", "of the clone");
            pair(original, third);
            pair(clone, fourth);
            pair(third, fourth);
            assertThat(sync(original, third).reason()).isEqualTo("DONE");
            assertThat(sync(clone, fourth).reason()).isEqualTo("DONE");
            String before = fourth.digest();

            assertThat(sync(third, fourth).reason()).isEqualTo("FORK");

            assertThat(fourth.digest()).isEqualTo(before);
        }
    }
}
