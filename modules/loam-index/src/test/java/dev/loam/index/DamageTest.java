package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class DamageTest {
    private static final StoreId STORE = Workbench.STORE;

    private final Storage storage;

    @TempDir Path temporary;
    private Path whole;

    DamageTest(Storage storage) {
        this.storage = storage;
    }

    @BeforeEach
    void makeAnIndex() {
        whole = temporary.resolve("whole");
        try (RecordIndex index = open(whole, STORE)) {
            // One segment in files of its own, two of three files each.
            index.beginLoading();
            for (int i = 1; i <= 3; i++) {
                for (int j = 0; j < 20; j++) {
                    Note note =
                            Note.of("key" + i + j, "text " + i + " of " + j)
                                    .in("session" + i, j)
                                    .tag("tag")
                                    .at(j)
                                    .vector(i, j, 1);
                    index.apply(List.of(note.change()), new Position(i));
                }
                index.checkpoint(new IndexCheckpoint(new Position(i), Bytes.ofUtf8("state")));
                index.awaitCheckpoint();
                index.endLoading();
            }
        }
    }

    @Test
    void anIndexWithAnyFileCutFlippedOrMissingIsEmptied() throws IOException {
        List<Path> files =
                filesOf(whole).stream()
                        .filter(file -> !file.endsWith(IndexSealing.OWN_FILES))
                        .toList();
        assertThat(files).hasSizeGreaterThan(20);
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            List<byte[]> damaged = new ArrayList<>();
            damaged.add(Arrays.copyOf(content, content.length / 2));
            damaged.add(Arrays.copyOf(content, content.length - 1));
            damaged.add(new byte[0]);
            for (int part = 0; part < 4; part++) {
                byte[] flipped = content.clone();
                flipped[part * (content.length - 1) / 3] ^= 0x10;
                damaged.add(flipped);
            }
            for (byte[] replacement : damaged) {
                Path copy = copy();
                Files.write(copy.resolve(file.getFileName()), replacement);
                assertEmptiedAndUsable(copy);
            }
            Path copy = copy();
            Files.delete(copy.resolve(file.getFileName()));
            assertEmptiedAndUsable(copy);
        }
    }

    @Test
    void anotherStoresIndexIsEmptied() {
        StoreId other = new StoreId(Note.vault(5).bytes());

        assertThat(peek(whole, Optional.of(other))).isEmpty();
        assertThat(peek(whole, Optional.empty())).isPresent();
        try (RecordIndex index = open(whole, other)) {
            assertThat(index.committed()).isEmpty();
        }
        assertThat(peek(whole, Optional.of(STORE))).isEmpty();
    }

    @Test
    void anIndexOfAnotherVersionIsEmptied() throws IOException {
        for (String versioned : List.of("schema", "analyzer")) {
            Path copy = copy();
            try (Directory lucene = new IndexFiles(copy, storage.in(copy)).open();
                    IndexWriter writer = new IndexWriter(lucene, new IndexWriterConfig())) {
                TreeMap<String, String> data = new TreeMap<>();
                writer.getLiveCommitData()
                        .forEach(each -> data.put(each.getKey(), each.getValue()));
                assertThat(data.replace(versioned, "another")).isNotNull();
                writer.setLiveCommitData(data.entrySet());
            }

            assertThat(peek(copy, Optional.of(STORE))).isPresent();
            assertEmptiedAndUsable(copy);
        }
    }

    @Test
    void aDirectoryOfRubbishIsEmptied() throws IOException {
        Path rubbish = temporary.resolve("rubbish");
        Files.createDirectories(rubbish.resolve("sub/write.lock"));
        Files.writeString(rubbish.resolve("segments_1"), "rubbish");
        Files.writeString(rubbish.resolve("segments_?"), "rubbish");
        Files.writeString(rubbish.resolve("note.txt"), "rubbish");

        assertThat(peek(rubbish, Optional.empty())).isEmpty();
        assertEmptiedAndUsable(rubbish);
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsReplaced() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "rubbish");

        assertThat(peek(file, Optional.empty())).isEmpty();
        assertEmptiedAndUsable(file);
    }

    @Test
    void anAbsentDirectoryIsMade() {
        Path absent = temporary.resolve("a/b");

        assertThat(peek(absent, Optional.empty())).isEmpty();
        assertEmptiedAndUsable(absent);
    }

    @Test
    void whatAKilledProcessLeftIsNoDamage() throws IOException {
        Path copy;
        try (RecordIndex index = open(whole, STORE)) {
            index.apply(List.of(Note.of("late", "text").change()), new Position(9));
            index.refresh();
            copy = copy();
        }
        Files.write(copy.resolve("_zz.si"), new byte[10]);
        Files.write(copy.resolve("pending_segments_zz"), new byte[10]);

        try (RecordIndex index = open(copy, STORE)) {
            assertThat(index.committed().map(IndexCheckpoint::position)).contains(new Position(3));
        }
    }

    private RecordIndex open(Path directory, StoreId store) {
        return RecordIndex.open(directory, store, Note.PROJECTOR, storage.in(directory));
    }

    private Optional<IndexCheckpoint> peek(Path directory, Optional<StoreId> store) {
        return RecordIndex.peek(directory, store, storage.in(directory));
    }

    private void assertEmptiedAndUsable(Path directory) {
        try (RecordIndex index = open(directory, STORE)) {
            assertThat(index.committed()).as(directory.toString()).isEmpty();
            index.apply(List.of(Note.of("a", "kettle").change()), new Position(1));
            index.refresh();
            try (IndexSnapshot snapshot = index.snapshot()) {
                assertThat(snapshot.scan(Note.vault(1), "", Optional.empty(), 10)).hasSize(1);
            }
        }
    }

    private Path copy() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        for (Path file : filesOf(whole)) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
        }
    }
}
