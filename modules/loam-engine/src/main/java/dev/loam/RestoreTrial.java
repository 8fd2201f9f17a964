package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Part;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.VersionVector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Memories as {@link Vault#restore} would write them, with nothing written: so that who must not
 * restore the half of what a file holds knows before the first of them that none is refused. Keeps
 * the dimensions of the vectors it was shown, and nothing else. For one thread.
 */
public final class RestoreTrial {
    /** Of so many models at most: what a file names is held here. */
    static final int MODELS_MAX = 1_000;

    /** Beside it a batch has to name what it depends on, and what it overwrites. */
    static final int PART_BYTES_MAX = Limits.BATCH_BYTES_MAX - (256 << 10);

    /**
     * Of one log, which merges may have made longer than one device may. Each entry costs what is
     * before it: a short file could keep the writer busy for hours.
     */
    static final int LOG_ENTRIES_MAX = 5 * Limits.LOG_ENTRIES_MAX;

    private static final ActorId NOBODY = new ActorId(Bytes.adopt(new byte[ActorId.SIZE]));
    private static final Bytes SEED = Bytes.adopt(new byte[Batch.SEED_SIZE]);

    private final SortedMap<String, Integer> dimensions = new TreeMap<>();

    /**
     * Tries one.
     *
     * @throws LoamException {@code LIMIT_EXCEEDED} if one of its parts is more than one write
     *     takes, or one of its logs longer than {@value #LOG_ENTRIES_MAX}; {@code INVALID_ARGUMENT}
     *     if a vector of it has another dimension than those of its model before
     */
    public void add(StoredMemory memory) {
        checkLogs(memory);
        Instant time = memory.parts().getFirst().time().orElse(Instant.EPOCH);
        DotSequence dots = new DotSequence(NOBODY, 1);
        RecordState state = RecordState.EMPTY;
        for (int part = 0; part < memory.parts().size(); part++) {
            RecordEdit edit = new RecordEdit(state, dots, Stamp.ZERO, VersionVector.EMPTY);
            edit.restore(memory, part, time);
            tryToWrite(new Part(memory.key(), edit.operations()));
            state = edit.state();
            memory.parts()
                    .get(part)
                    .vectors()
                    .forEach((model, vector) -> add(model, vector.dimension()));
        }
    }

    private static void checkLogs(StoredMemory memory) {
        TreeMap<FieldName, Integer> entries = new TreeMap<>();
        for (Memory part : memory.parts()) {
            part.logs()
                    .forEach(
                            (log, more) ->
                                    Limits.check(
                                            "number of entries of a log",
                                            entries.merge(log, more.size(), Integer::sum),
                                            LOG_ENTRIES_MAX));
        }
    }

    private static void tryToWrite(Part part) {
        if (part.operations().isEmpty()) {
            return;
        }
        Bytes batch = BatchCodec.encode(new Batch(Stamp.ZERO, 1, List.of(), List.of(part), SEED));
        Limits.check("bytes of a memory's part", batch.size(), PART_BYTES_MAX);
    }

    private void add(String model, int dimension) {
        int known = dimensions.computeIfAbsent(model, absent -> dimension);
        if (known != dimension) {
            throw differs(model, "before it have " + known, dimension);
        }
        Limits.check("number of models of vectors", dimensions.size(), MODELS_MAX);
    }

    /**
     * Tries what depends on the store that is to take them.
     *
     * @throws LoamException {@code INVALID_ARGUMENT} if vectors of a model have another dimension
     *     there
     */
    public void requireFits(Vault vault) {
        dimensions.forEach(
                (model, dimension) -> {
                    Optional<Integer> known = vault.dimension(model);
                    if (known.isPresent() && !known.get().equals(dimension)) {
                        throw differs(model, "in the store have " + known.get(), dimension);
                    }
                });
    }

    private static LoamException differs(String model, String others, int dimension) {
        return new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "a vector of the model "
                        + model
                        + " has "
                        + dimension
                        + " dimensions, those "
                        + others
                        + ": they are not of one model. Nothing was written; leave the vectors out,"
                        + " they can be computed again");
    }
}
