package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedIndexTest {
    @TempDir Path temporary;

    private RecordIndex open(String name, Storage storage) {
        Path directory = temporary.resolve(name);
        return RecordIndex.open(directory, Workbench.STORE, Note.PROJECTOR, storage.in(directory));
    }

    private static void commit(RecordIndex index, List<Note> notes, long position) {
        index.apply(notes.stream().map(Note::change).toList(), new Position(position));
        index.checkpoint(new IndexCheckpoint(new Position(position), Bytes.ofUtf8("canarystate")));
        index.awaitCheckpoint();
    }

    private static List<Note> notes() {
        Random random = new Random(3);
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            notes.add(
                    Note.of("canarykey" + i, "canarytext number " + i + " of many")
                            .in("canarysession" + i % 7, i)
                            .tag("canarytag" + i % 3)
                            .keyword("canaryfield", "canaryvalue" + i % 5)
                            .vector(random.nextFloat(), random.nextFloat(), 0.7182818f));
        }
        return notes;
    }

    /** Half of it in files of their own, half in compound ones; merged, deleted, written anew. */
    private void fill(String name, Storage storage) {
        try (RecordIndex index = open(name, storage)) {
            index.beginLoading();
            commit(index, notes(), 1);
            index.endLoading();
            commit(index, notes().subList(0, 50), 2);
            commit(index, List.of(Note.dead(Note.vault(1), "canarykey7")), 3);
        }
    }

    private static TreeMap<String, Integer> found(Path directory) throws IOException {
        float[] unit = unit(notes().getFirst());
        ByteBuffer vector = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        vector.putFloat(unit[0]).putFloat(unit[1]).putFloat(unit[2]);
        TreeMap<String, byte[]> canaries = new TreeMap<>();
        for (String word :
                List.of(
                        "canarykey",
                        "canarytext",
                        "canarysession",
                        "canarytag",
                        "canaryfield",
                        "canaryvalue",
                        Note.MODEL,
                        "Lucene")) {
            canaries.put(word, word.getBytes(StandardCharsets.UTF_8));
        }
        canaries.put("vector", vector.array());
        TreeMap<String, Integer> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            // The table is these tests' own, and has Lucene's names of files in it.
            for (Path file : files.filter(file -> !file.endsWith("KEYS")).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (Map.Entry<String, byte[]> canary : canaries.entrySet()) {
                    if (bytes.contains(
                            new String(canary.getValue(), StandardCharsets.ISO_8859_1))) {
                        found.merge(canary.getKey(), 1, Integer::sum);
                    }
                }
            }
        }
        return found;
    }

    private static float[] unit(Note note) {
        Bytes vector = Objects.requireNonNull(note.projection().vectors().get(Note.MODEL));
        return UnitVector.of(vector).orElseThrow();
    }

    @Test
    void noFileHoldsAnythingThatWasWritten() throws IOException {
        fill("sealed", Storage.SEALED);
        fill("plain", Storage.PLAIN);

        assertThat(found(temporary.resolve("sealed"))).isEmpty();
        assertThat(found(temporary.resolve("plain"))).hasSize(9);
    }

    @Test
    void anIndexThatIsOpenedDecryptsEachFileOnce() {
        fill("sealed", Storage.SEALED);
        Path directory = temporary.resolve("sealed");
        KeyTable keys = new KeyTable(directory);

        RecordIndex.open(directory, Workbench.STORE, Note.PROJECTOR, Optional.of(keys)).close();

        Map<String, Integer> openings = new TreeMap<>(keys.openings());
        // What lists files and fields is small, and read by whoever asks.
        openings.keySet().removeIf(name -> name.matches("segments.*|.*\\.(si|cfe|fnm)"));
        assertThat(openings).isNotEmpty().allSatisfy((name, times) -> assertThat(times).isOne());
    }

    @Test
    void aSealedIndexAnswersAsOneInTheClear() {
        fill("sealed", Storage.SEALED);
        fill("plain", Storage.PLAIN);

        try (RecordIndex sealed = open("sealed", Storage.SEALED);
                RecordIndex plain = open("plain", Storage.PLAIN);
                IndexSnapshot ofSealed = sealed.snapshot();
                IndexSnapshot ofPlain = plain.snapshot()) {
            assertThat(sealed.committed()).isPresent().isEqualTo(plain.committed());
            assertThat(ofSealed.scan(Note.vault(1), "", Optional.empty(), 1_000))
                    .hasSize(299)
                    .isEqualTo(ofPlain.scan(Note.vault(1), "", Optional.empty(), 1_000));
            for (int i = 0; i < 20; i++) {
                SearchRequest request =
                        new SearchRequest(
                                Note.vault(1),
                                "canarytext number " + i,
                                Optional.of(new QueryVector(Note.MODEL, i - 10, 5, 3)),
                                SearchFilter.all(),
                                20);
                assertThat(ofSealed.search(request)).isEqualTo(ofPlain.search(request));
            }
        }
    }

    private Optional<Position> reopened(Storage storage) {
        try (RecordIndex index = open("index", storage)) {
            return index.committed().map(IndexCheckpoint::position);
        }
    }

    @Test
    void anIndexInTheClearIsNotTakenForASealedOneNorTheOtherWayRound() {
        fill("index", Storage.PLAIN);
        assertThat(reopened(Storage.SEALED)).isEmpty();
        fill("index", Storage.SEALED);
        assertThat(reopened(Storage.SEALED)).contains(new Position(3));
        assertThat(reopened(Storage.PLAIN)).isEmpty();
    }

    @Test
    void anIndexWhoseTableIsLostCutOrOlderIsEmptied() throws IOException {
        Path keys = temporary.resolve("index/KEYS");
        fill("index", Storage.SEALED);
        Files.delete(keys);
        assertThat(reopened(Storage.SEALED)).isEmpty();

        fill("index", Storage.SEALED);
        byte[] older = Files.readAllBytes(keys);
        Files.write(keys, new byte[10]);
        assertThat(reopened(Storage.SEALED)).isEmpty();

        fill("index", Storage.SEALED);
        Files.write(keys, older);
        assertThat(reopened(Storage.SEALED)).isEmpty();
    }

    @Test
    void anIndexThatIsEmptiedForgetsItsKeys() throws IOException {
        Path directory = temporary.resolve("index");
        fill("index", Storage.SEALED);
        Files.write(directory.resolve("segments_3"), new byte[10]);
        KeyTable table = new KeyTable(directory);
        assertThat(table.knows("segments_3")).isTrue();

        RecordIndex.open(directory, Workbench.STORE, Note.PROJECTOR, Optional.of(table)).close();

        assertThat(table.knows("segments_3")).isFalse();
        assertThat(directory.resolve("KEYS")).doesNotExist();
    }

    @Test
    void noCommitIsMadeWithoutItsKeys() {
        Path directory = temporary.resolve("index");
        KeyTable table = new KeyTable(directory);
        try (RecordIndex index =
                RecordIndex.open(directory, Workbench.STORE, Note.PROJECTOR, Optional.of(table))) {
            commit(index, notes(), 1);
            table.fill();
            assertThatThrownBy(() -> commit(index, notes(), 2))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            told -> assertThat(told.code()).isEqualTo(ErrorCode.DISK_FULL));
        }
        assertThat(reopened(Storage.SEALED)).contains(new Position(1));
    }

    @Test
    void aCommitWritesTheTableOnce() {
        Path directory = temporary.resolve("index");
        KeyTable table = new KeyTable(directory);
        try (RecordIndex index =
                RecordIndex.open(directory, Workbench.STORE, Note.PROJECTOR, Optional.of(table))) {
            commit(index, notes(), 1);
            commit(index, notes(), 2);
            commit(index, notes(), 3);
        }
        assertThat(table.persisted()).isEqualTo(3);
    }
}
