package dev.loam.core;

import dev.loam.core.PruningWorld.Entry;
import dev.loam.core.PruningWorld.Kind;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What reads must return after a set of operations, said without order and without pruning. */
record PruningReference(List<Entry> entries) {
    String content() {
        boolean alive =
                of(Kind::isContent).anyMatch(c -> none(c, (e, d) -> d.kind() == Kind.DELETE));
        if (!alive) {
            return "absent";
        }
        return "a="
                + values(Kind.SET_A)
                + " b="
                + values(Kind.SET_B)
                + " tags="
                + (values(Kind.ADD).isEmpty() ? "[]" : "[tag]")
                + " vector="
                + embedding();
    }

    /** What a record reads as, in the same words. */
    static String read(RecordState record, boolean alive) {
        if (!alive) {
            return "absent";
        }
        return "a="
                + new TreeSet<>(texts(record.siblings(new FieldName("a"))))
                + " b="
                + new TreeSet<>(texts(record.siblings(new FieldName("b"))))
                + " tags="
                + texts(record.elements(FieldName.TAGS))
                + " vector="
                + record.embeddings().values().stream().map(e -> e.vector().toHex()).toList();
    }

    private static List<String> texts(List<Value> values) {
        return values.stream().map(value -> ((Value.Text) value).text()).toList();
    }

    private TreeSet<String> values(Kind kind) {
        TreeSet<String> values = new TreeSet<>();
        standing(kind).forEach(entry -> values.add(text(entry)));
        return values;
    }

    private List<String> embedding() {
        return standing(Kind.EMBED)
                .max(
                        (x, y) ->
                                Version.WINNER_FIRST.compare(
                                        new Version<>(y.origin().dot(), y.origin().stamp(), ""),
                                        new Version<>(x.origin().dot(), x.origin().stamp(), "")))
                .map(entry -> List.of(((Operation.Embed) entry.operation()).embedding()))
                .orElse(List.of())
                .stream()
                .map(embedding -> embedding.vector().toHex())
                .toList();
    }

    /** Those that no operation on the same value, and no new life, has seen. */
    private Stream<Entry> standing(Kind kind) {
        return of(kind::equals)
                .filter(
                        entry ->
                                none(
                                        entry,
                                        (it, later) ->
                                                later.kind() == kind
                                                        || (kind == Kind.ADD
                                                                && later.kind()
                                                                        == Kind.REMOVE_ELEMENT)
                                                        || later.lifetime() == Lifetime.FRESH));
    }

    private boolean none(Entry entry, BiPredicate<Entry, Entry> ends) {
        return entries.stream().noneMatch(later -> later.saw(entry) && ends.test(entry, later));
    }

    private Stream<Entry> of(Predicate<Kind> kind) {
        return entries.stream().filter(entry -> kind.test(entry.kind()));
    }

    static String text(Entry entry) {
        return text(entry.author(), entry.number());
    }

    static String text(int author, int number) {
        return "" + (char) ('A' + author) + (number + 1);
    }
}
