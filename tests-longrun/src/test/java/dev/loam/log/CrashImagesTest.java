package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever became of pages, lengths and names that were not forced, an answer holds. */
class CrashImagesTest {
    private static final int IMAGES = Integer.getInteger("images", 2_000);
    private static final long SEED = Long.getLong("seed", 20261121);
    private static final int PLANTED_IMAGES_MAX = 2_000;
    private static final int TORN_BYTES_MAX = 24;

    private static final int CHANCES = 4;

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final List<String> violations = new ArrayList<>();
    private int violationsWanted;
    private int images;
    private int stores;
    private int points;
    private int compactions;

    @Test
    void everythingAcknowledgedIsInEveryImageAndSoIsWhatFollows() throws IOException {
        run(RecordingFiles.Plant.NONE, IMAGES, Integer.MAX_VALUE);
        System.err.printf(
                "counters: crash images seed=%d stores=%d compactions=%d points=%d images=%d"
                        + " violations=%d; repeat: %s%n",
                SEED, stores, compactions, points, images, violations.size(), repeat());
        assertThat(violations).as("repeat: %s", repeat()).isEmpty();
        assertThat(images).isGreaterThanOrEqualTo(IMAGES);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedFaultIsFound(RecordingFiles.Plant plant) throws IOException {
        run(plant, PLANTED_IMAGES_MAX, 1);
        System.err.printf(
                "counters: crash images planted=%s found in image=%d: %s%n",
                plant, images, violations);
        assertThat(violations).isNotEmpty();
    }

    private static String repeat() {
        return "./build -Dtest=CrashImagesTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -pl tests-longrun -am verify -Dimages="
                + IMAGES
                + " -Dseed="
                + SEED;
    }

    private void run(RecordingFiles.Plant plant, int wanted, int violationsWanted)
            throws IOException {
        this.violationsWanted = violationsWanted;
        while (images < wanted && violations.size() < violationsWanted) {
            stores++;
            boolean isChronicle = stores % 2 == 0;
            SegmentAppender.Factory appenders =
                    isChronicle ? ChronicleGate.enter(false) : PlainSegment::create;
            Path lives = Files.createDirectories(directory.resolve("store-" + stores));
            CrashWorkload workload =
                    new CrashWorkload(lives, SEED + stores, appenders, plant, this::tryImages);
            workload.run();
            compactions += workload.compactions();
            workload.violation()
                    .ifPresent(what -> violations.add("store %d, %s".formatted(stores, what)));
            delete(lives);
        }
    }

    private void tryImages(CrashWorkload workload, String step) throws IOException {
        if (!Files.isDirectory(workload.disk().root())) {
            return;
        }
        points++;
        DiskState seen = DiskState.seen(workload.disk().root());
        int pageBytes = points % 2 == 0 ? 4096 : 512;
        for (CrashImage.Named fate : CrashImage.Named.values()) {
            judge(workload, step, seen, pageBytes, fate);
        }
        for (int chance = 0; chance < CHANCES; chance++) {
            judge(workload, step, seen, pageBytes, new CrashImage.Chance(workload.random()));
        }
        if (points % 8 == 0 && step.equals("after a frame")) {
            for (int torn = 1; torn <= TORN_BYTES_MAX; torn++) {
                judge(workload, step, seen, 1, new CrashImage.TornAt(torn * points % 120));
            }
        }
    }

    private void judge(
            CrashWorkload workload,
            String step,
            DiskState seen,
            int pageBytes,
            CrashImage.Fate fate)
            throws IOException {
        if (violations.size() >= violationsWanted) {
            return;
        }
        images++;
        Path image = Files.createDirectory(directory.resolve("image-" + images));
        new CrashImage(workload.disk(), seen, pageBytes, fate).write(image.resolve("log"));
        SegmentAppender.Factory appenders =
                images % 8 == 0 ? ChronicleGate.enter(false) : PlainSegment::create;
        ImageJudge.Continuation continuation =
                images % 5 == 0
                        ? ImageJudge.Continuation.APPEND_AND_COMPACT
                        : ImageJudge.Continuation.APPEND;
        Optional<String> wrong =
                new ImageJudge(appenders, continuation).verdict(image, workload.ledger());
        wrong.ifPresent(
                what ->
                        violations.add(
                                "store %d, image %d, %s, pages of %d, %s: %s"
                                        .formatted(stores, images, step, pageBytes, fate, what)));
        delete(image);
    }

    private static void delete(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
