package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.RecordId;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.index.IndexSnapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final long START = 1_700_000_000_000L;

    @TempDir Path directory;

    private final SettableClock clock = new SettableClock(START);

    private Loam open(String name) {
        return open(name, 64 << 20);
    }

    private Loam open(String name, long segmentBytesMax) {
        return Loam.open(
                directory.resolve(name),
                LoamOptions.unencrypted().clock(clock),
                log -> log.segmentBytesMax(segmentBytesMax));
    }

    private static String tell(Change change) {
        return change.kind()
                + " "
                + change.name()
                + " "
                + change.from().map(HistoryTest::tell).orElse("-")
                + " "
                + change.to().map(HistoryTest::tell).orElse("-");
    }

    private static String tell(Value value) {
        return value instanceof Value.Text(String text) ? text : value.toString();
    }

    private static List<String> tell(History history) {
        return history.changes().stream()
                .filter(change -> !change.name().equals("time"))
                .map(HistoryTest::tell)
                .toList();
    }

    @Test
    void aHistoryTellsEachChangeFromWhatToWhatOldestFirst() {
        try (Loam loam = open("store")) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("fig").key("k").field("wall", "south").tag("garden"));
            vault.put(Memory.of("other").key("other"));
            vault.put(Memory.of("quince").key("k"));
            vault.update("k", Update.none().set("height", new Value.Whole(3)).tag("tree"));
            vault.update("k", Update.none().untag("tree"));
            vault.delete("k");
            vault.put(Memory.of("pear").key("k"));

            History history = vault.history("k");
            assertThat(history.complete()).isTrue();
            assertThat(tell(history))
                    .containsExactly(
                            "SET text - fig",
                            "SET wall - south",
                            "ADDED tags - garden",
                            "SET text fig quince",
                            "SET wall south -",
                            "REMOVED tags garden -",
                            "SET height - " + new Value.Whole(3),
                            "ADDED tags - tree",
                            "REMOVED tags tree -",
                            "DELETED  - -",
                            "RESTORED  - -",
                            "SET text - pear");
        }
    }

    @Test
    void aHistoryTellsWhenAndByWhichDevice() {
        try (Loam loam = open("store")) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("first").key("k"));
            Instant later = clock.advance(5_000);
            Receipt receipt = vault.update("k", Update.none().text("second"));

            Change last = vault.history("k").changes().getLast();
            assertThat(last.time()).isEqualTo(later);
            assertThat(last.device()).contains(loam.identity().id());
            assertThat(last.batch()).isEqualTo(receipt.batch());
        }
    }

    @Test
    void whatNeverWasHasNoHistoryAndNoPast() {
        try (Loam loam = open("store")) {
            assertThat(loam.vault("main").history("k")).isEqualTo(History.NONE);
            assertThat(loam.vault("main").asOf(Instant.MAX).get("k")).isEmpty();
            loam.vault("main").put(Memory.of("x").key("x"));
            assertThat(loam.vault("main").history("k")).isEqualTo(History.NONE);
            assertThat(loam.vault("main").asOf(clock.instant()).get("k")).isEmpty();
            assertCode(ErrorCode.INVALID_ARGUMENT, () -> loam.vault("main").history(""));
        }
    }

    @Test
    void aValueThatWasWrittenWithoutKnowingTheOtherIsToldSo() throws Exception {
        try (Loam laptop = open("laptop");
                Loam phone = open("phone")) {
            PairedStores.pair(laptop, phone);
            laptop.vault("main").put(Memory.of("fig").key("k"));
            PairedStores.sync(laptop, phone);
            clock.advance(1_000);
            phone.vault("main").update("k", Update.none().text("by phone"));
            clock.advance(1_000);
            laptop.vault("main").update("k", Update.none().text("by laptop"));
            PairedStores.sync(laptop, phone);

            List<String> told = tell(laptop.vault("main").history("k"));
            assertThat(told)
                    .containsExactly(
                            "SET text - fig",
                            "SET text fig by phone",
                            "SET_BESIDE text by phone by laptop");
            assertThat(tell(phone.vault("main").history("k"))).isEqualTo(told);
            assertThat(phone.vault("main").history("k"))
                    .isEqualTo(laptop.vault("main").history("k"));
        }
    }

    @Test
    void theOperationsOfARecordMakeItsStateOnEveryDevice() throws Exception {
        Random random = new Random(11);
        try (Loam a = open("a", 30_000);
                Loam b = open("b", 40_000);
                Loam c = open("c", 50_000)) {
            List<Loam> stores = List.of(a, b, c);
            PairedStores.pair(a, b);
            PairedStores.pair(b, c);
            PairedStores.pair(a, c);
            a.vault("main").put(Memory.of("founded").key("k0"));
            PairedStores.sync(a, b);
            PairedStores.sync(b, c);
            for (int i = 0; i < 250; i++) {
                clock.advance(random.nextInt(3) - (i % 25 == 0 ? 500 : 0));
                act(stores.get(random.nextInt(3)).vault("main"), random);
                if (random.nextInt(15) == 0) {
                    int first = random.nextInt(3);
                    PairedStores.sync(stores.get(first), stores.get((first + 1) % 3));
                }
            }
            for (Loam store : stores) {
                assertPastsMakeThePresent(store);
            }
            PairedStores.sync(a, b);
            PairedStores.sync(b, c);
            PairedStores.sync(a, c);
            PairedStores.sync(a, b);
            for (Loam store : stores) {
                for (int key = 0; key < 8; key++) {
                    assertThat(
                                    store.vault("main")
                                            .history("k" + key)
                                            .equals(a.vault("main").history("k" + key)))
                            .isTrue();
                }
            }
        }
        assertPastsMakeTheStateOf("a");
        assertPastsMakeTheStateOf("b");
        assertPastsMakeTheStateOf("c");
    }

    /** Also of what reads do not return. */
    private void assertPastsMakeTheStateOf(String name) {
        try (Store store = Store.open(directory.resolve(name), LoamOptions.unencrypted());
                IndexSnapshot snapshot = store.snapshot()) {
            VaultId vault = store.state().named("main").orElseThrow().id();
            for (int key = 0; key < 8; key++) {
                RecordId id = new RecordId(vault, "k" + key);
                RecordPast past = store.past(id);
                assertThat(past.asOf(Long.MAX_VALUE).encode())
                        .isEqualTo(snapshot.state(id).orElseThrow());
                assertThat(past.complete()).isTrue();
            }
        }
    }

    private static void act(Vault vault, Random random) {
        String key = "k" + random.nextInt(8);
        boolean isThere = vault.get(key).isPresent();
        switch (random.nextInt(4)) {
            case 0 -> vault.put(Memory.of("text " + random.nextInt()).key(key).tag("t"));
            case 1 -> {
                if (isThere) {
                    vault.update(key, Update.none().set("f", "v" + random.nextInt()));
                }
            }
            case 2 -> {
                if (isThere) {
                    vault.update(key, Update.none().tag("t" + random.nextInt(3)));
                }
            }
            default -> {
                if (isThere) {
                    vault.delete(key);
                }
            }
        }
    }

    private static void assertPastsMakeThePresent(Loam loam) {
        Vault vault = loam.vault("main");
        for (int key = 0; key < 8; key++) {
            assertThat(vault.asOf(Instant.ofEpochMilli(Long.MAX_VALUE)).get("k" + key))
                    .usingRecursiveComparison()
                    .isEqualTo(vault.get("k" + key));
        }
    }

    @Test
    void aPastVaultAnswersAsTheVaultDidThen() {
        Random random = new Random(3);
        Map<Instant, List<Optional<Memory>>> then = new TreeMap<>();
        try (Loam loam = open("store", 6_000)) {
            Vault vault = loam.vault("main");
            for (int i = 0; i < 100; i++) {
                Instant now = clock.advance(10);
                act(vault, random);
                then.put(now, memories(vault));
            }
            assertThat(loam.stats().logSegments()).isGreaterThan(3);
            assertPasts(vault, then);
        }
        try (Loam loam = open("store")) {
            assertPasts(loam.vault("main"), then);
            assertThat(loam.vault("main").asOf(Instant.EPOCH).get("k1")).isEmpty();
        }
    }

    private static List<Optional<Memory>> memories(Vault vault) {
        List<Optional<Memory>> memories = new ArrayList<>();
        for (int key = 0; key < 8; key++) {
            memories.add(vault.get("k" + key));
        }
        return memories;
    }

    private static void assertPasts(Vault vault, Map<Instant, List<Optional<Memory>>> then) {
        then.forEach(
                (time, memories) -> {
                    for (int key = 0; key < 8; key++) {
                        assertThat(vault.asOf(time.plusMillis(9)).get("k" + key))
                                .usingRecursiveComparison()
                                .isEqualTo(memories.get(key));
                    }
                });
    }
}
