package dev.loam.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What one memory must be, for who knows certain writes of it: a rule that is slow and plain. What
 * has not seen every removal comes to nothing, and so does what a removal saw; of the rest counts
 * what nobody who had seen it took away.
 */
final class MemoryModel {
    /** A write, and what it does to this memory. */
    private record Step(Write write, Change change) {
        boolean saw(Step other) {
            return write.saw(other.write);
        }
    }

    /** Those that count. */
    private final List<Step> steps;

    /**
     * @param known all that are known, whatever they change
     */
    MemoryModel(String key, List<Write> known) {
        List<Step> all = new ArrayList<>();
        for (Write write : known) {
            write.of(key).ifPresent(change -> all.add(new Step(write, change)));
        }
        List<Step> removals = all.stream().filter(step -> step.change().isRemoval()).toList();
        steps =
                removals.isEmpty()
                        ? all
                        : all.stream()
                                .filter(step -> removals.stream().allMatch(step::saw))
                                .toList();
    }

    /** Empty if there is no such memory. */
    Optional<Content> content() {
        boolean isAlive =
                steps.stream()
                        .filter(step -> step.change().keepsAlive())
                        .anyMatch(step -> !isTaken(step, by -> is(by, Change.Kind.DELETE)));
        return isAlive
                ? Optional.of(
                        new Content(
                                siblings(),
                                tags(),
                                new Content.Totals(
                                        counters(),
                                        logs(),
                                        extremes(Amounts::maxima, Math::max),
                                        extremes(Amounts::minima, Math::min))))
                : Optional.empty();
    }

    private SortedMap<String, SortedSet<String>> siblings() {
        TreeMap<String, SortedSet<String>> siblings = new TreeMap<>();
        for (Step step : steps) {
            step.change()
                    .text()
                    .forEach(
                            (field, value) -> {
                                if (!isReplaced(
                                        step, by -> by.change().text().containsKey(field))) {
                                    siblings.computeIfAbsent(field, f -> new TreeSet<>())
                                            .add(value);
                                }
                            });
        }
        return siblings;
    }

    private SortedSet<String> tags() {
        TreeSet<String> tags = new TreeSet<>();
        for (Step step : steps) {
            for (String tag : step.change().tags().added()) {
                if (!isReplaced(step, by -> by.change().tags().removed().contains(tag))) {
                    tags.add(tag);
                }
            }
        }
        return tags;
    }

    private SortedMap<String, Long> counters() {
        TreeMap<String, Long> totals = new TreeMap<>();
        for (Step step : steps) {
            step.change()
                    .amounts()
                    .counters()
                    .forEach(
                            (name, count) -> {
                                if (count instanceof Amounts.Count.Add(long amount)
                                        && !isReplaced(step, by -> resets(by, name))) {
                                    totals.merge(name, amount, Long::sum);
                                }
                            });
        }
        return totals;
    }

    private static boolean resets(Step step, String counter) {
        return step.change().amounts().counters().get(counter) instanceof Amounts.Count.Reset;
    }

    private SortedMap<String, List<String>> logs() {
        TreeMap<String, List<String>> logs = new TreeMap<>();
        entries()
                .forEach(
                        (name, entries) ->
                                logs.put(
                                        name, entries.stream().map(Entry::text).sorted().toList()));
        return logs;
    }

    /**
     * An entry of a log.
     *
     * @param write the number of the write that appended it
     */
    record Entry(int write, String text) {}

    /** The entries of each log, in the order of the writes' numbers. */
    SortedMap<String, List<Entry>> entries() {
        TreeMap<String, List<Entry>> logs = new TreeMap<>();
        for (Step step : steps) {
            int number = step.write().number();
            step.change()
                    .amounts()
                    .logs()
                    .forEach(
                            (name, line) -> {
                                if (line instanceof Amounts.Line.Append(String text)
                                        && !isReplaced(step, by -> drops(by, name, number))) {
                                    logs.computeIfAbsent(name, n -> new ArrayList<>())
                                            .add(new Entry(number, text));
                                }
                            });
        }
        return logs;
    }

    private static boolean drops(Step step, String log, int number) {
        return step.change().amounts().logs().get(log)
                        instanceof Amounts.Line.Truncate(int _, SortedSet<Integer> dropped)
                && dropped.contains(number);
    }

    private SortedMap<String, Long> extremes(
            Function<Amounts, SortedMap<String, Long>> which, BinaryOperator<Long> better) {
        TreeMap<String, Long> extremes = new TreeMap<>();
        for (Step step : steps) {
            for (Map.Entry<String, Long> each : which.apply(step.change().amounts()).entrySet()) {
                if (!isReplaced(step, by -> false)) {
                    extremes.merge(each.getKey(), each.getValue(), better);
                }
            }
        }
        return extremes;
    }

    private static boolean is(Step step, Change.Kind kind) {
        return step.change().kind() == kind;
    }

    /** A put takes all that it saw. */
    private boolean isReplaced(Step step, Predicate<Step> takes) {
        return isTaken(step, by -> is(by, Change.Kind.PUT) || takes.test(by));
    }

    private boolean isTaken(Step step, Predicate<Step> takes) {
        return steps.stream().anyMatch(later -> later.saw(step) && takes.test(later));
    }
}
