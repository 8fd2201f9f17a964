package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.Dot;
import dev.loam.core.Operation;
import dev.loam.core.Origin;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.VersionVector;
import java.util.List;
import java.util.Optional;

/**
 * What the log still knows of how a record came to be.
 *
 * @param base what stands for the operations that compaction has let go
 * @param steps oldest first, and each after everything that its author had seen
 * @param complete whether no operation may be missing because the log is damaged
 */
record RecordPast(Optional<Base> base, List<Step> steps, boolean complete) {
    /**
     * @param state of the record
     * @param until no operation that is in it is stamped later
     */
    record Base(RecordState state, Stamp until) {}

    /**
     * The operations of one batch on the record.
     *
     * @param stamp of the batch
     * @param order the stamp; where a foreign clock stamped what its author had seen later than
     *     that, the next reading after it
     * @param firstCounter of the first operation
     * @param context what the author had applied of those who wrote to the record
     */
    record Step(
            BatchId batch,
            Stamp stamp,
            Stamp order,
            long firstCounter,
            List<Operation> operations,
            VersionVector context) {
        Step {
            operations = List.copyOf(operations);
        }

        RecordState applyTo(RecordState before) {
            RecordState state = before;
            long counter = firstCounter;
            for (Operation operation : operations) {
                Dot dot = new Dot(batch.actor(), counter++);
                state = state.apply(new Origin(dot, stamp, context), operation);
            }
            return state;
        }
    }

    RecordPast {
        steps = List.copyOf(steps);
    }

    /** The state before the first step. */
    RecordState start() {
        return base.map(Base::state).orElse(RecordState.EMPTY);
    }

    /** The state by the operations stamped in this millisecond or before. */
    RecordState asOf(long epochMillis) {
        RecordState state = start();
        for (Step step : steps) {
            if (step.order().millis() <= epochMillis) {
                state = step.applyTo(state);
            }
        }
        return state;
    }
}
