package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.AuditReport;
import dev.loam.Encryption;
import dev.loam.KeySource;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.RebuildReport;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever became of one byte of an encrypted store, a memory is returned as it was, or the damage
 * is named. Of the bytes of all files each {@code -Dloam.rot.step}th is turned; with 1, each.
 */
class SealedStoreRotTest {
    private static final int STEP = Integer.getInteger("loam.rot.step", 151);
    private static final int LANES = 2;
    private static final Set<ErrorCode> NAMED =
            EnumSet.of(ErrorCode.CORRUPT, ErrorCode.TAMPERED, ErrorCode.FORMAT_VERSION);

    private static final Map<String, String> TEXTS =
            Map.of("a", "a canary sings", "b", "at dawn", "c", "to nobody", "d", "in the cage");

    private record Turn(Path file, int offset) {}

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private static LoamOptions options() {
        return LoamOptions.unencrypted()
                .encryption(
                        Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES]))
                                .allowDirectKey());
    }

    private static void fill(Path store) {
        try (Loam loam = Loam.open(store, options())) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("before").key("a"));
            vault.put(Memory.of("deleted").key("z"));
            TEXTS.forEach((key, text) -> vault.put(Memory.of(text).key(key).tag("caged")));
            vault.delete("z");
        }
    }

    @Test
    void oneTurnedByteIsNamedOrHarmless() throws Exception {
        Path whole = directory.resolve("whole");
        fill(whole);
        List<Turn> turns = turns(whole);
        List<Callable<Map<String, Integer>>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int first = lane;
            lanes.add(() -> sweep(whole, directory.resolve("lane-" + first), turns, first));
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
            for (Future<Map<String, Integer>> each : threads.invokeAll(lanes)) {
                each.get().forEach((what, count) -> outcomes.merge(what, count, Integer::sum));
            }
        }
        System.err.printf("counters: rot of a sealed store step=%d %s%n", STEP, outcomes);
        assertThat(outcomes).containsKey("harmless");
    }

    private static List<Turn> turns(Path store) throws IOException {
        List<Turn> turns = new ArrayList<>();
        int passed = 0;
        for (Path file : files(store)) {
            if (file.endsWith(Reserve.FILE_NAME)) {
                continue;
            }
            byte[] content = Files.readAllBytes(file);
            for (int offset = 0; offset < content.length; offset++) {
                if (passed++ % STEP == 0) {
                    turns.add(new Turn(store.relativize(file), offset));
                }
            }
        }
        return turns;
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Map<String, Integer> sweep(Path whole, Path place, List<Turn> turns, int first)
            throws IOException {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = first; i < turns.size(); i += LANES) {
            Turn turn = turns.get(i);
            Trees.copy(whole, place);
            // It holds nothing, and each opening would make it anew, of 16 MiB.
            Files.createLink(place.resolve(Reserve.FILE_NAME), whole.resolve(Reserve.FILE_NAME));
            Path file = place.resolve(turn.file());
            byte[] content = Files.readAllBytes(file);
            content[turn.offset()] ^= (byte) (1 << (i % Byte.SIZE));
            Files.write(file, content);
            try {
                outcomes.merge(outcome(place), 1, Integer::sum);
            } catch (LoamException | AssertionError wrong) {
                throw new AssertionError("after " + turn + ", bit " + i % Byte.SIZE, wrong);
            }
            Trees.delete(place);
        }
        return outcomes;
    }

    /** The index may still have what the log has lost, and nobody would be told. */
    private static void rebuild(Loam loam) {
        try {
            RebuildReport report = loam.rebuild(Progress.NONE);
            assertThat(report.digestAfter()).isEqualTo(report.digestBefore());
        } catch (LoamException refused) {
            throw new AssertionError("verify found it sound", refused);
        }
    }

    private static String outcome(Path store) {
        try (Loam loam = Loam.open(store, options())) {
            boolean isDamaged = !loam.verify(Progress.NONE).damage().isEmpty();
            if (!isDamaged) {
                rebuild(loam);
            }
            Vault vault = loam.vault("main");
            TEXTS.forEach(
                    (key, text) -> {
                        Optional<String> found = vault.get(key).map(Memory::text);
                        if (!isDamaged || found.isPresent()) {
                            assertThat(found).contains(text);
                        }
                    });
            assertThat(vault.get("z")).isEmpty();
            vault.recall("canary dawn", 5);
            AuditReport trail = loam.audit().verify(Optional.empty());
            boolean isTold = isDamaged || !trail.damage().isEmpty();
            return isTold ? "told by verify" : "harmless";
        } catch (LoamException refused) {
            assertThat(refused.code()).isIn(NAMED);
            return refused.code().toString();
        }
    }
}
