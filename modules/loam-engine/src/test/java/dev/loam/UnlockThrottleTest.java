package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.crypto.KeyFile;
import dev.loam.crypto.Suite;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlockThrottleTest {
    private final AtomicLong millis = new AtomicLong();
    private final List<Long> waits = new ArrayList<>();
    private final UnlockThrottle throttle =
            new UnlockThrottle(
                    new Environment(
                            InstantSource.system(),
                            new SecureRandom(),
                            () -> millis.get() * 1_000_000,
                            () -> 0),
                    wanted -> {
                        waits.add(wanted);
                        millis.addAndGet(wanted);
                    });

    private void failTimes(int times) {
        for (int i = 0; i < times; i++) {
            throttle.await();
            throttle.failed();
        }
    }

    @Test
    void fiveTriesAreFreeAndTheNextOneWaits() {
        failTimes(4);
        throttle.await();
        assertThat(waits).isEmpty();
        throttle.failed();
        throttle.await();
        assertThat(waits).containsExactly(250L);
    }

    @Test
    void eachFailureDoublesTheWaitUpToHalfAMinute() {
        failTimes(15);
        assertThat(waits)
                .containsExactly(
                        250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L,
                        30_000L);
        failTimes(1_000);
        assertThat(waits.subList(7, waits.size())).hasSize(1_003).containsOnly(30_000L);
    }

    @Test
    void timeThatHasPassedCounts() {
        failTimes(6);
        waits.clear();
        millis.addAndGet(200);
        throttle.await();
        assertThat(waits).containsExactly(300L);
        millis.addAndGet(60_000);
        throttle.failed();
        assertThat(throttle.restMillis()).isEqualTo(1_000);
        millis.addAndGet(1_000);
        throttle.await();
        assertThat(waits).hasSize(1);
    }

    @Test
    void theRightSecretClearsIt() {
        failTimes(8);
        waits.clear();
        throttle.succeeded();
        failTimes(5);
        assertThat(waits).isEmpty();
    }

    @Test
    void whoWakesTooEarlyWaitsForTheRest() {
        List<Long> rests = new ArrayList<>();
        UnlockThrottle restless =
                new UnlockThrottle(
                        new Environment(
                                InstantSource.system(),
                                new SecureRandom(),
                                () -> millis.get() * 1_000_000,
                                () -> 0),
                        wanted -> {
                            rests.add(wanted);
                            millis.addAndGet(Math.min(wanted, 100));
                        });
        for (int i = 0; i < 5; i++) {
            restless.failed();
        }
        restless.await();
        assertThat(rests).containsExactly(250L, 150L, 50L);
    }

    @Test
    void storesAreOpenedThroughIt(@TempDir Path store) {
        StoreKeys.make(store, by(1), new Environment(InstantSource.system())).close();
        KeyFile file = StoreKeys.keyFile(store);
        for (int i = 0; i <= UnlockThrottle.FREE; i++) {
            TestStores.assertCode(
                    ErrorCode.WRONG_KEY, () -> StoreKeys.unlock(file, by(2), throttle));
        }
        assertThat(waits).containsExactly(UnlockThrottle.FIRST_MILLIS);
        StoreKeys.unlock(file, by(1), throttle).close();
        StoreKeys.unlock(file, by(1), throttle).close();
        assertThat(waits).hasSize(2);
    }

    private static Encryption by(int key) {
        byte[] bytes = new byte[Suite.KEY_BYTES];
        bytes[0] = (byte) key;
        return Encryption.by(KeySource.direct(bytes)).allowDirectKey();
    }

    @Test
    void anInterruptIsKeptAndShortensNothing() {
        failTimes(5);
        Thread.currentThread().interrupt();
        throttle.await();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(throttle.restMillis()).isZero();
        assertThat(waits).containsExactly(250L);
    }
}
