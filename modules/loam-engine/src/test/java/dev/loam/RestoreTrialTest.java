package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store would refuse is known before any of it is written. */
class RestoreTrialTest {
    @TempDir Path directory;

    private final RestoreTrial trial = new RestoreTrial();

    private static StoredMemory stored(Memory... parts) {
        return new StoredMemory(List.of(parts), new TreeMap<>());
    }

    private static Memory memory(int number) {
        return Memory.of("t").key("k" + number);
    }

    @Test
    void aModelHasVectorsOfOneDimension() {
        trial.add(stored(memory(1).vector("m", 1f, 2f).vector("n", 1f)));
        trial.add(stored(memory(2).vector("m", 3f, 4f)));
        TestStores.assertCode(
                ErrorCode.INVALID_ARGUMENT, () -> trial.add(stored(memory(3).vector("m", 1f))));
    }

    @Test
    void aStoreTakesVectorsOfItsOwnDimensionsAndOfNewModels() {
        try (Loam loam = TestStores.open(directory.resolve("store"))) {
            Vault vault = loam.vault("main");
            vault.put(memory(1).vector("m", 1f, 2f));
            trial.add(stored(memory(2).vector("m", 3f, 4f).vector("new", 1f)));
            trial.requireFits(vault);

            RestoreTrial other = new RestoreTrial();
            other.add(stored(memory(2).vector("m", 3f)));
            TestStores.assertCode(ErrorCode.INVALID_ARGUMENT, () -> other.requireFits(vault));
        }
    }

    @Test
    void soManyModelsAreTakenAndNoMore() {
        for (int i = 0; i < RestoreTrial.MODELS_MAX; i++) {
            trial.add(stored(memory(i).vector("m" + i, 1f)));
        }
        TestStores.assertCode(
                ErrorCode.LIMIT_EXCEEDED, () -> trial.add(stored(memory(0).vector("new", 1f))));
    }

    @Test
    void aPartIsNoMoreThanOneWriteTakes() {
        trial.add(withConflict(RestoreTrial.PART_BYTES_MAX / 4 - 100));
        TestStores.assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () -> trial.add(withConflict(RestoreTrial.PART_BYTES_MAX / 4)));
        // Text and time are two operations more.
        Memory most = memory(1);
        for (int i = 2; i < Limits.BATCH_OPERATIONS_MAX; i++) {
            most = most.entry("log", new Value.Whole(i));
        }
        trial.add(stored(most));
        StoredMemory more = stored(most.entry("log", new Value.Whole(0)));
        TestStores.assertCode(ErrorCode.LIMIT_EXCEEDED, () -> trial.add(more));
    }

    private static StoredMemory withConflict(int bytes) {
        TreeMap<FieldName, List<Value>> conflicts = new TreeMap<>();
        conflicts.put(
                new FieldName("f"),
                List.of(value(1, bytes), value(2, bytes), value(3, bytes), value(4, bytes)));
        return new StoredMemory(List.of(memory(1).field("f", value(1, bytes))), conflicts);
    }

    private static Value value(int number, int bytes) {
        byte[] content = new byte[bytes];
        content[0] = (byte) number;
        return new Value.Binary(Bytes.adopt(content));
    }

    /** Each entry costs what is before it. */
    @Test
    void aLogIsNoLongerThanAWriterCanTakeInReasonableTime() {
        Memory part = Memory.of("").key("k1");
        for (int i = 0; i < 500; i++) {
            part = part.entry("log", new Value.Whole(i));
        }
        List<Memory> parts = new ArrayList<>();
        parts.add(memory(1));
        parts.addAll(Collections.nCopies(RestoreTrial.LOG_ENTRIES_MAX / 500, part));
        trial.add(new StoredMemory(parts, new TreeMap<>()));
        parts.add(Memory.of("").key("k1").entry("log", new Value.Whole(0)));
        StoredMemory longer = new StoredMemory(parts, new TreeMap<>());
        TestStores.assertCode(ErrorCode.LIMIT_EXCEEDED, () -> trial.add(longer));
    }

    /** Each part alone is in order. */
    @Test
    void aCounterThatLeavesItsRangeInALaterPartIsFound() {
        Memory first = memory(1).counter("n", Long.MAX_VALUE);
        trial.add(stored(first));
        TestStores.assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () -> trial.add(stored(first, Memory.of("").key("k1").counter("n", 1))));
    }

    /** Of anything that a store exports, however it came to be. */
    @Test
    void whatATrialTakesARestoreTakes() {
        try (Loam loam = TestStores.open(directory.resolve("store"))) {
            StoredMemory largest = withConflict(RestoreTrial.PART_BYTES_MAX / 4 - 100);
            trial.add(largest);
            loam.vault("main").put(Memory.of("before").key("k1"));
            assertThat(loam.vault("main").restore(largest)).isTrue();
        }
    }
}
