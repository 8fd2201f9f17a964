package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Six operations of three actors in every order that causality allows. Each actor writes one having
 * seen nothing and a second one having seen its own first and any of the others' first. All the
 * orders agree if every set of operations that holds what its members saw has one state, whichever
 * of them was applied last; so each such set is reached in each way.
 */
class OrderExhaustiveTest {
    private static final int ACTORS = 3;
    private static final FieldName FIELD = new FieldName("f");

    private enum Kind {
        SET,
        FRESH_SET,
        MAX,
        INCREMENT,
        RESET,
        ADD,
        REMOVE_ELEMENT,
        APPEND,
        TRUNCATE,
        DELETE,
        REMOVE,
        UNKNOWN_FRESH
    }

    private record Written(Origin origin, Operation operation) {}

    private static ActorId actor(int number) {
        return Device.number(number).actor();
    }

    /**
     * @param firsts whose first operations the author saw, a set of bits
     */
    private static Origin origin(int author, int counter, int firsts) {
        Map<ActorId, Tip> seen = new TreeMap<>();
        for (int other = 0; other < ACTORS; other++) {
            if ((firsts >> other & 1) != 0) {
                seen.put(actor(other), new Tip(1, 1));
            }
        }
        // A late clock wins nothing over what it has seen: stamps run against causality.
        Stamp stamp = new Stamp(100L - 10L * author + counter);
        return new Origin(new Dot(actor(author), counter), stamp, VersionVector.of(seen));
    }

    private static Operation operation(Kind kind, RecordState seen, Dot dot) {
        Value value = new Value.Whole(dot.hashCode());
        Value element = new Value.Text("e");
        return switch (kind) {
            case SET -> new Operation.Set(FIELD, value, seen.dots(FIELD), Lifetime.CURRENT);
            case FRESH_SET -> new Operation.Set(FIELD, value, List.of(), Lifetime.FRESH);
            case MAX -> new Operation.Max(FIELD, value, seen.maximumDots(FIELD));
            case INCREMENT -> new Operation.Increment(FIELD, dot.counter() + 1, Lifetime.CURRENT);
            case RESET -> new Operation.Reset(FIELD);
            case ADD ->
                    new Operation.AddElement(
                            FIELD, element, seen.dots(FIELD, element), Lifetime.CURRENT);
            case REMOVE_ELEMENT ->
                    new Operation.RemoveElement(FIELD, element, seen.dots(FIELD, element));
            case APPEND -> new Operation.Append(FIELD, value, Lifetime.CURRENT);
            case TRUNCATE ->
                    new Operation.Truncate(FIELD, new LogKey(new Stamp(92), new Dot(actor(1), 1)));
            case DELETE -> new Operation.Delete();
            case REMOVE -> new Operation.Remove();
            case UNKNOWN_FRESH -> new Operation.Unknown(0x4f, Bytes.EMPTY);
        };
    }

    /** Every state by how many operations of each actor it holds. */
    private static void check(Kind[] kinds, int[] seenFirsts) {
        List<List<Written>> logs = new ArrayList<>();
        for (int actor = 0; actor < ACTORS; actor++) {
            Origin origin = origin(actor, 1, 0);
            logs.add(new ArrayList<>());
            Operation first = operation(kinds[actor], RecordState.EMPTY, origin.dot());
            logs.get(actor).add(new Written(origin, first));
        }
        for (int actor = 0; actor < ACTORS; actor++) {
            Origin origin = origin(actor, 2, seenFirsts[actor]);
            RecordState seen = RecordState.EMPTY;
            for (int other = 0; other < ACTORS; other++) {
                if (other == actor || (seenFirsts[actor] >> other & 1) != 0) {
                    Written first = logs.get(other).getFirst();
                    seen = seen.apply(first.origin(), first.operation());
                }
            }
            Operation second = operation(kinds[ACTORS + actor], seen, origin.dot());
            logs.get(actor).add(new Written(origin, second));
        }
        Map<List<Integer>, RecordState> states = new HashMap<>();
        states.put(List.of(0, 0, 0), RecordState.EMPTY);
        for (int a = 0; a <= 2; a++) {
            for (int b = 0; b <= 2; b++) {
                for (int c = 0; c <= 2; c++) {
                    reach(List.of(a, b, c), logs, seenFirsts, states);
                }
            }
        }
    }

    private static void reach(
            List<Integer> counts,
            List<List<Written>> logs,
            int[] seenFirsts,
            Map<List<Integer>, RecordState> states) {
        for (int last = 0; last < ACTORS; last++) {
            if (counts.get(last) == 0) {
                continue;
            }
            List<Integer> before = new ArrayList<>(counts);
            before.set(last, counts.get(last) - 1);
            RecordState state = states.get(before);
            Written written = logs.get(last).get(counts.get(last) - 1);
            if (state == null || !holdsWhatItSaw(counts, last, seenFirsts)) {
                continue;
            }
            RecordState reached = state.apply(written.origin(), written.operation());
            RecordState known = states.putIfAbsent(counts, reached);
            if (known != null) {
                assertThat(reached.encode()).as("%s of %s", counts, logs).isEqualTo(known.encode());
            }
        }
    }

    private static boolean holdsWhatItSaw(List<Integer> counts, int last, int[] seenFirsts) {
        for (int other = 0; other < ACTORS; other++) {
            boolean saw = counts.get(last) == 2 && (seenFirsts[last] >> other & 1) != 0;
            if (saw && counts.get(other) == 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void sixOperationsOfThreeActorsHaveOneStateInEveryOrder() {
        Kind[] all = Kind.values();
        for (Kind x : all) {
            for (Kind y : all) {
                for (Kind z : all) {
                    // Turned by one actor it is the same: the least kind stands first.
                    if (y.compareTo(x) < 0 || z.compareTo(x) < 0) {
                        continue;
                    }
                    Kind[] kinds = {x, y, z, y, z, x};
                    // Bit by bit: which of the two others' first operations each second one saw.
                    for (int seen = 0; seen < 64; seen++) {
                        int ofA = (seen & 3) << 1;
                        int ofB = (seen >> 2 & 1) | (seen >> 3 & 1) << 2;
                        int ofC = seen >> 4;
                        check(kinds, new int[] {ofA, ofB, ofC});
                    }
                }
            }
        }
    }
}
