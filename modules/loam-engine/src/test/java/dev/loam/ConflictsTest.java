package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two devices changed without knowing of each other. */
class ConflictsTest {
    @TempDir Path directory;
    private Loam laptop;
    private Loam phone;

    @BeforeEach
    void openAndPair() throws Exception {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        PairedStores.pair(laptop, phone);
        for (String key : List.of("a", "b", "c")) {
            laptop.vault("main").put(Memory.of("").key(key));
        }
        PairedStores.sync(laptop, phone);
    }

    @AfterEach
    void closeBoth() {
        laptop.close();
        phone.close();
    }

    private static ConflictPage conflicts(Loam loam) {
        return loam.vault("main").conflicts(10, Optional.empty());
    }

    private void changeOnBoth(String key) throws Exception {
        laptop.vault("main").update(key, Update.none().set("f", "of the laptop"));
        phone.vault("main").update(key, Update.none().set("f", "of the phone"));
        PairedStores.sync(laptop, phone);
    }

    @Test
    void aConflictIsListedOnBothUntilAWriteSettlesIt() throws Exception {
        assertThat(conflicts(laptop).conflicts()).isEmpty();
        changeOnBoth("b");

        Conflict conflict = conflicts(laptop).conflicts().getFirst();
        assertThat(conflict.key()).isEqualTo("b");
        assertThat(conflict.field()).isEqualTo("f");
        assertThat(conflict.values())
                .containsExactlyInAnyOrder(
                        new Value.Text("of the laptop"), new Value.Text("of the phone"));
        assertThat(conflicts(phone)).isEqualTo(conflicts(laptop));

        phone.vault("main").update("b", Update.none().set("f", "of both"));
        PairedStores.sync(laptop, phone);

        assertThat(conflicts(phone).conflicts()).isEmpty();
        assertThat(conflicts(laptop).conflicts()).isEmpty();
        assertThat(laptop.vault("main").siblings("b", "f"))
                .containsExactly(new Value.Text("of both"));
    }

    @Test
    void pagesFollowEachOtherInTheIndexToo() throws Exception {
        changeOnBoth("a");
        changeOnBoth("c");
        laptop.close();
        laptop = open(directory.resolve("laptop"));
        laptop.vault("main").recall("laptop", 1);

        ConflictPage first = laptop.vault("main").conflicts(1, Optional.empty());
        ConflictPage second = laptop.vault("main").conflicts(1, first.next());

        assertThat(first.conflicts().stream().map(Conflict::key)).containsExactly("a");
        assertThat(second.conflicts().stream().map(Conflict::key)).containsExactly("c");
        assertThat(second.next()).isEmpty();
        laptop.vault("main").delete("a");
        assertThat(conflicts(laptop).conflicts().stream().map(Conflict::key)).containsExactly("c");
    }

    @Test
    void aRemovalBeatsWhatHadNotSeenIt() throws Exception {
        laptop.vault("main").remove("a");
        laptop.vault("main").delete("b");
        phone.vault("main").update("a", Update.none().set("f", "late"));
        phone.vault("main").update("b", Update.none().set("f", "late"));
        PairedStores.sync(laptop, phone);

        assertThat(phone.vault("main").get("a")).isEmpty();
        assertThat(phone.vault("main").get("b")).isPresent();
        assertThat(laptop.digest()).isEqualTo(phone.digest());
        phone.vault("main").put(Memory.of("anew").key("a"));
        PairedStores.sync(laptop, phone);
        assertThat(laptop.vault("main").get("a").orElseThrow().fields()).isEmpty();
    }

    @Test
    void countersAddUpAndLogsHaveOneOrder() throws Exception {
        for (Loam loam : List.of(laptop, phone)) {
            loam.vault("main")
                    .update("a", Update.none().increment("n", 2).append("l", "e").append("l", "f"));
        }
        PairedStores.sync(laptop, phone);

        Memory here = laptop.vault("main").get("a").orElseThrow();
        Memory there = phone.vault("main").get("a").orElseThrow();
        assertThat(here.counters().values()).containsExactly(4L);
        assertThat(here.logs().firstEntry().getValue()).hasSize(4);
        assertThat(there.logs()).isEqualTo(here.logs());
        assertThat(phone.digest()).isEqualTo(laptop.digest());
    }
}
