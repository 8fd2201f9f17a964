package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class SessionWindowsTest {
    /** One change: session 0 is none, and a deletion leaves the other parts aside. */
    record Step(int key, int session, int turn, boolean delete, boolean sameText) {}

    private Workbench bench = new Workbench();
    private int vaults;

    @BeforeProperty
    void start() {
        vaults = 0;
    }

    @AfterProperty
    void stop() {
        bench.close();
    }

    @Property(tries = 150)
    void windowsAreThoseOfTheStatesWhateverTheOrderOfArrival(
            @ForAll("histories") List<List<Step>> history) {
        VaultId vault = Note.vault(++vaults);
        TreeMap<RecordId, Note> model = new TreeMap<>();
        int version = 0;
        for (List<Step> batch : history) {
            List<Note> notes = new ArrayList<>();
            for (Step step : batch) {
                Note note = note(vault, step, step.sameText() ? 0 : ++version);
                notes.add(note);
                model.put(note.id(), note);
            }
            bench.carry(notes);

            assertThat(bench.windows(vault)).isEqualTo(windowsOf(model));
        }
    }

    @Example
    void aLateTurnChangesTheWindowsOfTheTwoTurnsAfterItAndNoOther() {
        VaultId vault = Note.vault(1);
        bench.carry(
                List.of(
                        Note.of(vault, "a", "one").in("s", 1),
                        Note.of(vault, "b", "three").in("s", 3),
                        Note.of(vault, "c", "four").in("s", 4),
                        Note.of(vault, "d", "five").in("s", 5)));

        bench.carry(List.of(Note.of(vault, "e", "two").in("s", 2)));

        assertThat(window(vault, "a")).containsOnlyKeys("on");
        assertThat(window(vault, "e")).containsOnlyKeys("on", "two");
        assertThat(window(vault, "b")).containsOnlyKeys("on", "two", "three");
        assertThat(window(vault, "c")).containsOnlyKeys("two", "three", "four");
        assertThat(window(vault, "d")).containsOnlyKeys("three", "four", "five");
    }

    @Example
    void aWindowNeverReachesIntoAnotherSessionOrVault() {
        bench.carry(
                List.of(
                        Note.of(Note.vault(1), "a", "alpha").in("s", 1),
                        Note.of(Note.vault(1), "b", "beta").in("t", 2),
                        Note.of(Note.vault(2), "c", "gamma").in("s", 3)));

        assertThat(window(Note.vault(1), "b")).containsOnlyKeys("beta");
        assertThat(window(Note.vault(2), "c")).containsOnlyKeys("gamma");
    }

    @Example
    void turnsAreOrderedByNumberAndThenByKey() {
        VaultId vault = Note.vault(1);
        bench.carry(
                List.of(
                        Note.of(vault, "ab", "fourth").in("s", 7),
                        Note.of(vault, "a", "third").in("s", 7),
                        Note.of(vault, "z", "second").in("s", 0),
                        Note.of(vault, "y", "first").in("s", -7)));

        assertThat(window(vault, "y")).containsOnlyKeys("first");
        assertThat(window(vault, "z")).containsOnlyKeys("first", "second");
        assertThat(window(vault, "a")).containsOnlyKeys("first", "second", "third");
        assertThat(window(vault, "ab")).containsOnlyKeys("second", "third", "fourth");
    }

    private SortedMap<String, Integer> window(VaultId vault, String key) {
        return Objects.requireNonNull(bench.windows(vault).get(new RecordId(vault, key)));
    }

    private static Note note(VaultId vault, Step step, int version) {
        String key = "k".repeat(1 + step.key() % 3) + step.key();
        if (step.delete()) {
            return Note.dead(vault, key);
        }
        Note note = Note.of(vault, key, "word" + step.key() + "v" + version);
        return step.session() == 0 ? note : note.in("session" + step.session(), step.turn());
    }

    private static SortedMap<RecordId, SortedMap<String, Integer>> windowsOf(
            SortedMap<RecordId, Note> model) {
        List<Note> living =
                model.values().stream().filter(note -> note.projection().alive()).toList();
        SortedMap<RecordId, SortedMap<String, Integer>> windows = new TreeMap<>();
        for (Note note : living) {
            List<Note> session =
                    living.stream()
                            .filter(
                                    other ->
                                            other.projection()
                                                    .session()
                                                    .equals(note.projection().session()))
                            .sorted(
                                    Comparator.comparingLong(
                                                    (Note other) -> other.projection().turn())
                                            .thenComparing(Note::id))
                            .toList();
            int at = session.indexOf(note);
            int from = note.projection().session().isPresent() ? Math.max(0, at - 2) : at;
            SortedMap<String, Integer> words = new TreeMap<>();
            for (Note reached : session.subList(from, at + 1)) {
                words.merge(reached.projection().text().orElseThrow(), 1, Integer::sum);
            }
            windows.put(note.id(), words);
        }
        return windows;
    }

    @Provide
    Arbitrary<List<List<Step>>> histories() {
        Arbitrary<Step> steps =
                Combinators.combine(
                                Arbitraries.integers().between(0, 11),
                                Arbitraries.frequencyOf(
                                        Tuple.of(1, Arbitraries.just(0)),
                                        Tuple.of(8, Arbitraries.just(1)),
                                        Tuple.of(2, Arbitraries.just(2))),
                                Arbitraries.integers().between(0, 4),
                                Arbitraries.of(true, false, false, false),
                                Arbitraries.of(true, false))
                        .as(Step::new);
        return steps.list().ofMinSize(1).ofMaxSize(10).list().ofMinSize(1).ofMaxSize(6);
    }
}
