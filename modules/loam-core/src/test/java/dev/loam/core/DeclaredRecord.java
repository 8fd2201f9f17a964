package dev.loam.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The meaning of a set of operations on one record, said without any order of arrival: what {@link
 * RecordState} must come to however it gets there.
 */
record DeclaredRecord(List<Replica.Applied> operations) {
    static DeclaredRecord of(Replica replica, String key) {
        List<Replica.Applied> all =
                replica.operations().stream().filter(op -> op.key().equals(key)).toList();
        List<Replica.Applied> removals =
                all.stream().filter(op -> op.operation() instanceof Operation.Removal).toList();
        return new DeclaredRecord(
                all.stream()
                        .filter(
                                op ->
                                        removals.contains(op)
                                                || removals.stream()
                                                        .allMatch(
                                                                removal ->
                                                                        op.origin()
                                                                                .saw(
                                                                                        removal.origin()
                                                                                                .dot())))
                        .toList());
    }

    /** The removals that no other has seen. */
    List<Dot> removals() {
        return operations.stream()
                .filter(this::isRemoval)
                .filter(removal -> nobodySaw(removal, this::isRemoval))
                .map(removal -> removal.origin().dot())
                .sorted()
                .toList();
    }

    /** The sum of the increments that no reset and no new life has seen. */
    long total(FieldName field) {
        return operations.stream()
                .filter(op -> op.operation() instanceof Operation.Increment)
                .filter(op -> ((Operation.Increment) op.operation()).field().equals(field))
                .filter(
                        op ->
                                nobodySaw(
                                        op,
                                        other ->
                                                isFresh(other)
                                                        || other.operation()
                                                                .equals(
                                                                        new Operation.Reset(
                                                                                field))))
                .mapToLong(op -> ((Operation.Increment) op.operation()).amount())
                .sum();
    }

    /** The entries that no new life has seen, and no truncation that keeps later ones only. */
    List<Value> entries(FieldName field) {
        return operations.stream()
                .filter(op -> op.operation() instanceof Operation.Append)
                .filter(op -> ((Operation.Append) op.operation()).field().equals(field))
                .filter(
                        op ->
                                nobodySaw(
                                        op,
                                        other ->
                                                isFresh(other)
                                                        || truncates(other, field, keyOf(op))))
                .sorted(Comparator.comparing(DeclaredRecord::keyOf))
                .map(op -> ((Operation.Append) op.operation()).entry())
                .toList();
    }

    /** The greatest of those that stand. */
    Optional<Value> maximum(FieldName field) {
        return operations.stream()
                .filter(op -> op.operation() instanceof Operation.Max)
                .filter(op -> ((Operation.Max) op.operation()).field().equals(field))
                .filter(this::stands)
                .map(op -> ((Operation.Max) op.operation()).value())
                .max(ValueCodec.ORDER);
    }

    /** The least of those that stand. */
    Optional<Value> minimum(FieldName field) {
        return operations.stream()
                .filter(op -> op.operation() instanceof Operation.Min)
                .filter(op -> ((Operation.Min) op.operation()).field().equals(field))
                .filter(this::stands)
                .map(op -> ((Operation.Min) op.operation()).value())
                .min(ValueCodec.ORDER);
    }

    /** How many of a newer Loam no new life has seen. */
    long unknownOperations() {
        return operations.stream()
                .filter(op -> op.operation() instanceof Operation.Unknown)
                .filter(op -> nobodySaw(op, this::isFresh))
                .count();
    }

    private static boolean truncates(Replica.Applied op, FieldName field, LogKey key) {
        return op.operation() instanceof Operation.Truncate(FieldName of, LogKey oldestKept)
                && of.equals(field)
                && key.compareTo(oldestKept) < 0;
    }

    private static LogKey keyOf(Replica.Applied op) {
        return new LogKey(op.origin().stamp(), op.origin().dot());
    }

    private boolean isRemoval(Replica.Applied op) {
        return op.operation() instanceof Operation.Removal;
    }

    /** Content that no delete has seen. */
    boolean isAlive() {
        return contents().anyMatch(content -> nobodySaw(content, this::isDelete));
    }

    List<Value> siblings(FieldName field) {
        return contents()
                .filter(
                        op ->
                                op.operation() instanceof Operation.Set set
                                        && set.field().equals(field))
                .filter(this::stands)
                .sorted(
                        (a, b) ->
                                Version.WINNER_FIRST.compare(
                                        new Version<>(a.origin().dot(), a.origin().stamp(), ""),
                                        new Version<>(b.origin().dot(), b.origin().stamp(), "")))
                .map(op -> ((Operation.Set) op.operation()).value())
                .toList();
    }

    List<Value> elements(FieldName field) {
        return contents()
                .filter(
                        op ->
                                op.operation() instanceof Operation.AddElement add
                                        && add.field().equals(field))
                .filter(this::stands)
                .map(op -> ((Operation.AddElement) op.operation()).element())
                .distinct()
                .sorted(ValueCodec.ORDER)
                .toList();
    }

    /** The deletes that neither content nor another delete has seen. */
    List<Dot> deletes() {
        return operations.stream()
                .filter(this::isDelete)
                .filter(delete -> nobodySaw(delete, op -> isContent(op) || isDelete(op)))
                .map(delete -> delete.origin().dot())
                .sorted()
                .toList();
    }

    /** Whether no operation named the value, or began anew, having seen it. */
    private boolean stands(Replica.Applied value) {
        return nobodySaw(
                value,
                op -> isFresh(op) || op.operation().overwritten().contains(value.origin().dot()));
    }

    private boolean nobodySaw(Replica.Applied seen, Predicate<Replica.Applied> who) {
        return operations.stream()
                .filter(who)
                .noneMatch(op -> op.origin().saw(seen.origin().dot()));
    }

    private Stream<Replica.Applied> contents() {
        return operations.stream().filter(this::isContent);
    }

    private boolean isContent(Replica.Applied op) {
        return switch (op.operation()) {
            case Operation.Set _,
                    Operation.AddElement _,
                    Operation.Increment _,
                    Operation.Append _ ->
                    true;
            case Operation.Unknown unknown -> unknown.isContent();
            default -> false;
        };
    }

    private boolean isDelete(Replica.Applied op) {
        return op.operation() instanceof Operation.Delete;
    }

    private boolean isFresh(Replica.Applied op) {
        return switch (op.operation()) {
            case Operation.Set set -> set.lifetime() == Lifetime.FRESH;
            case Operation.AddElement add -> add.lifetime() == Lifetime.FRESH;
            case Operation.Increment increment -> increment.lifetime() == Lifetime.FRESH;
            case Operation.Append append -> append.lifetime() == Lifetime.FRESH;
            case Operation.Unknown unknown -> unknown.lifetime() == Lifetime.FRESH;
            default -> false;
        };
    }
}
