package dev.loam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A throw-away store is a store, and its faults are those of a disk. */
final class TestStoreTest {
    private static final Memory KETTLE = Memory.of("the kettle is in the hall").key("kettle");

    @Test
    void whatWasWrittenIsThereAfterAReopeningAndAfterACrash() {
        try (TestStore store = TestStore.create()) {
            store.vault("notes").put(KETTLE);

            store.reopen();
            assertThat(store.loam().openReport().cleanlyClosed()).isTrue();
            assertThat(store.vault("notes").get("kettle")).isPresent();

            store.vault("notes").put(Memory.of("under the mat").key("key"));
            store.crash();
            assertThat(store.loam().openReport().cleanlyClosed()).isFalse();
            assertThat(store.vault("notes").get("key")).isPresent();
        }
    }

    @Test
    void theClockMovesOnlyWhenItIsMoved() {
        try (TestStore store = TestStore.create()) {
            store.vault("notes").put(KETTLE);
            store.clock().advance(Duration.ofDays(2));
            store.vault("notes").put(Memory.of("the kettle boils").key("later"));

            assertThat(store.vault("notes").get("kettle").orElseThrow().time())
                    .contains(TestStore.BEGIN);
            assertThat(store.vault("notes").get("later").orElseThrow().time())
                    .contains(TestStore.BEGIN.plus(Duration.ofDays(2)));
        }
    }

    @Test
    void aFailedForceEndsWritingUntilTheStoreIsOpenedAgain() {
        try (TestStore store = TestStore.create()) {
            store.vault("notes").put(KETTLE);
            store.disk().failNextForce();

            check(ErrorCode.IO_FAILED, () -> store.vault("notes").put(Memory.of("a").key("a")));
            check(ErrorCode.IO_FAILED, () -> store.vault("notes").put(Memory.of("b").key("b")));
            assertThat(store.vault("notes").get("kettle")).isPresent();

            store.reopen();
            store.vault("notes").put(Memory.of("b").key("b"));
            assertThat(store.vault("notes").get("b")).isPresent();
        }
    }

    @Test
    void aFullDiskRefusesWhatNeedsRoomAndTakesItOnceThereIsSome() {
        try (TestStore store = TestStore.create()) {
            store.disk().fillUp();

            check(ErrorCode.DISK_FULL, () -> writeTenMebibytes(store));

            store.disk().mend();
            writeTenMebibytes(store);
            assertThat(store.vault("notes").get("9")).isPresent();
        }
    }

    private static void writeTenMebibytes(TestStore store) {
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 0; i < 10; i++) {
            store.vault("notes").put(Memory.of(mebibyte).key(String.valueOf(i)));
        }
    }

    @Test
    void aBrokenDiskKeepsNobodyFromClosingAndNothingIsLeftBehind() {
        TestStore store = TestStore.create(LoamOptions.unencrypted());
        store.vault("notes").put(KETTLE);
        Path directory = store.directory();
        store.disk().breakDown();
        check(ErrorCode.IO_FAILED, () -> store.vault("notes").put(Memory.of("a").key("a")));

        store.close();

        assertThat(Files.exists(directory.getParent())).isFalse();
    }

    private static void check(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
