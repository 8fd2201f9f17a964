package dev.loam;

import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final VerifyScope QUICK = new VerifyScope.Quick();

    @TempDir Path store;

    @BeforeEach
    void fill() {
        for (int run = 0; run < 2; run++) {
            try (Loam loam = open(store)) {
                for (int i = 0; i < 5; i++) {
                    loam.vault("main").put(Memory.of("marked" + run + i).key("k" + i));
                }
            }
        }
    }

    private Path segment(int number) {
        return store.resolve("log/%016x".formatted(number));
    }

    private Path frames(int number) {
        return segment(number).resolve("19700101-000001S.cq4");
    }

    private void damage(String text, int segment) throws IOException {
        byte[] content = Files.readAllBytes(frames(segment));
        content[new String(content, StandardCharsets.ISO_8859_1).indexOf(text)] ^= 1;
        Files.write(frames(segment), content);
    }

    @Test
    void aSoundStoreIsSoundInEveryScope() {
        try (Loam loam = open(store)) {
            loam.vault("main").put(Memory.of("in the segment that is being written"));
            assertThat(loam.verify(QUICK, Progress.NONE).damage()).isEmpty();
            assertThat(loam.verify(Progress.NONE).batches()).isEqualTo(12);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            VerifyReport sample = loam.verify(new VerifyScope.Sample(7, 1), Progress.NONE);
            assertThat(sample.batches()).isEqualTo(7);
            assertThat(sample.damage()).isEmpty();
            assertThat(loam.verify(new VerifyScope.Sample(1_000, 1), Progress.NONE).batches())
                    .isEqualTo(12);
        }
    }

    @Test
    void aBatchThatIsLostIsToldAndThoseBehindItAreStillChecked() throws IOException {
        damage("marked02", 1);
        try (Loam loam = open(store)) {
            VerifyReport report = loam.verify(Progress.NONE);
            assertThat(report.batches()).isEqualTo(10);
            assertThat(report.damage()).hasSize(2);
            assertThat(report.damage().get(0)).startsWith("positions 4 to 4");
            assertThat(report.damage().get(1)).contains("batch 5 of its author follows batch 3");
            assertThat(loam.verify(new VerifyScope.Sample(11, 1), Progress.NONE).damage())
                    .hasSize(1);
            assertThat(loam.verify(QUICK, Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void quickFindsWhatLiesBesideTheFrames() throws IOException {
        List<String> found = new ArrayList<>();
        try (Loam loam = open(store)) {
            Files.write(segment(1).resolve("FOOTER"), new byte[10]);
            Files.write(frames(2), new byte[4096]);
            Files.delete(store.resolve("log/MANIFEST"));
            found.addAll(loam.verify(QUICK, Progress.NONE).damage());
        }
        assertThat(found).hasSize(3);
        assertThat(found.get(0)).contains("MANIFEST is missing");
        assertThat(found.get(1)).contains("segment 1").contains("FOOTER");
        assertThat(found.get(2)).contains("segment 2").contains("4096 bytes, not");
    }

    @Test
    void aSegmentThatIsMissingIsTold() throws IOException {
        try (Loam loam = open(store)) {
            Files.delete(frames(1));
            assertThat(loam.verify(QUICK, Progress.NONE).damage())
                    .singleElement()
                    .asString()
                    .contains("segment 1 of the log is missing");
        }
    }

    @Test
    void aSampleOfNothingOrTooMuchIsRefused() {
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> new VerifyScope.Sample(0, 1));
        assertCode(
                ErrorCode.LIMIT_EXCEEDED,
                () -> new VerifyScope.Sample(VerifyScope.SAMPLE_MAX + 1, 1));
    }
}
