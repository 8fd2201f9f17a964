package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.longrun.Children;
import dev.loam.longrun.LoopDisk;
import dev.loam.longrun.RawPayloads;
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
import org.junit.jupiter.api.BeforeEach;
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

    @BeforeEach
    void askForLoopDevices() throws IOException {
        Optional<String> obstacle = LoopDisk.obstacle(directory);
        obstacle.ifPresent(why -> System.err.println("skipped: power cut: " + why));
        assumeTrue(obstacle.isEmpty(), () -> "power cut: " + obstacle);
    }

    @Test
    void everythingAcknowledgedIsThereAfterThePowerWasCut() throws Exception {
        Random random = new Random(SEED);
        List<String> wrong = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            int acknowledgements = random.nextInt(1, ACKNOWLEDGEMENTS_MAX + 1);
            cut("run-" + run, "sound", acknowledgements).ifPresent(wrong::add);
        }
        String repeat =
                "./build -Dtest=PowerCutTest -Dsurefire.failIfNoSpecifiedTests=false -pl"
                        + " tests-longrun -am verify -DpowerCuts=%d -Dseed=%d"
                                .formatted(RUNS, SEED);
        System.err.printf(
                "counters: power cut seed=%d cuts=%d violations=%d; repeat: %s%n",
                SEED, RUNS, wrong.size(), repeat);
        assertThat(wrong).as("repeat: %s", repeat).isEmpty();
    }

    @Test
    void logThatForcesNothingIsFoundOut() throws Exception {
        Optional<String> wrong = cut("planted", "forceless", ACKNOWLEDGEMENTS_MAX);
        System.err.println("counters: power cut planted=FORCE_LEFT_OUT found: " + wrong);
        assertThat(wrong).isPresent();
    }

    /** What is wrong afterwards, if anything is. */
    private Optional<String> cut(String name, String how, int acknowledgements) throws Exception {
        Path place = Files.createDirectory(directory.resolve(name));
        Path image = place.resolve("disk.img");
        Path copy = place.resolve("copy.img");
        LoopDisk.format(image, IMAGE_MEBIBYTES);
        int acknowledged;
        try (LoopDisk disk = LoopDisk.mount(image, place.resolve("disk"))) {
            String store = disk.path().resolve("store").toString();
            Process child = Children.start(PowerCutChild.class, store, how);
            acknowledged = write(child, image, copy, acknowledgements);
        }
        try (LoopDisk disk = LoopDisk.mount(copy, place.resolve("copy"))) {
            return verdict(disk.path().resolve("store"), acknowledged)
                    .map(what -> name + ", cut after " + acknowledgements + " answers: " + what);
        } finally {
            Files.delete(image);
            Files.delete(copy);
        }
    }

    private static int write(Process child, Path image, Path copy, int acknowledgements)
            throws Exception {
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

    private static Optional<String> verdict(Path store, int acknowledged) throws IOException {
        LogOptions options = LogOptions.standard(() -> Position.START);
        List<String> expected;
        try (OpLog log = OpLog.open(store, options)) {
            int end = (int) log.end().number();
            if (end < acknowledged || !log.report().damage().isEmpty()) {
                return Optional.of(end + " of " + acknowledged + "; " + log.report());
            }
            expected = new ArrayList<>(payloads(end));
            for (int i = 0; i < AFTERWARDS; i++) {
                expected.add("afterwards " + i);
                log.append(List.of(Bytes.ofUtf8("afterwards " + i)));
            }
        } catch (LoamException refused) {
            return Optional.of("refused: " + refused);
        }
        try (OpLog log = OpLog.open(store, options)) {
            List<String> damage = log.verify((done, total) -> {}).damage();
            if (!damage.isEmpty() || !log.report().cleanlyClosed()) {
                return Optional.of("reopened: " + damage + "; " + log.report());
            }
        }
        RawPayloads raw = RawPayloads.of(store);
        boolean isSame = raw.texts().equals(expected) && raw.faults().isEmpty();
        return isSame
                ? Optional.empty()
                : Optional.of(
                        "the raw scanner finds %d payloads of %d, and %s"
                                .formatted(raw.texts().size(), expected.size(), raw.faults()));
    }

    private static List<String> payloads(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(PowerCutChild::payload).toList();
    }
}
