package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is done to a caller's thread, the store goes on and what it answered is there. */
class InterruptTest {
    private static final int THREADS = 16;
    private static final int EACH = 10;

    @TempDir Path directory;

    private final Set<String> answered = new ConcurrentSkipListSet<>();

    private void writeAndRead(Loam loam, String prefix) {
        for (int i = 0; i < EACH; i++) {
            String key = prefix + i;
            loam.vault("main").put(Memory.of("text of " + key).key(key));
            answered.add(key);
            assertThat(loam.vault("main").get(key)).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptedCallersAreAnsweredAndKeepTheirInterrupt(Durability level) throws Exception {
        Path store = directory.resolve("store");
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted().durability(level))) {
            List<Thread> callers = new ArrayList<>();
            Set<String> stillInterrupted = new ConcurrentSkipListSet<>();
            for (int i = 0; i < THREADS; i++) {
                String name = "t" + i + "-";
                callers.add(
                        new Thread(
                                () -> {
                                    Thread.currentThread().interrupt();
                                    writeAndRead(loam, name);
                                    if (Thread.currentThread().isInterrupted()) {
                                        stillInterrupted.add(name);
                                    }
                                }));
            }
            callers.forEach(Thread::start);
            while (callers.stream().anyMatch(Thread::isAlive)) {
                callers.forEach(Thread::interrupt);
                callers.getLast().join(1);
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(stillInterrupted).hasSize(THREADS);
            loam.vault("main").recall("text", 5);
            loam.flush();
        }
        assertAllThere(store, THREADS * EACH);
    }

    @ParameterizedTest
    @EnumSource
    void callersWhoseExecutorIsShutDownLoseNothingAnswered(Durability level) throws Exception {
        Path store = directory.resolve("store");
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted().durability(level))) {
            ExecutorService callers = Executors.newFixedThreadPool(THREADS);
            for (int i = 0; i < THREADS; i++) {
                String name = "t" + i + "-";
                callers.execute(() -> writeAndRead(loam, name));
            }
            while (answered.size() < THREADS) {
                Thread.onSpinWait();
            }
            callers.shutdownNow();
            assertThat(callers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            loam.vault("main").put(Memory.of("after").key("after"));
            answered.add("after");
        }
        assertAllThere(store, THREADS + 1);
    }

    private void assertAllThere(Path store, int atLeast) {
        assertThat(answered).hasSizeGreaterThanOrEqualTo(atLeast);
        try (Loam loam = TestStores.open(store)) {
            assertThat(loam.openReport().cleanlyClosed()).isTrue();
            for (String key : answered) {
                assertThat(loam.vault("main").get(key)).as(key).isPresent();
            }
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }
}
