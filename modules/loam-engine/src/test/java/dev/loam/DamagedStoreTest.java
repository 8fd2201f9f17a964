package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose log is damaged opens, gives what is whole, and says what is not. */
class DamagedStoreTest {
    private static final int RUNS = 3;
    private static final int PER_RUN = 20;
    private static final int MEMORIES = RUNS * PER_RUN;
    private static final int VICTIM = 37;

    @TempDir Path directory;

    private Path store;
    private String digest = "";

    @BeforeEach
    void fillThreeSegments() {
        store = directory.resolve("store");
        for (int run = 0; run < RUNS; run++) {
            try (Loam loam = open(store)) {
                for (int i = run * PER_RUN; i < (run + 1) * PER_RUN; i++) {
                    loam.vault("main").put(Memory.of(text(i)).key(key(i)));
                }
                digest = loam.digest();
            }
        }
    }

    private static String key(int number) {
        return "key-%02d".formatted(number);
    }

    private static String text(int number) {
        return "memory number %02d of its kind".formatted(number);
    }

    private Path segment(int number) {
        return store.resolve("log").resolve("%016x".formatted(number));
    }

    private Path frames(int number) {
        return segment(number).resolve("19700101-000001S.cq4");
    }

    private static void flip(Path file, int offset) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[offset] ^= 1;
        Files.write(file, content);
    }

    /** In the text of the memory that is to be damaged. */
    private void damageVictim() throws IOException {
        Path file = frames(2);
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = content.indexOf(text(VICTIM));
        assertThat(at).isPositive();
        flip(file, at);
    }

    private void deleteIndex() throws IOException {
        delete(store.resolve("index"));
    }

    private static void delete(Path tree) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(tree)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    private static void assertWhole(Loam loam) {
        for (int i = 0; i < MEMORIES; i++) {
            assertThat(loam.vault("main").get(key(i)).map(Memory::text)).contains(text(i));
        }
    }

    @Test
    void stateThatTheIndexHoldsIsWholeAndWritesGoOn() throws IOException {
        damageVictim();
        try (Loam loam = open(store)) {
            assertWhole(loam);
            assertThat(loam.digest()).isEqualTo(digest);
            loam.vault("main").put(Memory.of("goes on").key("z"));
            assertThat(loam.vault("main").get("z")).isPresent();
            assertThat(loam.verify(Progress.NONE).damage()).isNotEmpty();
            // What replaces the log must be made from the log alone.
            assertCode(
                    ErrorCode.CORRUPT,
                    () -> loam.compact(CompactOptions.aggressive(), Progress.NONE));
            assertThat(loam.vault("main").get("z")).isPresent();
        }
    }

    @Test
    void withoutAnIndexTheRestIsReadAndWritesAreRefused() throws IOException {
        damageVictim();
        deleteIndex();
        // What the first opening told, the second one tells too: nothing of it is put right.
        for (int opening = 0; opening < 2; opening++) {
            try (Loam loam = open(store)) {
                for (int i = 0; i < VICTIM; i++) {
                    assertThat(loam.vault("main").get(key(i)).map(Memory::text)).contains(text(i));
                }
                assertThat(loam.vault("main").get(key(VICTIM))).isEmpty();
                assertThat(loam.openReport().notes()).anyMatch(note -> note.contains("are lost"));
                assertCode(
                        ErrorCode.READ_ONLY,
                        () -> loam.vault("main").put(Memory.of("refused").key("z")));
                assertThat(loam.vault("main").get("z")).isEmpty();
                assertThat(loam.verify(Progress.NONE).damage()).isNotEmpty();
            }
        }
    }

    @Test
    void missingSegmentIsNamedAndTheRestIsRead() throws IOException {
        delete(segment(2));
        deleteIndex();
        try (Loam loam = open(store)) {
            for (int i = 0; i < PER_RUN; i++) {
                assertThat(loam.vault("main").get(key(i)).map(Memory::text)).contains(text(i));
            }
            assertThat(loam.openReport().notes()).anyMatch(note -> note.startsWith("CORRUPT"));
            assertCode(
                    ErrorCode.READ_ONLY,
                    () -> loam.vault("main").put(Memory.of("refused").key("z")));
        }
    }

    @Test
    void listsAndFootersAreMadeAgainFromTheFrames() throws IOException {
        for (Path derived : List.of(store.resolve("log/MANIFEST"), segment(1).resolve("FOOTER"))) {
            flip(derived, 60);
            try (Loam loam = open(store)) {
                assertWhole(loam);
                assertThat(loam.digest()).isEqualTo(digest);
                assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            }
        }
    }
}
