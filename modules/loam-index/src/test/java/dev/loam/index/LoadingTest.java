package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** While much is loaded, nothing is different but the speed. */
class LoadingTest {
    private static final int NOTES = 3_000;

    private static List<Note> notes() {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < NOTES; i++) {
            Note note = Note.of("n" + i, "common text of number " + i + " and group g" + i % 50);
            notes.add(i % 2 == 0 ? note : note.in("s" + i % 10, i));
        }
        return notes;
    }

    private static void applyAll(Workbench bench, List<Note> notes) {
        for (int from = 0; from < NOTES; from += 500) {
            bench.apply(notes.subList(from, from + 500));
        }
    }

    private static List<Candidate> found(Workbench bench, String words) {
        CandidateLists lists = bench.search(Note.vault(1), words, SearchFilter.all(), 100);
        List<Candidate> all = new ArrayList<>(lists.text());
        all.addAll(lists.window());
        return all;
    }

    @Test
    void whatIsLoadedIsFoundAsIfItHadBeenAppliedOtherwise() {
        try (Workbench plain = new Workbench();
                Workbench loaded = new Workbench()) {
            applyAll(plain, notes());
            plain.index().refresh();
            loaded.index().beginLoading();
            applyAll(loaded, notes());
            loaded.index().endLoading();
            loaded.index().refresh();
            assertThat(found(loaded, "g7 number 107")).isEqualTo(found(plain, "g7 number 107"));
            assertThat(loaded.windows(Note.vault(1))).isEqualTo(plain.windows(Note.vault(1)));
        }
    }

    @Test
    void moreThanMayWaitIsLoadedWithoutARefresh() {
        try (Workbench bench = new Workbench()) {
            bench.index().beginLoading();
            int records = 3 * Pace.LOADING.records();
            for (int i = 0; i < records; i += 1_024) {
                List<Note> group = new ArrayList<>();
                for (int j = i; j < i + 1_024; j++) {
                    group.add(Note.of("n" + j, "text"));
                }
                bench.apply(group);
            }
            bench.index().endLoading();
            bench.checkpoint();
            bench.reopen();
            try (IndexSnapshot snapshot = bench.index().snapshot()) {
                assertThat(snapshot.state(Note.of("n" + (records - 1), "").id())).isPresent();
            }
        }
    }

    @Test
    void aFirstStateAndThoseAfterItAreOneRecord() {
        try (Workbench bench = new Workbench()) {
            Note first = Note.of("a", "apples");
            Note second = Note.of("a", "pears");
            Note third = Note.of("a", "plums");
            bench.index()
                    .apply(
                            List.of(
                                    RecordChange.first(first.id(), first.change().state()),
                                    second.change()),
                            new Position(1));
            bench.index().apply(List.of(third.change()), new Position(2));
            bench.index().refresh();
            assertThat(found(bench, "apples pears")).isEmpty();
            assertThat(found(bench, "plums")).hasSize(2);
            bench.index().apply(List.of(second.change()), new Position(3));
            bench.index().checkpoint(new IndexCheckpoint(new Position(3), Bytes.EMPTY));
            bench.index().awaitCheckpoint();
            bench.reopen();
            assertThat(found(bench, "plums")).isEmpty();
            assertThat(found(bench, "pears")).hasSize(2);
            try (IndexSnapshot snapshot = bench.index().snapshot()) {
                assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10)).hasSize(1);
            }
        }
    }
}
