package dev.loam.cli;

import dev.loam.Memory;
import dev.loam.Vault;
import dev.loam.core.LoamException;
import dev.loam.json.SourceItem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts memories into a vault, many at a time so that they share the forces of the disk, and no more
 * than {@value #IN_FLIGHT_MAX} so that memory is bounded. Two of the same key are put in their
 * order. What is already there with the same content is passed over.
 */
final class Importer {
    static final int IN_FLIGHT_MAX = 64;

    /**
     * What an import did.
     *
     * @param remembered written anew or changed
     * @param skipped already there with the same content
     * @param failure why it ended early; everything counted is there nevertheless
     */
    record Report(long remembered, long skipped, Optional<LoamException> failure) {}

    /**
     * Something to be put.
     *
     * @param putting returns false if it is there already
     */
    record Item(String place, String key, BooleanSupplier putting) {}

    /** Guards all fields below; never held while a memory is read or put. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition landed = lock.newCondition();
    private final Set<String> inFlight = new HashSet<>();
    private long remembered;
    private long skipped;
    private @Nullable Throwable failure;

    private Importer() {}

    /**
     * Puts all that {@code source} gives until it is empty or something fails.
     *
     * @param afterEach called on this thread
     */
    static Report run(Vault vault, Supplier<Optional<SourceItem>> source, Runnable afterEach) {
        return run(() -> source.get().map(item -> itemOf(vault, item)), afterEach);
    }

    /** As {@link #run(Vault, Supplier, Runnable)}, for what says itself how it is put. */
    static Report run(Supplier<Optional<Item>> source, Runnable afterEach) {
        Importer importer = new Importer();
        importer.read(source, afterEach);
        return importer.finish();
    }

    private static Item itemOf(Vault vault, SourceItem item) {
        Memory memory = item.memory();
        return new Item(
                item.place(),
                memory.key(),
                () -> {
                    boolean changes =
                            vault.get(memory.key())
                                    .filter(stored -> holds(stored, memory))
                                    .isEmpty();
                    if (changes) {
                        vault.put(memory);
                    }
                    return changes;
                });
    }

    private void read(Supplier<Optional<Item>> source, Runnable afterEach) {
        try {
            Optional<Item> item = source.get();
            while (item.isPresent() && take(item.get().key())) {
                Item taken = item.get();
                Thread.ofVirtual().start(() -> put(taken));
                afterEach.run();
                item = source.get();
            }
        } catch (LoamException malformed) {
            failed(malformed);
        }
    }

    /** Waits for room, and for an earlier memory of the same key; false after a failure. */
    private boolean take(String key) {
        lock.lock();
        try {
            while (failure == null
                    && (inFlight.size() == IN_FLIGHT_MAX || inFlight.contains(key))) {
                landed.awaitUninterruptibly();
            }
            return failure == null && inFlight.add(key);
        } finally {
            lock.unlock();
        }
    }

    private void put(Item item) {
        boolean changed = false;
        Throwable thrown = null;
        try {
            changed = item.putting().getAsBoolean();
        } catch (LoamException refused) {
            thrown =
                    new LoamException(
                            refused.code(), item.place() + ": " + refused.getMessage(), refused);
        } catch (RuntimeException | AssertionError bug) {
            thrown = bug;
        }
        land(item.key(), changed, thrown);
    }

    private void land(String key, boolean changed, @Nullable Throwable thrown) {
        lock.lock();
        try {
            inFlight.remove(key);
            if (thrown == null) {
                remembered += changed ? 1 : 0;
                skipped += changed ? 0 : 1;
            } else {
                failed(thrown);
            }
            landed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable thrown) {
        lock.lock();
        try {
            failure = failure == null ? thrown : failure;
        } finally {
            lock.unlock();
        }
    }

    private Report finish() {
        lock.lock();
        try {
            while (!inFlight.isEmpty()) {
                landed.awaitUninterruptibly();
            }
            return switch (failure) {
                case null -> new Report(remembered, skipped, Optional.empty());
                case LoamException expected ->
                        new Report(remembered, skipped, Optional.of(expected));
                case RuntimeException bug -> throw bug;
                default -> throw new AssertionError(failure);
            };
        } finally {
            lock.unlock();
        }
    }

    /** Whether putting {@code wanted} over {@code stored} would change nothing. */
    static boolean holds(Memory stored, Memory wanted) {
        return stored.text().equals(wanted.text())
                && stored.fields().equals(wanted.fields())
                && stored.tags().equals(wanted.tags())
                && stored.counters().equals(wanted.counters())
                && stored.logs().equals(wanted.logs())
                && stored.maxima().equals(wanted.maxima())
                && stored.minima().equals(wanted.minima())
                && (wanted.time().isEmpty() || wanted.time().equals(stored.time()))
                && stored.vectors().entrySet().containsAll(wanted.vectors().entrySet());
    }
}
