package dev.loam.longrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.log.LogOptions;
import dev.loam.log.OpLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An answer holds on a real file system whose power is cut: its backing file is copied while the
 * writer waits behind an answer, so the copy has what had reached the disk by then.
 */
class PowerCutTest {
    private static final int RUNS = Integer.getInteger("powerCuts", 10);
    private static final long SEED = Long.getLong("seed", 20261121);
    private static final int IMAGE_MEBIBYTES = 48;
    private static final int ACKNOWLEDGEMENTS_MAX = 60;
    private static final int AFTERWARDS = 30;

    @TempDir Path directory;

    @Test
    void everythingAcknowledgedIsThereAfterThePowerWasCut() throws Exception {
        Optional<String> obstacle = LoopDisk.obstacle(directory);
        obstacle.ifPresent(why -> System.err.println("skipped: power cut: " + why));
        assumeTrue(obstacle.isEmpty(), () -> "power cut: " + obstacle);
        Random random = new Random(SEED);
        int acknowledged = 0;
        for (int run = 0; run < RUNS; run++) {
            Path place = Files.createDirectory(directory.resolve("run-" + run));
            acknowledged += cut(place, random.nextInt(1, ACKNOWLEDGEMENTS_MAX + 1));
        }
        System.err.printf(
                "counters: power cut seed=%d cuts=%d acknowledged=%d lost=0; repeat: ./build"
                        + " -Dtest=PowerCutTest -Dsurefire.failIfNoSpecifiedTests=false -pl"
                        + " tests-longrun -am verify -DpowerCuts=%d -Dseed=%d%n",
                SEED, RUNS, acknowledged, RUNS, SEED);
    }

    private static int cut(Path place, int acknowledgements) throws Exception {
        Path image = place.resolve("disk.img");
        Path copy = place.resolve("copy.img");
        LoopDisk.format(image, IMAGE_MEBIBYTES);
        int acknowledged;
        try (LoopDisk disk = LoopDisk.mount(image, place.resolve("disk"))) {
            acknowledged = write(disk.path().resolve("store"), image, copy, acknowledgements);
        }
        try (LoopDisk disk = LoopDisk.mount(copy, place.resolve("copy"))) {
            verify(disk.path().resolve("store"), acknowledged, acknowledgements);
        }
        Files.delete(image);
        Files.delete(copy);
        return acknowledged;
    }

    private static int write(Path store, Path image, Path copy, int acknowledgements)
            throws Exception {
        Process child = Children.start(PowerCutChild.class, store.toString());
        int acknowledged = 0;
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8);
                OutputStream goOn = child.getOutputStream()) {
            for (int i = 1; i <= acknowledgements; i++) {
                String line = lines.readLine();
                assertThat(line).startsWith("ack ");
                acknowledged = Integer.parseInt(line.substring("ack ".length()));
                if (i == acknowledgements) {
                    Files.copy(image, copy);
                    break;
                }
                goOn.write('\n');
                goOn.flush();
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return acknowledged;
    }

    private static void verify(Path store, int acknowledged, int run) throws IOException {
        List<String> expected = new ArrayList<>(payloads(acknowledged));
        LogOptions options = LogOptions.standard(() -> Position.START);
        try (OpLog log = OpLog.open(store, options)) {
            assertThat(log.report().damage()).as("cut after %d answers", run).isEmpty();
            assertThat(log.end().number()).isGreaterThanOrEqualTo(acknowledged);
            expected = new ArrayList<>(payloads((int) log.end().number()));
            for (int i = 0; i < AFTERWARDS; i++) {
                expected.add("afterwards " + i);
                log.append(List.of(Bytes.ofUtf8("afterwards " + i)));
            }
        }
        try (OpLog log = OpLog.open(store, options)) {
            assertThat(log.report().cleanlyClosed()).isTrue();
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
        RawPayloads raw = RawPayloads.of(store);
        assertThat(raw.faults()).isEmpty();
        assertThat(raw.texts().equals(expected))
                .as("%d payloads, %d expected", raw.texts().size(), expected.size())
                .isTrue();
    }

    private static List<String> payloads(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(PowerCutChild::payload).toList();
    }
}
