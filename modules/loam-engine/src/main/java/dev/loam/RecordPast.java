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

        private boolean saw(Step other) {
            return other.batch().actor().equals(batch.actor())
                    ? other.batch().sequence() < batch.sequence()
                    : context.covers(new Dot(other.batch().actor(), other.firstCounter()));
        }

        RecordState applyTo(RecordState before) {
            RecordState state = before;
            long counter = firstCounter;
            for (Operation operation : operations) {
                Dot dot = new Dot(batch.actor(), counter++);
                Origin origin = new Origin(dot, stamp, context);
                state = state.apply(origin, inFull(state, origin, operation));
            }
            return state;
        }

        /**
         * An operation with the names of all that its author saw of a value. What was settled at
         * the author it does not name, and here it is not settled: of the horizon of that time
         * nothing is known any more.
         */
        private static Operation inFull(RecordState state, Origin origin, Operation operation) {
            return switch (operation) {
                case Operation.Set(var field, var value, var _, var lifetime) -> {
                    List<Dot> seen = seen(origin, state.dots(field));
                    yield new Operation.Set(field, value, seen, lifetime);
                }
                case Operation.Max(var field, var value, var _) ->
                        new Operation.Max(field, value, seen(origin, state.maximumDots(field)));
                case Operation.Min(var field, var value, var _) ->
                        new Operation.Min(field, value, seen(origin, state.minimumDots(field)));
                case Operation.AddElement(var field, var element, var _, var lifetime) -> {
                    List<Dot> seen = seen(origin, state.dots(field, element));
                    yield new Operation.AddElement(field, element, seen, lifetime);
                }
                case Operation.RemoveElement(var field, var element, var _) -> {
                    List<Dot> seen = seen(origin, state.dots(field, element));
                    yield new Operation.RemoveElement(field, element, seen);
                }
                case Operation.Embed(var model, var embedding, var _) -> {
                    List<Dot> seen = seen(origin, state.embeddingDots(model));
                    yield new Operation.Embed(model, embedding, seen);
                }
                default -> operation;
            };
        }

        private static List<Dot> seen(Origin origin, List<Dot> dots) {
            return dots.stream().filter(origin::saw).toList();
        }
    }

    RecordPast {
        steps = List.copyOf(steps);
    }

    /** The state before the first step. */
    RecordState start() {
        return base.map(Base::state).orElse(RecordState.EMPTY);
    }

    /**
     * The state as the author of a batch saw it when it wrote that: without what it did not know,
     * though it be stamped earlier. Of one that compaction has let go that is not known any more;
     * then what stands for it, and for others up to then.
     */
    RecordState seenBy(BatchId batch) {
        Optional<Step> written =
                steps.stream().filter(step -> step.batch().equals(batch)).findFirst();
        RecordState state = start();
        for (Step step : steps) {
            if (written.filter(by -> by.saw(step)).isPresent()) {
                state = step.applyTo(state);
            }
        }
        return state;
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
