package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;

class SearchTest {
    private static final VaultId VAULT = Note.vault(1);
    private static final List<String> WORDS =
            List.of("red", "green", "blue", "kettle", "door", "river", "stone", "wind", "cup");

    private final Workbench bench = new Workbench();

    @AfterProperty
    void stop() {
        bench.close();
    }

    @Property(tries = 12)
    void anIndexWithAHistoryGivesTheListsOfAFreshOne(@ForAll Random random) {
        TreeMap<RecordId, Note> states = new TreeMap<>();
        try (Workbench old = new Workbench();
                Workbench fresh = new Workbench()) {
            for (int round = 0; round < 6; round++) {
                List<Note> notes = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    Note note = randomNote(random);
                    notes.add(note);
                    states.put(note.id(), note);
                }
                old.carry(notes);
            }
            List<Note> living =
                    new ArrayList<>(
                            states.values().stream()
                                    .filter(note -> note.id().vault().equals(VAULT))
                                    .filter(note -> note.projection().alive())
                                    .toList());
            Collections.shuffle(living, random);
            fresh.carry(living);

            for (int i = 0; i < 5; i++) {
                SearchRequest request =
                        new SearchRequest(
                                VAULT,
                                randomText(random),
                                Optional.of(new QueryVector(Note.MODEL, randomVector(random, 8))),
                                SearchFilter.all(),
                                7);
                assertThat(old.search(request)).isEqualTo(fresh.search(request));
            }
        }
    }

    @Property(tries = 15)
    void filtersHoldInsideEachList(@ForAll Random random) {
        TreeMap<RecordId, Note> states = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            Note note = randomNote(random);
            states.put(note.id(), note);
        }
        SearchFilter filter =
                new SearchFilter(
                        new TreeSet<>(random.nextBoolean() ? List.of("t1") : List.of("t0", "t1")),
                        new TreeMap<>(random.nextBoolean() ? Map.of("kind", "k1") : Map.of()),
                        random.nextBoolean() ? OptionalLong.of(3) : OptionalLong.empty(),
                        random.nextBoolean() ? OptionalLong.of(8) : OptionalLong.empty());

        CandidateLists lists;
        try (Workbench own = new Workbench()) {
            own.carry(new ArrayList<>(states.values()));
            lists =
                    own.search(
                            new SearchRequest(
                                    VAULT,
                                    String.join(" ", WORDS),
                                    Optional.of(
                                            new QueryVector(Note.MODEL, randomVector(random, 8))),
                                    filter,
                                    1_000));
        }

        List<RecordId> expected =
                states.values().stream()
                        .filter(note -> note.id().vault().equals(VAULT))
                        .filter(note -> passes(note, filter))
                        .map(Note::id)
                        .toList();
        assertThat(lists.text())
                .extracting(Candidate::id)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lists.window())
                .extracting(Candidate::id)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lists.dense())
                .extracting(Candidate::id)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Example
    void theDenseListIsTheExactOne() throws IOException {
        Random random = new Random(5);
        SequencedMap<RecordId, float[]> vectors = new TreeMap<>();
        for (int round = 0; round < 4; round++) {
            List<Note> notes = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                float[] vector = randomVector(random, 48);
                Note note = Note.of("key" + random.nextInt(900), "text").vector(vector);
                vectors.put(note.id(), vector);
                notes.add(note);
            }
            bench.carry(notes);
        }
        float[] query = randomVector(random, 48);
        List<RecordId> expected =
                vectors.entrySet().stream()
                        .sorted(
                                Comparator.comparingDouble(
                                        entry -> -cosine(entry.getValue(), query)))
                        .limit(50)
                        .map(Map.Entry::getKey)
                        .toList();

        List<Candidate> scanned = dense(query, VectorSearch.SCANNED_MAX);
        List<Candidate> asked = dense(query, 0);

        assertThat(scanned).extracting(Candidate::id).isEqualTo(expected);
        for (Candidate hit : scanned) {
            float[] vector = Objects.requireNonNull(vectors.get(hit.id()));
            assertThat(hit.score()).isCloseTo(cosine(vector, query), within(1e-6));
        }
        assertThat(asked).filteredOn(scanned::contains).hasSizeGreaterThanOrEqualTo(48);
    }

    private List<Candidate> dense(float[] query, int scannedMax) throws IOException {
        try (IndexSnapshot snapshot = bench.index().snapshot()) {
            VaultSearcher searcher = new VaultSearcher(snapshot.reader(), VAULT);
            return new VectorSearch(searcher, Optional.of(FilterQuery.vault(VAULT)), scannedMax)
                    .search(new QueryVector(Note.MODEL, query), 50);
        }
    }

    @Example
    void tiesAreCutById() {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            notes.add(Note.of("key%03d".formatted(i), "the same words").vector(1, 0));
        }
        Collections.shuffle(notes, new Random(3));
        bench.carry(notes.subList(0, 200));
        bench.carry(notes.subList(200, 500));

        CandidateLists lists =
                bench.search(
                        new SearchRequest(
                                VAULT,
                                "same words",
                                Optional.of(new QueryVector(Note.MODEL, 3, 4)),
                                SearchFilter.all(),
                                3));

        assertThat(lists.text())
                .extracting(hit -> hit.id().key())
                .containsExactly("key000", "key001", "key002");
        assertThat(lists.dense())
                .extracting(hit -> hit.id().key())
                .containsExactly("key000", "key001", "key002");
        assertThat(lists.dense().getFirst().score()).isCloseTo(0.6, within(1e-6));
    }

    @Example
    void aQueryIsWordsAndNeverSyntax() {
        bench.carry(List.of(Note.of("a", "salt AND (pepper"), Note.of("b", "sugar")));

        for (String query : List.of("salt AND (", "text:sugar^2 OR \"", "*:*", "", "+-&&|!{}~\\")) {
            bench.search(VAULT, query, SearchFilter.all(), 10);
        }

        assertThat(bench.search(VAULT, "*:* pepper~ \"", SearchFilter.all(), 10).text())
                .extracting(hit -> hit.id().key())
                .containsExactly("a");
    }

    @Example
    void ofTooManyWordsTheRarestAreSearched() {
        StringBuilder query = new StringBuilder();
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            String word = "w" + i;
            query.append(word).append(' ');
            // The first hundred words are in two records, the others in one.
            notes.add(Note.of("key" + i, i < 100 ? word + " w" + (i + 1) % 100 : word));
        }
        bench.carry(notes);

        List<Candidate> hits =
                bench.search(VAULT, query.toString(), SearchFilter.all(), 1_000).text();

        assertThat(hits).hasSize(64);
        assertThat(hits).noneMatch(hit -> Integer.parseInt(hit.id().key().substring(3)) < 100);
    }

    @Example
    void aRecordMayHaveVectorsOfSeveralModelsAndChangeTheirDimension() {
        bench.carry(List.of(Note.of("a", "text").vector("m1", 1, 0).vector("m2", 0, 1, 0)));
        bench.carry(List.of(Note.of("b", "text").vector("m1", 1, 0, 0)));

        assertThat(denseKeys("m1", 1, 1)).containsExactly("a");
        assertThat(denseKeys("m1", 1, 1, 0)).containsExactly("b");
        assertThat(denseKeys("m2", 0, 1, 0)).containsExactly("a");
    }

    @Example
    void aVectorThatCannotBeComparedIsRefused() {
        bench.carry(List.of(Note.of("a", "text").vector("m1", 1, 0)));

        assertRefused("m1", 1, 0, 0);
        assertRefused("m1", 0, 0);
        assertRefused("m1", Float.NaN, 0);
        assertThat(denseKeys("unheard-of", 1, 0)).isEmpty();
    }

    @Example
    void aVectorOf4096DimensionsIsFound() {
        float[] wide = randomVector(new Random(1), 4_096);

        bench.carry(List.of(Note.of("a", "text").vector("wide", wide)));

        assertThat(denseKeys("wide", wide)).containsExactly("a");
    }

    @Example
    void aValueTooLongForATermIsStillFiltered() {
        String longValue = "v".repeat(100_000);
        bench.carry(
                List.of(
                        Note.of("a", "kettle").keyword("note", "long" + longValue),
                        Note.of("b", "kettle").keyword("note", "other" + longValue)));
        SearchFilter filter =
                new SearchFilter(
                        new TreeSet<>(),
                        new TreeMap<>(Map.of("note", "long" + longValue)),
                        OptionalLong.empty(),
                        OptionalLong.empty());

        assertThat(bench.search(VAULT, "kettle", filter, 10).text())
                .extracting(hit -> hit.id().key())
                .containsExactly("a");
    }

    private List<String> denseKeys(String model, float... query) {
        return bench
                .search(
                        new SearchRequest(
                                VAULT,
                                "",
                                Optional.of(new QueryVector(model, query)),
                                SearchFilter.all(),
                                10))
                .dense()
                .stream()
                .map(hit -> hit.id().key())
                .toList();
    }

    private void assertRefused(String model, float... query) {
        assertThatThrownBy(() -> denseKeys(model, query))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }

    private static boolean passes(Note note, SearchFilter filter) {
        Projection projection = note.projection();
        return projection.alive()
                && projection.tags().containsAll(filter.tags())
                && filter.keywords().entrySet().stream()
                        .allMatch(
                                wanted ->
                                        wanted.getValue()
                                                .equals(projection.keywords().get(wanted.getKey())))
                && projection.timeMillis().orElseThrow() >= filter.fromMillis().orElse(0)
                && projection.timeMillis().orElseThrow() < filter.toMillis().orElse(1_000);
    }

    private static Note randomNote(Random random) {
        VaultId vault = Note.vault(1 + random.nextInt(3) / 2);
        String key = "key" + random.nextInt(60);
        if (random.nextInt(5) == 0) {
            return Note.dead(vault, key);
        }
        Note note =
                Note.of(vault, key, randomText(random))
                        .vector(randomVector(random, 8))
                        .keyword("kind", "k" + random.nextInt(2))
                        .at(random.nextInt(10));
        note = random.nextBoolean() ? note.tag("t0") : note;
        note = random.nextBoolean() ? note.tag("t1") : note;
        return random.nextInt(4) == 0 ? note : note.in("s" + random.nextInt(3), random.nextInt(5));
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(60); i > 0; i--) {
            int rare = Math.min(random.nextInt(WORDS.size()), random.nextInt(WORDS.size()));
            text.append(WORDS.get(rare)).append(' ');
        }
        return text.toString();
    }

    private static float[] randomVector(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * other[i];
            ones += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        return dot / Math.sqrt(ones * others);
    }
}
