package dev.loam.core;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The meaning of a set of operations on one record, said without any order of arrival: what {@link
 * RecordState} must come to however it gets there.
 */
record DeclaredRecord(List<Replica.Applied> operations) {
    static DeclaredRecord of(Replica replica, String key) {
        return new DeclaredRecord(
                replica.operations().stream().filter(op -> op.key().equals(key)).toList());
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
        return op.operation() instanceof Operation.Set
                || op.operation() instanceof Operation.AddElement;
    }

    private boolean isDelete(Replica.Applied op) {
        return op.operation() instanceof Operation.Delete;
    }

    private boolean isFresh(Replica.Applied op) {
        return switch (op.operation()) {
            case Operation.Set set -> set.lifetime() == Lifetime.FRESH;
            case Operation.AddElement add -> add.lifetime() == Lifetime.FRESH;
            default -> false;
        };
    }
}
