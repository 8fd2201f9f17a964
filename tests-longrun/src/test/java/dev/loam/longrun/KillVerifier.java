package dev.loam.longrun;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Page;
import dev.loam.Progress;
import dev.loam.Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A process of its own that compares a killed writer's store with what the writer was heard to say:
 * first by the raw scanner, before anybody opened the store, then through the engine. It then
 * writes on, and opens twice more. Prints the lines of its own writes, and last a line "verified",
 * or one for each fault and a line "refuted".
 */
final class KillVerifier {
    private final Path store;
    private final Oracle oracle;
    private final List<String> faults = new ArrayList<>();

    private KillVerifier(Path store, Oracle oracle) {
        this.store = store;
        this.oracle = oracle;
    }

    /** For each line "STORE HEARD ROUND AFTERWARDS" of its input it verifies once. */
    public static void main(String[] none) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ");
            Oracle oracle = Oracle.of(Files.readAllLines(Path.of(words[1])));
            KillVerifier verifier = new KillVerifier(Path.of(words[0]), oracle);
            verifier.verify(words[2], Integer.parseInt(words[3]));
            verifier.faults.stream()
                    .limit(20)
                    .forEach(fault -> System.out.println("fault: " + fault));
            System.out.println(verifier.faults.isEmpty() ? "verified" : "refuted");
        }
    }

    private void verify(String round, int afterwards) throws IOException {
        List<RawLog.Entry> killed = RawLog.of(store).entries();
        List<String> keys = oracle.judge(killed, faults);
        String digest = compareAndContinue(new HashSet<>(keys), round, afterwards);
        for (int reopening = 0; reopening < 2; reopening++) {
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                check(loam.openReport().cleanlyClosed(), "the store was not closed cleanly");
                check(loam.digest().equals(digest), "a reopening changed the digest");
                check(loam.verify(Progress.NONE).damage().isEmpty(), "verify names damage");
            }
        }
        RawLog closed = RawLog.of(store);
        faults.addAll(closed.faults());
        oracle.judge(closed.entries(), faults);
        check(closed.entries().size() >= killed.size(), "the log became shorter");
        for (int i = 0; i < Math.min(killed.size(), closed.entries().size()); i++) {
            String before = killed.get(i).latin1();
            check(
                    before.equals(closed.entries().get(i).latin1()),
                    "position " + (i + 1) + " changed");
        }
    }

    private String compareAndContinue(HashSet<String> logged, String round, int afterwards) {
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            HashSet<String> visible = new HashSet<>();
            for (Memory memory : all(vault)) {
                visible.add(memory.key());
                check(
                        memory.text().equals(KillableWriter.text(memory.key())),
                        memory.key() + " reads otherwise");
            }
            check(visible.equals(logged), "the engine and the raw scanner see different keys");
            check(visible.containsAll(oracle.acknowledged()), "an acknowledged key is invisible");
            for (int i = 0; i < afterwards; i++) {
                String key = round + "-after-" + i;
                say("sent " + key);
                vault.put(Memory.of(KillableWriter.text(key)).key(key));
                say("done " + key);
            }
            return loam.digest();
        }
    }

    private void say(String line) {
        oracle.note(line);
        System.out.println(line);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
        }
    }

    private static List<Memory> all(Vault vault) {
        List<Memory> memories = new ArrayList<>();
        Optional<Page.Cursor> cursor = Optional.empty();
        do {
            Page page = vault.scan("", 1_000, cursor);
            memories.addAll(page.memories());
            cursor = page.next();
        } while (cursor.isPresent());
        return memories;
    }
}
