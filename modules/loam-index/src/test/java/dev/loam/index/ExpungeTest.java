package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was replaced is in no file of the index once a checkpoint was to expunge it. */
class ExpungeTest {
    private static final int ROUNDS = 100;

    private static List<String> filesWith(String word, Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                byte[] content = Files.readAllBytes(file);
                if (new String(content, StandardCharsets.ISO_8859_1).contains(word)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        return found;
    }

    /** What so much of is replaced is worth a merge by itself, which is then under way. */
    @Test
    void ofWhatIsBeingMergedAnyway() throws IOException {
        try (Workbench bench = new Workbench()) {
            for (int round = 0; round < ROUNDS; round++) {
                String word = "wordofround" + round + "only";
                bench.carry(
                        List.of(
                                Note.of("beside", "anything of " + round),
                                Note.of("replaced", word)));
                bench.checkpoint();
                assertThat(filesWith(word, bench.directory())).isNotEmpty();
                bench.carry(List.of(Note.dead(Note.vault(1), "replaced")));
                bench.index().expungeWithNextCheckpoint();
                bench.checkpoint();
                assertThat(filesWith(word, bench.directory())).as("round %d", round).isEmpty();
            }
        }
    }
}
