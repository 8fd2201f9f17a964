package dev.loam.core;

import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * What some members of a vault did, acknowledged and cut, each on what it had at that moment, and
 * only what a store lets its caller do: nobody touches a record that he reads as absent.
 */
record SettlingHistory(int memberCount, List<Step> steps) {
    enum Action {
        SET,
        TAG,
        UNTAG,
        EMBED,
        DELETE,
        INCREMENT,
        RESET,
        APPEND,
        TRUNCATE,
        MAX,
        MIN,
        REMOVE,
        PURGE,
        UNKNOWN,
        UNKNOWN_CONTROL,
        ERASED,
        ENROL,
        SUSPEND,
        REVOKE,
        RETIRE,
        SYNC,
        CUT,

        /** Everybody hears and acknowledges all, and one cuts. */
        SETTLE
    }

    /**
     * @param choice of a field, tag, value or member, as the action has use for it
     */
    record Step(int member, Action action, String key, int choice, long clockMillis) {}

    static Arbitrary<SettlingHistory> histories() {
        Arbitrary<Action> actions =
                Arbitraries.frequencyOf(
                        Tuple.of(20, Arbitraries.of(Action.class)),
                        Tuple.of(8, Arbitraries.of(Action.SET, Action.DELETE, Action.EMBED)),
                        Tuple.of(4, Arbitraries.of(Action.MAX, Action.MIN)),
                        Tuple.of(6, Arbitraries.of(Action.SYNC, Action.CUT, Action.SETTLE)));
        Arbitrary<Step> steps =
                Combinators.combine(
                                Arbitraries.integers().between(0, 3),
                                actions,
                                Arbitraries.of("a", "a", "b"),
                                Arbitraries.integers().between(0, 7),
                                Arbitraries.longs().between(1, 50))
                        .as(Step::new);
        return Combinators.combine(
                        Arbitraries.integers().between(2, 4),
                        steps.list().ofMinSize(5).ofMaxSize(60))
                .as(SettlingHistory::new);
    }

    /** The members after all has happened, not yet at one. */
    List<Replica> play() {
        List<Replica> members = Replica.members(memberCount);
        for (Step step : steps) {
            Replica member = members.get(step.member % memberCount).clock(step.clockMillis);
            Replica other = members.get((step.member + 1 + step.choice) % memberCount);
            if (step.action == Action.SYNC) {
                member.syncFrom(other, 1 + step.choice);
            } else if (step.action == Action.SETTLE) {
                exchange(members);
                members.forEach(each -> write(each, Replica::ack));
                members.forEach(member::syncFrom);
                write(member, SettlingHistory::cut);
            } else if (step.action == Action.CUT) {
                write(member, SettlingHistory::cut);
            } else {
                write(member, it -> act(it, other, step));
            }
        }
        return members;
    }

    private static void exchange(List<Replica> members) {
        for (int round = 0; round < 2; round++) {
            members.forEach(to -> members.forEach(to::syncFrom));
        }
    }

    private static void cut(Replica member) {
        if (member.vault().cut(member.actor()).isPresent()) {
            member.cut();
        }
    }

    private static void write(Replica member, Consumer<Replica> writing) {
        if (member.vault().inGoodStanding(member.actor())) {
            writing.accept(member);
        }
    }

    private static void act(Replica member, Replica other, Step step) {
        RecordState record = member.record(step.key);
        Lifetime lifetime = record.isAlive() ? Lifetime.CURRENT : Lifetime.FRESH;
        FieldName field = new FieldName("f" + step.clockMillis % 2);
        Value value = new Value.Whole(step.choice);
        switch (step.action) {
            case SET ->
                    member.write(
                            step.key,
                            new Operation.Set(field, value, record.dots(field), lifetime));
            case TAG ->
                    member.write(
                            step.key,
                            new Operation.AddElement(
                                    field, value, record.dots(field, value), lifetime));
            case INCREMENT ->
                    member.write(
                            step.key, new Operation.Increment(field, step.choice - 3, lifetime));
            case APPEND -> member.write(step.key, new Operation.Append(field, value, lifetime));
            case REMOVE -> member.remove(step.key);
            case PURGE -> member.purge(step.key);
            case UNKNOWN -> member.write(step.key, unknown(step, lifetime));
            case UNKNOWN_CONTROL ->
                    member.write("", new Operation.UnknownControl(30, Bytes.ofUtf8("newer")));
            case ERASED -> member.write("", new Operation.Erased());
            case ENROL, SUSPEND, REVOKE, RETIRE -> changeMembers(member, other, step);
            default -> {
                if (record.isAlive()) {
                    touch(member, step, field, value);
                }
            }
        }
    }

    private static void touch(Replica member, Step step, FieldName field, Value value) {
        RecordState record = member.record(step.key);
        switch (step.action) {
            case UNTAG ->
                    member.write(
                            step.key,
                            new Operation.RemoveElement(field, value, record.dots(field, value)));
            case EMBED -> member.embed(step.key, "m", step.choice);
            case DELETE -> member.delete(step.key);
            case RESET -> member.reset(step.key, field.name());
            case TRUNCATE -> member.truncate(step.key, field.name(), step.choice % 3);
            case MAX -> member.max(step.key, field.name(), step.choice);
            case MIN -> member.min(step.key, field.name(), step.choice);
            default -> throw new AssertionError(step.action + " is no touch");
        }
    }

    /** Rarely: who is let in here never writes, and holds back all cuts until it is excluded. */
    private static void changeMembers(Replica member, Replica other, Step step) {
        boolean isRare = step.choice == 0;
        boolean isExcludable =
                !other.actor().equals(member.actor())
                        && member.vault().inGoodStanding(other.actor());
        if (isRare && step.action == Action.RETIRE) {
            member.write("", new Operation.Retire());
        } else if (isRare && step.action == Action.ENROL) {
            member.write("", Device.number(100 + (int) step.clockMillis).enrol());
        } else if (isRare && isExcludable && step.action == Action.SUSPEND) {
            member.suspend(other);
        } else if (isRare && isExcludable && step.action == Action.REVOKE) {
            member.write("", new Operation.Revoke(other.actor()));
        }
    }

    /** Touch or content of a record that is alive, fresh content of one that is not. */
    private static Operation unknown(Step step, Lifetime lifetime) {
        int flags = lifetime == Lifetime.FRESH ? 0x40 : step.choice % 2 * 0x20;
        return new Operation.Unknown(15 | flags, Bytes.ofUtf8("n" + step.choice));
    }
}
