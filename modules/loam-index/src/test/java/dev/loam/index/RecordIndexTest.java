package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class RecordIndexTest {
    private static final StoreId STORE = new StoreId(Note.vault(77).bytes());

    private final Storage storage;

    @TempDir Path directory;
    private RecordIndex index;

    RecordIndexTest(Storage storage) {
        this.storage = storage;
    }

    @BeforeEach
    void open() {
        index = open(Note.PROJECTOR);
    }

    private RecordIndex open(Projector projector) {
        return RecordIndex.open(directory, STORE, projector, storage.in(directory));
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void apply(long position, Note... notes) {
        index.apply(List.of(notes).stream().map(Note::change).toList(), new Position(position));
    }

    private void reopen() {
        index.close();
        open();
    }

    private List<String> keysFound(String query) {
        index.refresh();
        try (IndexSnapshot snapshot = index.snapshot()) {
            return snapshot.search(words(query)).text().stream()
                    .map(hit -> hit.id().key())
                    .toList();
        }
    }

    private static SearchRequest words(String query) {
        return new SearchRequest(Note.vault(1), query, Optional.empty(), SearchFilter.all(), 10);
    }

    @Test
    void whatIsAppliedIsVisibleWhenTheCallReturns() {
        Note note = Note.of("a", "the kettle is blue");

        apply(3, note);

        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.position()).isEqualTo(new Position(3));
            assertThat(snapshot.state(note.id())).contains(note.stored().state());
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10))
                    .containsExactly(note.stored());
        }
    }

    @Test
    void whatIsAppliedIsFoundAfterARefresh() {
        apply(1, Note.of("a", "the kettle is blue"), Note.of("b", "a green door"));

        assertThat(keysFound("Kettles?")).containsExactly("a");
    }

    @Test
    void aSnapshotNeverChanges() {
        Note first = Note.of("a", "one");
        apply(1, first);
        index.refresh();
        try (IndexSnapshot before = index.snapshot()) {
            apply(2, Note.of("a", "two"), Note.of("b", "three"));
            index.refresh();

            assertThat(before.position()).isEqualTo(new Position(1));
            assertThat(before.state(first.id())).contains(first.stored().state());
            assertThat(before.scan(Note.vault(1), "", Optional.empty(), 10)).hasSize(1);
        }
    }

    @Test
    void aDeadRecordKeepsItsStateAndIsNeitherScannedNorFound() {
        Note dead = Note.dead(Note.vault(1), "a");
        apply(1, Note.of("a", "the kettle is blue"));
        index.refresh();

        apply(2, dead);

        assertThat(keysFound("kettle")).isEmpty();
        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.state(dead.id())).contains(dead.stored().state());
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10)).isEmpty();
        }
    }

    @Test
    void reopeningGoesBackToTheLastCheckpoint() {
        IndexCheckpoint checkpoint = new IndexCheckpoint(new Position(2), Bytes.ofUtf8("engine"));
        apply(2, Note.of("a", "kept"));
        index.checkpoint(checkpoint);
        apply(3, Note.of("a", "lost"), Note.of("b", "lost too"));
        index.refresh();
        index.awaitCheckpoint();

        reopen();

        assertThat(index.committed()).contains(checkpoint);
        assertThat(RecordIndex.peek(directory, Optional.of(STORE), storage.in(directory)))
                .contains(checkpoint);
        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.position()).isEqualTo(new Position(2));
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10))
                    .containsExactly(Note.of("a", "kept").stored());
        }
    }

    @Test
    void ofCheckpointsThatWaitTheLastIsWritten() {
        for (int i = 1; i <= 50; i++) {
            apply(i, Note.of("key" + i, "text"));
            index.checkpoint(new IndexCheckpoint(new Position(i), Bytes.EMPTY));
        }
        index.awaitCheckpoint();

        reopen();

        assertThat(index.committed().map(IndexCheckpoint::position)).contains(new Position(50));
        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 100)).hasSize(50);
        }
    }

    @Test
    void whatIsNotCheckpointedIsGoneAfterReopening() {
        apply(1, Note.of("a", "text"));
        index.refresh();

        reopen();

        assertThat(index.committed()).isEmpty();
        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.position()).isEqualTo(Position.START);
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10)).isEmpty();
        }
    }

    @Test
    void anEngineStateOfMegabytesComesBack() {
        byte[] large = new byte[5 << 20];
        IntStream.range(0, large.length).forEach(i -> large[i] = (byte) (i * 31));
        IndexCheckpoint checkpoint = new IndexCheckpoint(Position.START, Bytes.adopt(large));

        index.checkpoint(checkpoint);
        index.awaitCheckpoint();
        reopen();

        assertThat(index.committed()).contains(checkpoint);
    }

    @Test
    void scanGoesInTheOrderOfTheKeysBytesFromPageToPage() {
        apply(1, Note.of("b/2", ""), Note.of("b/10", ""), Note.of("a", ""), Note.of("b/é", ""));
        index.refresh();
        apply(2, Note.of("b/1", ""), Note.of("c", ""));

        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.scan(Note.vault(1), "b/", Optional.empty(), 2))
                    .extracting(record -> record.id().key())
                    .containsExactly("b/1", "b/10");
            assertThat(snapshot.scan(Note.vault(1), "b/", Optional.of("b/10"), 10))
                    .extracting(record -> record.id().key())
                    .containsExactly("b/2", "b/é");
        }
    }

    @Test
    void unembeddedTellsWhichLivingRecordsLackAVector() {
        Note lacking = Note.of("a", "text").unembedded("m1").unembedded("m2");
        apply(1, lacking, Note.of("b", "text").unembedded("m1"));
        index.refresh();
        apply(2, Note.of("a", "text").unembedded("m2"), Note.of("c", "text").unembedded("m1"));

        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.unembedded("m1", 10))
                    .extracting(id -> id.key())
                    .containsExactlyInAnyOrder("b", "c");
            assertThat(snapshot.unembedded("m1", 1)).hasSize(1);
            assertThat(snapshot.unembeddedCount("m1")).isEqualTo(2);
            assertThat(snapshot.unembeddedCount("m2")).isEqualTo(1);
            assertThat(snapshot.unembeddedCount("m3")).isZero();
        }
    }

    @Test
    void aHitTellsItsSessionAndWhetherItAsks() {
        apply(
                1,
                Note.of("a", "Where is the kettle? \n").in("s1", 1),
                Note.of("b", "A kettle without session"));

        index.refresh();
        try (IndexSnapshot snapshot = index.snapshot()) {
            List<Candidate> hits = snapshot.search(words("kettle")).text();
            assertThat(hits).hasSize(2);
            assertThat(hits)
                    .anySatisfy(
                            hit -> {
                                assertThat(hit.session()).contains("s1");
                                assertThat(hit.question()).isTrue();
                            })
                    .anySatisfy(
                            hit -> {
                                assertThat(hit.session()).isEmpty();
                                assertThat(hit.question()).isFalse();
                            });
        }
    }

    @Test
    void aSecondOpeningIsRefusedAndHarmless() {
        apply(1, Note.of("a", "text"));

        assertThatThrownBy(() -> open(Note.PROJECTOR))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORE_BUSY));

        assertThat(keysFound("text")).containsExactly("a");
    }

    @Test
    void aFailureToCarryIsToldToWhoeverWritesOrWaits() {
        index.close();
        Projector failing =
                (id, state) -> {
                    throw new IllegalStateException("no projection");
                };
        index = open(failing);
        apply(1, Note.of("a", "text"));

        assertThatThrownBy(() -> index.refresh())
                .isInstanceOfSatisfying(
                        LoamException.class,
                        told -> assertThat(told.code()).isEqualTo(ErrorCode.IO_FAILED));
        assertThatThrownBy(() -> apply(2, Note.of("b", "text"))).isInstanceOf(LoamException.class);
        assertThatThrownBy(() -> index.awaitCheckpoint()).isInstanceOf(LoamException.class);
        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.state(Note.of("a", "").id())).isPresent();
        }
    }

    @Test
    void aWriterFasterThanTheFollowerWaitsAndLosesNothing() {
        index.close();
        Projection bare = Note.of("any", "").projection();
        index = open((id, state) -> bare);
        Bytes mebibyte = Bytes.adopt(new byte[1 << 20]);
        int records = 150;
        for (int i = 1; i <= records; i++) {
            RecordId id = new RecordId(Note.vault(1), "key%03d".formatted(i));
            index.apply(List.of(RecordChange.next(id, mebibyte)), new Position(i));
        }

        try (IndexSnapshot snapshot = index.snapshot()) {
            assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 1_000))
                    .hasSize(records)
                    .allMatch(record -> record.state().equals(mebibyte));
        }
    }

    @Test
    void manyThreadsReadOneSnapshotWhileTheIndexGoesOn() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            apply(i, Note.of("key" + i, "kettle number " + i));
        }
        index.refresh();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        try (IndexSnapshot snapshot = index.snapshot()) {
            List<Thread> readers =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    number ->
                                            Thread.ofPlatform()
                                                    .uncaughtExceptionHandler(
                                                            (thread, failure) ->
                                                                    failures.add(failure))
                                                    .start(() -> readAll(snapshot)))
                            .toList();
            for (int i = 0; i < 200; i++) {
                apply(200 + i, Note.of("key" + i, "changed"));
                if (i % 20 == 0) {
                    index.refresh();
                }
            }
            for (Thread reader : readers) {
                reader.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void readAll(IndexSnapshot snapshot) {
        for (int i = 0; i < 200; i++) {
            Note note = Note.of("key" + i, "kettle number " + i);
            assertThat(snapshot.state(note.id())).contains(note.stored().state());
            assertThat(snapshot.search(words("number " + i)).text().getFirst().id())
                    .isEqualTo(note.id());
        }
    }

    /** A commit forces each of them. */
    @Test
    void aSmallSegmentIsThreeFiles() throws IOException {
        apply(1, Note.of("a", "text").vector(1, 2, 3));
        index.checkpoint(new IndexCheckpoint(new Position(1), Bytes.EMPTY));
        index.awaitCheckpoint();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.equals(IndexSealing.OWN_FILES)))
                    .containsExactlyInAnyOrder(
                            "_0.cfe", "_0.cfs", "_0.si", "segments_1", "write.lock");
        }
    }

    @Test
    void aSnapshotOutlivesItsIndex() {
        Note note = Note.of("a", "text");
        apply(1, note);
        index.refresh();
        IndexSnapshot snapshot = index.snapshot();

        index.close();

        assertThat(snapshot.state(note.id())).isPresent();
        snapshot.close();
        snapshot.close();
        assertThatThrownBy(() -> snapshot.search(words("text"))).isInstanceOf(LoamException.class);
    }

    @Test
    void aClosedIndexSaysSo() {
        index.close();
        index.close();

        assertThatThrownBy(() -> apply(1, Note.of("a", "text")))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        told -> assertThat(told.code()).isEqualTo(ErrorCode.CLOSED));
        assertThatThrownBy(() -> index.snapshot()).isInstanceOf(LoamException.class);
    }
}
