package dev.loam.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Durability;
import dev.loam.Memory;
import dev.loam.SimulatedStore;
import dev.loam.Vault;
import dev.loam.core.LoamException;
import dev.loam.log.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that ends at any call that a forget makes to the disk leaves a memory as it was, or
 * nothing of it; a second forget completes the first, and the others are there.
 */
@Timeout(300)
class ForgetFaultTest {
    private static final String KEY = "forgotten";
    private static final String CANARY = Canary.of(1, KEY);
    private static final int CALLS_MAX = 500;

    /** What an unharmed forget makes at least, so that a seam that is gone is noticed. */
    private static final int CALLS_MIN = 10;

    @TempDir Path directory;

    private final AtomicLong millis = new AtomicLong(1_767_225_600_000L);
    private final SimulatedClock clock = new SimulatedClock(millis::get);

    private SimulatedStore open(SimulatedDisk disk, long life) {
        if (life > 1) {
            disk.restart();
        }
        SimulatedStore.Options options =
                new SimulatedStore.Options(
                        Durability.WAL,
                        4,
                        Duration.ofDays(30),
                        false,
                        SimulatedStore.Plant.NONE,
                        life);
        SimulatedStore.remainsInPlace(disk, clock, options);
        return SimulatedStore.open(disk, clock, options);
    }

    private static Vault vault(SimulatedStore store) {
        return store.loam().vault(World.VAULT);
    }

    private static void fill(SimulatedStore store) {
        vault(store).put(Memory.of("before").key("a"));
        vault(store).put(Memory.of("the words " + CANARY).key(KEY));
        vault(store)
                .write(
                        batch -> {
                            batch.put(Memory.of("beside").key("b"));
                            batch.put(Memory.of("again " + CANARY).key(KEY));
                        });
        for (int i = 0; i < 6; i++) {
            vault(store).put(Memory.of("behind " + i).key("z" + i));
        }
    }

    /** Whether the process outlived it. */
    private static boolean forget(SimulatedStore store, SimulatedDisk disk) {
        try {
            vault(store).forget(List.of(KEY));
        } catch (LoamException | UncheckedIOException failed) {
            assertThat(disk.isEnded()).isTrue();
        }
        return !disk.isEnded();
    }

    private static void close(SimulatedStore store) {
        try {
            store.close();
        } catch (LoamException | UncheckedIOException ended) {
            // Its disk is gone.
        }
    }

    private static void assertGone(SimulatedStore store, SimulatedDisk disk, int calls) {
        DiskSearch search = new DiskSearch(List.of(CANARY));
        assertThat(store.isForgetting()).as("call %d", calls).isFalse();
        assertThat(vault(store).get(KEY)).as("call %d", calls).isEmpty();
        assertThat(search.below(disk.store())).as("call %d", calls).isEmpty();
        store.forEachPlain(
                (place, content) ->
                        assertThat(search.in(content.toArray()))
                                .as("call %d, %s", calls, place)
                                .isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void atWhateverCallItEnds(SimulatedDisk.End how) throws IOException {
        int calls = 0;
        boolean isUnharmed = false;
        while (!isUnharmed) {
            calls++;
            assertThat(calls).isLessThan(CALLS_MAX);
            SimulatedDisk disk =
                    new SimulatedDisk(directory.resolve("store" + calls), SimulatedDisk.Plant.NONE);
            SimulatedStore first = open(disk, 1);
            fill(first);
            disk.endAt(calls, how, calls);
            isUnharmed = forget(first, disk);
            close(first);
            try (SimulatedStore second = open(disk, 2)) {
                if (vault(second).get(KEY).isPresent()) {
                    assertThat(isUnharmed).isFalse();
                    vault(second).forget(List.of(KEY));
                }
                assertGone(second, disk, calls);
                assertThat(vault(second).get("a").map(Memory::text)).contains("before");
                assertThat(vault(second).get("b").map(Memory::text)).contains("beside");
                assertThat(vault(second).get("z5").map(Memory::text)).contains("behind 5");
                assertThat(second.loam().verify((done, total) -> {}).damage()).isEmpty();
            }
        }
        assertThat(calls).isGreaterThan(CALLS_MIN);
    }
}
