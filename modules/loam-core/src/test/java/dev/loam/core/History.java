package dev.loam.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * What some members of a vault did, each on what it had at that moment.
 *
 * @param steps in the order in which they happened
 */
record History(int memberCount, List<Step> steps) {
    enum Action {
        PUT,
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
        TRANSACTION,
        SYNC,
        SYNC_SOME
    }

    /**
     * @param choice of a field, tag, value or member, as the action has use for it
     */
    record Step(int member, Action action, String key, int choice, long clockMillis) {}

    static Arbitrary<History> histories() {
        Arbitrary<Step> steps =
                Combinators.combine(
                                Arbitraries.integers().between(0, 3),
                                Arbitraries.of(Action.class),
                                Arbitraries.of("a", "b"),
                                Arbitraries.integers().between(0, 7),
                                Arbitraries.longs().between(1, 50))
                        .as(Step::new);
        return Combinators.combine(
                        Arbitraries.integers().between(2, 4),
                        steps.list().ofMinSize(1).ofMaxSize(40))
                .as(History::new);
    }

    /** The members after all has happened, not yet at one. */
    List<Replica> play() {
        List<Replica> members = Replica.members(memberCount);
        for (Step step : steps) {
            Replica member = members.get(step.member % memberCount).clock(step.clockMillis);
            Replica other = members.get((step.member + 1 + step.choice) % memberCount);
            String text = "t" + step.clockMillis;
            switch (step.action) {
                case PUT -> member.write(put(step, text, "tag" + step.choice % 3));
                case SET -> member.set(step.key, "f" + step.choice % 3, text);
                case TAG -> member.tag(step.key, "tag" + step.choice % 3);
                case UNTAG -> member.untag(step.key, "tag" + step.choice % 3);
                case EMBED -> member.embed(step.key, "m" + step.choice % 2, step.choice);
                case DELETE -> member.delete(step.key);
                case INCREMENT -> member.increment(step.key, "f0", step.choice - 3);
                case RESET -> member.reset(step.key, "f0");
                case APPEND -> member.append(step.key, "f0", text);
                case TRUNCATE -> member.truncate(step.key, "f0", step.choice % 3);
                case MAX -> member.max(step.key, "f0", step.choice);
                case MIN -> member.min(step.key, "f0", step.choice);
                case REMOVE -> member.remove(step.key);
                case PURGE -> member.purge(step.key);
                case UNKNOWN -> member.write(step.key, unknown(step));
                case TRANSACTION -> member.write(transaction(member, text));
                case SYNC -> member.syncFrom(other);
                case SYNC_SOME -> member.syncFrom(other, 1 + step.choice % 3);
            }
        }
        return members;
    }

    /** Every batch that was written, each once. */
    static List<SealedBatch> batches(List<Replica> members) {
        SequencedSet<SealedBatch> all = new LinkedHashSet<>();
        members.forEach(member -> all.addAll(member.log()));
        return new ArrayList<>(all);
    }

    private static Part put(Step step, String text, String tag) {
        return new Part(
                step.key,
                List.of(
                        new Operation.Set(
                                new FieldName("f0"),
                                new Value.Text(text),
                                List.of(),
                                Lifetime.FRESH),
                        new Operation.Set(
                                new FieldName("f1"),
                                new Value.Whole(step.choice),
                                List.of(),
                                Lifetime.CURRENT),
                        new Operation.AddElement(
                                FieldName.TAGS, new Value.Text(tag), List.of(), Lifetime.CURRENT)));
    }

    /** Touch or content, fresh or not; never critical, as then it would not be let in. */
    private static Operation unknown(Step step) {
        return new Operation.Unknown(15 | step.choice % 4 << 5, Bytes.ofUtf8("n" + step.choice));
    }

    /** Deletes one record and sets a field of another twice, the second time over the first. */
    private static Part[] transaction(Replica member, String text) {
        FieldName field = new FieldName("f0");
        List<Dot> seen = member.record("b").dots(field);
        Dot own = new Dot(member.actor(), member.draft(deletion("a")).firstCounter() + 1);
        return new Part[] {
            deletion("a"),
            new Part(
                    "b",
                    List.of(
                            new Operation.Set(field, new Value.Truth(true), seen, Lifetime.CURRENT),
                            new Operation.Set(
                                    field, new Value.Text(text), List.of(own), Lifetime.CURRENT)))
        };
    }

    private static Part deletion(String key) {
        return new Part(key, List.of(new Operation.Delete()));
    }
}
