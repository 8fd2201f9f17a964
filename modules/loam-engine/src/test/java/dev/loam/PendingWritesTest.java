package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue of writes is bounded, and what is in it is counted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PendingWritesTest {
    private static final int TOO_MANY = 100;

    @TempDir Path directory;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Store store;

    @BeforeEach
    void openStore() {
        store = Store.open(directory.resolve("store"), LoamOptions.unencrypted());
    }

    private static Position nothing(Stage stage) {
        return stage.position();
    }

    /** Keeps the writer busy until {@link #release}. */
    private Position block(Stage stage) {
        begun.countDown();
        await(release);
        return stage.position();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyShould) {
            throw new AssertionError(nobodyShould);
        }
    }

    @Test
    void writesAboveTheBoundAreRefusedToBeTriedAgainAndAllOthersAreAnswered() {
        AtomicInteger answered = new AtomicInteger();
        CountDownLatch refused = new CountDownLatch(TOO_MANY);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.execute(() -> store.write(this::block));
            await(begun);
            assertThat(store.pendingWrites()).isEqualTo(1);
            for (int i = 0; i < Writer.QUEUE_MAX + TOO_MANY; i++) {
                callers.execute(
                        () -> {
                            try {
                                store.write(PendingWritesTest::nothing);
                                answered.incrementAndGet();
                            } catch (LoamException overloaded) {
                                if (overloaded.code() == ErrorCode.OVERLOADED) {
                                    refused.countDown();
                                }
                            }
                        });
            }
            await(refused);
            assertThat(answered).hasValue(0);
            assertCode(ErrorCode.OVERLOADED, () -> store.write(PendingWritesTest::nothing));
            release.countDown();
        }
        assertThat(answered).hasValue(Writer.QUEUE_MAX);
        assertThat(store.pendingWrites()).isZero();
        assertThat(ErrorCode.OVERLOADED.retry()).isEqualTo(ErrorCode.Retry.WITH_BACKOFF);
        store.write(PendingWritesTest::nothing);
        store.close();
    }

    /** The first write to a vault founds it, with a batch of its own. */
    @Test
    void writesThatMakeMoreBatchesThanAGroupHoldsAreAllAnswered() {
        int vaults = 2_500;
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.execute(() -> store.write(this::block));
            await(begun);
            for (int i = 0; i < vaults; i++) {
                Vault vault = new Vault(store, Optional.empty(), "v" + i);
                callers.execute(
                        () -> {
                            vault.put(Memory.of("first").key("k"));
                            answered.incrementAndGet();
                        });
            }
            while (store.pendingWrites() < vaults + 1) {
                Thread.onSpinWait();
            }
            release.countDown();
        }
        assertThat(answered).hasValue(vaults);
        assertThat(store.log().end().number()).isEqualTo(2L * vaults);
        store.close();
    }

    @Test
    void whatWaitsIsCountedUntilItIsRefusedAnsweredOrFailed() {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> blocking =
                    CompletableFuture.runAsync(
                            () -> assertCode(ErrorCode.BUG, () -> store.write(this::block)),
                            callers);
            await(begun);
            AtomicReference<Thread> refusedOne = new AtomicReference<>();
            CompletableFuture<Void> refused =
                    CompletableFuture.runAsync(
                            () -> {
                                refusedOne.set(Thread.currentThread());
                                assertCode(
                                        ErrorCode.INVALID_ARGUMENT,
                                        () -> store.write(PendingWritesTest::refuse));
                            },
                            callers);
            // It must stand in the queue before the one that makes the rest of its group fail.
            while (store.pendingWrites() < 2
                    || Objects.requireNonNull(refusedOne.get()).getState()
                            != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            CompletableFuture<Void> failed =
                    CompletableFuture.runAsync(
                            () ->
                                    assertCode(
                                            ErrorCode.BUG,
                                            () -> store.write(PendingWritesTest::fail)),
                            callers);
            while (store.pendingWrites() < 3) {
                Thread.onSpinWait();
            }
            release.countDown();
            blocking.join();
            refused.join();
            failed.join();
        }
        assertThat(store.pendingWrites()).isZero();
        assertCode(ErrorCode.BUG, () -> store.write(PendingWritesTest::nothing));
        assertThat(store.pendingWrites()).isZero();
        store.close();
        assertCode(ErrorCode.BUG, () -> store.write(PendingWritesTest::nothing));
        assertThat(store.pendingWrites()).isZero();
    }

    private static Position refuse(Stage stage) {
        throw new LoamException(ErrorCode.INVALID_ARGUMENT, "refused at " + stage.position());
    }

    private static Position fail(Stage stage) {
        throw new IllegalStateException("failed at " + stage.position());
    }

    @Test
    void closingAnswersWhatIsQueuedAndRefusesTheRest() {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                callers.execute(
                        () -> {
                            try {
                                store.write(PendingWritesTest::nothing);
                                answered.incrementAndGet();
                            } catch (LoamException closed) {
                                assertThat(closed.code()).isEqualTo(ErrorCode.CLOSED);
                                refused.incrementAndGet();
                            }
                        });
            }
            store.close();
        }
        assertThat(answered.get() + refused.get()).isEqualTo(200);
        assertThat(store.pendingWrites()).isZero();
    }
}
