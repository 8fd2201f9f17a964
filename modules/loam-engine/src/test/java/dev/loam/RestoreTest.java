package dev.loam;

import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memories that are read whole in one store and made again in another. */
class RestoreTest {
    @TempDir Path directory;
    private Loam laptop;
    private Loam phone;
    private Loam target;

    @BeforeEach
    void openAll() {
        laptop = open(directory.resolve("laptop"));
        phone = open(directory.resolve("phone"));
        target = open(directory.resolve("target"));
        PairedStores.pair(laptop, phone);
    }

    @AfterEach
    void closeAll() {
        laptop.close();
        phone.close();
        target.close();
    }

    private static List<StoredMemory> all(Loam loam) {
        List<StoredMemory> all = new ArrayList<>();
        try (VaultView view = loam.vault("main").view()) {
            view.forEach(all::add);
        }
        return all;
    }

    /** How many were written. */
    private static long restoreAll(List<StoredMemory> memories, Loam to) {
        return memories.stream().filter(to.vault("main")::restore).count();
    }

    private static void assertSame(List<StoredMemory> one, List<StoredMemory> other) {
        assertThat(one).extracting(StoredMemory::key).isEqualTo(keys(other));
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).holds(other.get(i))).as(one.get(i).key()).isTrue();
            assertThat(other.get(i).holds(one.get(i))).as(one.get(i).key()).isTrue();
        }
    }

    private static List<String> keys(List<StoredMemory> memories) {
        return memories.stream().map(StoredMemory::key).toList();
    }

    @Test
    void conflictsAreRestoredWithTheSameWinnerAndConverge() throws Exception {
        restoreConflicts();
    }

    private void restoreConflicts() throws Exception {
        laptop.vault("main").put(Memory.of("first").key("a").field("f", "x"));
        PairedStores.sync(laptop, phone);
        laptop.vault("main").update("a", Update.none().text("of the laptop").set("f", "1"));
        phone.vault("main").update("a", Update.none().text("of the phone").set("f", "2"));
        PairedStores.sync(laptop, phone);
        List<StoredMemory> exported = all(laptop);
        assertThat(exported.getFirst().conflicts())
                .containsOnlyKeys(FieldName.TEXT, new FieldName("f"));

        assertThat(restoreAll(exported, target)).isOne();

        assertSame(all(target), exported);
        assertThat(target.vault("main").conflicts(10, Optional.empty()))
                .isEqualTo(laptop.vault("main").conflicts(10, Optional.empty()));
        assertThat(target.vault("main").get("a").orElseThrow().text())
                .isEqualTo(laptop.vault("main").get("a").orElseThrow().text());
        long end = target.stats().end().number();
        assertThat(restoreAll(exported, target)).isZero();
        assertThat(target.stats().end().number()).isEqualTo(end);

        try (Loam another = open(directory.resolve("another"))) {
            PairedStores.pair(target, another);
            PairedStores.sync(target, another);
            assertSame(all(another), exported);
            assertThat(another.digest()).isEqualTo(target.digest());
        }
    }

    @Test
    void aConflictIsSettledByRestoringOneWithoutIt() throws Exception {
        restoreConflicts();
        laptop.vault("main").update("a", Update.none().text("settled").set("f", "3"));
        List<StoredMemory> exported = all(laptop);
        assertThat(exported.getFirst().conflicts()).isEmpty();

        assertThat(restoreAll(exported, target)).isOne();

        assertSame(all(target), exported);
        assertThat(target.vault("main").conflicts(10, Optional.empty()).conflicts()).isEmpty();
    }

    @Test
    void whatAMergeMadeLargerThanAWriteMayBeIsRestored() throws Exception {
        laptop.vault("main").put(Memory.of("").key("a"));
        PairedStores.sync(laptop, phone);
        tagTo(laptop.vault("main"), "laptop ");
        tagTo(phone.vault("main"), "phone ");
        PairedStores.sync(laptop, phone);
        List<StoredMemory> exported = all(laptop);
        assertThat(laptop.vault("main").get("a").orElseThrow().tags()).hasSize(2 * Limits.TAGS_MAX);

        restoreAll(exported, target);

        assertSame(all(target), exported);
    }

    /** As many tags as a memory may have. */
    private static void tagTo(Vault vault, String prefix) {
        vault.write(
                batch -> {
                    for (int i = 0; i < Limits.TAGS_MAX; i++) {
                        batch.update("a", Update.none().tag(prefix + i));
                    }
                });
    }

    /** More operations, and more bytes, than a batch takes. */
    @Test
    void aMemoryThatGrewIsRestoredInSeveralWrites() {
        Vault vault = laptop.vault("main");
        vault.put(Memory.of("t").key("a"));
        for (int i = 0; i < 12; i++) {
            Update update = Update.none();
            for (int entry = 0; entry < 100; entry++) {
                update = update.append("log", new Value.Whole(i * 100 + entry));
            }
            vault.update("a", update);
        }
        for (int i = 0; i < 6; i++) {
            byte[] large = new byte[Limits.VALUE_BYTES_MAX];
            large[0] = (byte) i;
            vault.update("a", Update.none().set("f" + i, new Value.Binary(Bytes.adopt(large))));
        }
        vault.update("a", Update.none().set("last", "field").tag("tag").increment("n", 3));
        List<StoredMemory> exported = all(laptop);
        assertThat(exported.getFirst().parts()).hasSizeGreaterThan(3);

        assertThat(restoreAll(exported, target)).isOne();
        assertSame(all(target), exported);
        assertThat(restoreAll(exported, target)).isZero();
    }

    @Test
    void aViewDoesNotSeeWhatIsWrittenMeanwhile() {
        Vault vault = laptop.vault("main");
        for (int i = 0; i < 250; i++) {
            vault.put(Memory.of("before").key("k%03d".formatted(i)));
        }
        try (VaultView view = vault.view()) {
            List<String> texts = new ArrayList<>();
            view.forEach(
                    memory -> {
                        if (texts.isEmpty()) {
                            vault.put(Memory.of("after").key("k249"));
                            vault.put(Memory.of("new").key("k250"));
                            vault.delete("k100");
                        }
                        texts.add(memory.parts().getFirst().text());
                    });
            assertThat(texts).hasSize(250).containsOnly("before");
        }
        assertThat(all(laptop)).hasSize(250);
        try (VaultView absent = laptop.vault("none").view()) {
            assertThat(absent.exists()).isFalse();
            absent.forEach(memory -> Assertions.fail(memory.key()));
        }
    }

    @Test
    void aRestoredMemoryReplacesAllOfTheOneThatWasThere() {
        target.vault("main")
                .put(
                        Memory.of("old")
                                .key("a")
                                .tag("old")
                                .field("old", 1)
                                .counter("n", 5)
                                .entry("log", new Value.Whole(1))
                                .max("m", new Value.Whole(9)));
        laptop.vault("main")
                .put(
                        Memory.of("new")
                                .key("a")
                                .at(Instant.EPOCH)
                                .counter("n", 2)
                                .max("m", new Value.Whole(1)));
        List<StoredMemory> exported = all(laptop);

        restoreAll(exported, target);

        assertSame(all(target), exported);
    }

    @Test
    void vectorsThatTheFileLacksStayAndDoNotMakeAWrite() {
        target.vault("main").put(Memory.of("t").key("a").at(Instant.EPOCH).vector("m", 1f, 2f));
        StoredMemory without =
                new StoredMemory(
                        List.of(Memory.of("t").key("a").at(Instant.EPOCH)), new TreeMap<>());
        assertThat(target.vault("main").restore(without)).isFalse();
        assertThat(target.vault("main").get("a").orElseThrow().vectors()).containsKey("m");
    }

    @Test
    void aVectorOfAnotherDimensionIsRefusedAndNothingWritten() {
        target.vault("main").put(Memory.of("t").key("b").vector("m", 1f, 2f));
        StoredMemory other =
                new StoredMemory(List.of(Memory.of("t").key("a").vector("m", 1f)), new TreeMap<>());
        TestStores.assertCode(
                ErrorCode.INVALID_ARGUMENT, () -> target.vault("main").restore(other));
        assertThat(target.vault("main").get("a")).isEmpty();
    }
}
