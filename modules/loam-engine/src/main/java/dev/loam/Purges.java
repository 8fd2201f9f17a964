package dev.loam;

import dev.loam.core.Batch;
import dev.loam.core.Dot;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.TreeMap;

/** The purges that batches hold. */
final class Purges {
    private Purges() {}

    static boolean areIn(Batch batch) {
        for (Part part : batch.parts()) {
            if (isPurge(part)) {
                return true;
            }
        }
        return false;
    }

    /** By key the counters of those in a batch. */
    static Map<String, Long> in(Batch batch) {
        Map<String, Long> found = new TreeMap<>();
        PrimitiveIterator.OfLong counters = batch.partCounters();
        for (Part part : batch.parts()) {
            long counter = counters.nextLong();
            for (Operation operation : part.operations()) {
                if (operation instanceof Operation.Purge) {
                    found.put(part.key(), counter);
                }
                counter++;
            }
        }
        return found;
    }

    static boolean holds(Batch batch, long counter) {
        return counter >= batch.firstCounter()
                && counter < batch.firstCounter() + batch.operationCount();
    }

    static boolean isOne(Batch batch, long counter) {
        return in(batch).containsValue(counter);
    }

    /** Empty if none of the batches holds the operation. */
    static Optional<Boolean> isOne(
            List<Batch> batches, List<LogEntry> entries, VaultId vault, Dot operation) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).id().vault().equals(vault)
                    && entries.get(i).id().actor().equals(operation.actor())
                    && holds(batches.get(i), operation.counter())) {
                return Optional.of(isOne(batches.get(i), operation.counter()));
            }
        }
        return Optional.empty();
    }

    private static boolean isPurge(Part part) {
        for (Operation operation : part.operations()) {
            if (operation instanceof Operation.Purge) {
                return true;
            }
        }
        return false;
    }
}
