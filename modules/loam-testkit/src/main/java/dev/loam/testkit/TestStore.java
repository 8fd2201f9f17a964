package dev.loam.testkit;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.TestDoor;
import dev.loam.Vault;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A real store in a temporary directory, which is deleted when this is closed. Its clock stands at
 * {@link #BEGIN} until it is moved, its disk fails when it is told to, and what a store does by
 * itself from time to time it does in {@link #tidy} only: so that a test sees the same at each run.
 *
 * <pre>{@code
 * try (TestStore store = TestStore.create()) {
 *     store.vault("notes").put(Memory.of("the kettle is in the hall"));
 *     store.crash();
 *     assertEquals(1, store.vault("notes").recall("kettle", 10).hits().size());
 * }
 * }</pre>
 *
 * <p>For one thread; the store itself may be used by any number.
 */
public final class TestStore implements AutoCloseable {
    /** Where the clock of a new store stands. */
    public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Path directory;
    private final LoamOptions options;
    private final SettableClock clock;
    private final FailingDisk disk = new FailingDisk();
    private Loam loam;

    private TestStore(Path directory, LoamOptions options, SettableClock clock) {
        this.directory = directory;
        this.options = options.clock(clock).openJdkPackages(true);
        this.clock = clock;
        this.loam = open();
    }

    /** A store whose files are not encrypted. */
    public static TestStore create() {
        return create(LoamOptions.unencrypted());
    }

    /**
     * The same with other options.
     *
     * @param options of which the clock is not used
     */
    public static TestStore create(LoamOptions options) {
        try {
            Path directory = Files.createTempDirectory("loam-test");
            return new TestStore(directory, options, SettableClock.at(BEGIN));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Loam open() {
        return TestDoor.open(directory.resolve("store"), options, disk::over);
    }

    /** The store as it is open now; another one after {@link #reopen} and {@link #crash}. */
    public Loam loam() {
        return loam;
    }

    /** As {@link Loam#vault}. */
    public Vault vault(String name) {
        return loam.vault(name);
    }

    public SettableClock clock() {
        return clock;
    }

    public FailingDisk disk() {
        return disk;
    }

    /** Of the store's files. */
    public Path directory() {
        return directory.resolve("store");
    }

    /** Does what a store does by itself, at most once an hour: prunes, sweeps, shuts out. */
    public void tidy() {
        TestDoor.tidy(loam);
    }

    /** Closes the store and opens it again. */
    public Loam reopen() {
        loam.close();
        loam = open();
        return loam;
    }

    /**
     * Has the store end as if its process had been killed, and opens it again on a sound disk: what
     * was answered before is there. At {@code Durability.NONE} the operating system, which goes on,
     * still has what was not forced.
     */
    public Loam crash() {
        disk.breakDown();
        try {
            loam.close();
        } catch (LoamException expected) {
            // It could not write what a store writes when it is closed: so it is with a kill.
        }
        disk.mend();
        loam = open();
        return loam;
    }

    /** Closes the store and deletes its files, whatever state it and the disk are in. */
    @Override
    public void close() {
        disk.mend();
        try {
            loam.close();
        } catch (LoamException broken) {
            // Nothing of it is wanted any more.
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
