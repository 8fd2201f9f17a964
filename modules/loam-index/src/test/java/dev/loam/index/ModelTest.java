package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The index against a sorted map. */
class ModelTest {
    sealed interface Step {
        record Apply(List<Note> notes) implements Step {}

        record Refresh() implements Step {}

        record Checkpoint() implements Step {}

        record Reopen() implements Step {}
    }

    @Property(tries = 80)
    void readsAreThoseOfASortedMap(
            @ForAll Storage storage,
            @ForAll("steps") List<Step> steps,
            @ForAll("prefixes") String prefix,
            @ForAll("afters") Optional<String> after) {
        TreeMap<RecordId, Note> model = new TreeMap<>();
        TreeMap<RecordId, Note> durable = new TreeMap<>();
        try (Workbench bench = new Workbench(storage)) {
            for (Step step : steps) {
                switch (step) {
                    case Step.Apply(List<Note> notes) -> {
                        bench.apply(notes);
                        notes.forEach(note -> model.put(note.id(), note));
                    }
                    case Step.Refresh() -> bench.index().refresh();
                    case Step.Checkpoint() -> {
                        bench.checkpoint();
                        durable = new TreeMap<>(model);
                    }
                    case Step.Reopen() -> {
                        bench.reopen();
                        model.clear();
                        model.putAll(durable);
                    }
                }
                check(bench.index(), model, prefix, after);
            }
        }
    }

    private static void check(
            RecordIndex index,
            SortedMap<RecordId, Note> model,
            String prefix,
            Optional<String> after) {
        try (IndexSnapshot snapshot = index.snapshot()) {
            for (int vault = 1; vault <= 2; vault++) {
                for (int key = 0; key < 10; key++) {
                    RecordId id = new RecordId(Note.vault(vault), key(key));
                    assertThat(snapshot.state(id))
                            .isEqualTo(
                                    Optional.ofNullable(model.get(id))
                                            .map(note -> note.stored().state()));
                }
            }
            List<StoredRecord> expected =
                    model.values().stream()
                            .filter(note -> note.id().vault().equals(Note.vault(1)))
                            .filter(note -> note.projection().alive())
                            .filter(note -> note.id().key().startsWith(prefix))
                            .filter(
                                    note ->
                                            after.isEmpty()
                                                    || note.id().key().compareTo(after.get()) > 0)
                            .limit(3)
                            .map(Note::stored)
                            .toList();
            assertThat(snapshot.scan(Note.vault(1), prefix, after, 3)).isEqualTo(expected);
        }
    }

    private static String key(int number) {
        return "ab".substring(number % 2, number % 2 + 1).repeat(1 + number % 3) + number;
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of("", "a", "aa", "b", "zz");
    }

    @Provide
    Arbitrary<Optional<String>> afters() {
        return Arbitraries.of("", "a", "aa4", "b1", "bb", "c").optional();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Note> notes =
                Combinators.combine(
                                Arbitraries.integers().between(1, 2),
                                Arbitraries.integers().between(0, 9),
                                Arbitraries.integers().between(0, 1_000),
                                Arbitraries.of(true, false, false))
                        .as(
                                (vault, key, text, dead) ->
                                        dead
                                                ? Note.dead(Note.vault(vault), key(key))
                                                : Note.of(Note.vault(vault), key(key), "t" + text));
        Arbitrary<Step> apply = notes.list().ofMaxSize(6).map(Step.Apply::new);
        Arbitrary<Step> others =
                Arbitraries.of(new Step.Refresh(), new Step.Checkpoint(), new Step.Reopen());
        return Arbitraries.oneOf(apply, others).list().ofMaxSize(15);
    }
}
