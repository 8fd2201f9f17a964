package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.VaultState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store does by itself goes on where it hears that it is shut out of a vault. */
@Timeout(60)
class ShutOutMeanwhileTest {
    @TempDir Path directory;

    @Test
    void nothingIsSaidAndHousekeepingGoesOn() throws Exception {
        try (Loam laptop = TestStores.open(directory.resolve("laptop"));
                Loam phone = TestStores.open(directory.resolve("phone"))) {
            pair(laptop, phone);
            laptop.vault("main").put(Memory.of("first").key("a"));
            sync(laptop, phone);
            Housekeeper housekeeper = new Housekeeper(phone.store(), Optional.empty());
            housekeeper.closing();
            laptop.vault("main").put(Memory.of("second").key("b"));
            sync(laptop, phone);
            FutureTask<Void> saying = new FutureTask<>(housekeeper::closing, null);
            Thread other = Thread.ofPlatform().unstarted(saying);

            phone.store()
                    .write(
                            stage -> {
                                // It asks whether it may while this has not happened yet.
                                other.start();
                                while (other.getState() != Thread.State.WAITING
                                        && other.getState() != Thread.State.TIMED_WAITING) {
                                    Thread.onSpinWait();
                                }
                                Cuts.suspendSelf(phone, stage, "main");
                                return Optional.empty();
                            });

            saying.get();
            assertThat(phone.store().isWritable()).isTrue();
        }
    }

    @Test
    void textsGetTheirVectorsOnceTheStoreIsInAgain() throws Exception {
        HaltedEmbedder embedder = new HaltedEmbedder();
        try (Loam laptop = TestStores.open(directory.resolve("laptop"));
                Loam phone =
                        Loam.open(
                                directory.resolve("phone"),
                                LoamOptions.unencrypted().embedder(embedder))) {
            pair(laptop, phone);
            laptop.vault("main").put(Memory.of("first").key("a"));
            sync(laptop, phone);
            embedder.asked.await();
            Cuts.suspend(phone, "main", phone);
            embedder.mayAnswer.countDown();
            while (!mayWrite(phone)) {
                sync(laptop, phone);
            }

            phone.vault("main").put(Memory.of("second").key("b"));

            assertThat(phone.awaitEmbedded(Duration.ofSeconds(30), Progress.NONE)).isTrue();
        }
    }

    private static boolean mayWrite(Loam loam) {
        VaultState vault = loam.store().state().named("main").orElseThrow();
        return ControlBatch.author(loam.store(), vault).isPresent();
    }

    /** Answers nothing before it may. */
    private static final class HaltedEmbedder implements Embedder {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch mayAnswer = new CountDownLatch(1);

        @Override
        public String model() {
            return "one direction";
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public List<float[]> embed(List<String> texts, Purpose purpose) {
            asked.countDown();
            try {
                mayAnswer.await();
            } catch (InterruptedException nobodyShould) {
                throw new AssertionError(nobodyShould);
            }
            return texts.stream().map(text -> new float[] {1, 0}).toList();
        }

        @Override
        public void close() {}
    }
}
