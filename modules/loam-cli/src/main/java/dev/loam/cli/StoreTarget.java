package dev.loam.cli;

import dev.loam.CompactedRecord;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.LoggedOperation;
import dev.loam.Memory;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A new store with the memories that the operations changed. What it holds already says which are
 * done, so that memory is bounded by {@value #AT_ONCE_MAX} memories.
 */
final class StoreTarget implements ReplayTarget {
    /** Put at once, so that they share the forces of the disk. */
    static final int AT_ONCE_MAX = 64;

    private record Place(String vault, String key) {}

    private final Loam source;
    private final Optional<Instant> asOf;
    private final Loam target;
    private final SequencedSet<Place> waiting = new LinkedHashSet<>();
    private long written;

    private StoreTarget(Loam source, Optional<Instant> asOf, Loam target) {
        this.source = source;
        this.asOf = asOf;
        this.target = target;
    }

    /**
     * @param asOf of what time the memories are; empty for the present
     */
    static StoreTarget create(Path directory, Loam source, Optional<Instant> asOf) {
        try (Stream<Path> there = Files.list(directory)) {
            if (there.findAny().isPresent()) {
                throw exists(directory);
            }
        } catch (NoSuchFileException absent) {
            return new StoreTarget(source, asOf, Loam.open(directory, LoamOptions.unencrypted()));
        } catch (NotDirectoryException file) {
            throw exists(directory);
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.PERMISSIONS, directory + " cannot be listed", failed);
        }
        return new StoreTarget(source, asOf, Loam.open(directory, LoamOptions.unencrypted()));
    }

    private static LoamException exists(Path directory) {
        return new LoamException(
                ErrorCode.EXISTS, directory + " is not empty; name a directory that is not there");
    }

    @Override
    public void take(LoggedOperation operation) {
        if (operation.key().isEmpty() || operation.vault().isEmpty()) {
            return;
        }
        take(new Place(operation.vault(), operation.key()));
    }

    @Override
    public void take(CompactedRecord record) {
        if (!record.vault().isEmpty()) {
            take(new Place(record.vault(), record.key()));
        }
    }

    private void take(Place place) {
        if (!waiting.contains(place) && targetOf(place).get(place.key()).isEmpty()) {
            waiting.add(place);
        }
        if (waiting.size() == AT_ONCE_MAX) {
            finish();
        }
    }

    @Override
    public void finish() {
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Place place : waiting) {
                Optional<Memory> memory = memoryAt(place);
                if (memory.isPresent()) {
                    Vault vault = targetOf(place);
                    puts.add(CompletableFuture.runAsync(() -> vault.put(memory.get()), callers));
                }
            }
            for (CompletableFuture<Void> put : puts) {
                put.join();
                written++;
            }
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof LoamException refused ? refused : failed;
        }
        waiting.clear();
    }

    private Optional<Memory> memoryAt(Place place) {
        Vault vault = source.vault(place.vault());
        return asOf.map(time -> vault.asOf(time).get(place.key()))
                .orElseGet(() -> vault.get(place.key()));
    }

    /**
     * Of two vaults of one name the younger is called by "~" and digits, as none can be founded.
     */
    private Vault targetOf(Place place) {
        return target.vault(place.vault().replace('~', '-'));
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public void close() {
        target.close();
    }
}
