package dev.loam.longrun;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes memories until it is killed. For each it prints a line before the call and one after the
 * call has returned, so that whoever reads the lines knows what was sent and what was acknowledged.
 */
public final class KillableWriter {
    static final int THREADS = 4;

    private KillableWriter() {}

    /** Arguments: store directory, number of the round. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Loam loam = Loam.open(Path.of(arguments[0]), LoamOptions.unencrypted());
        for (int thread = 0; thread < THREADS; thread++) {
            String prefix = arguments[1] + "-" + thread + "-";
            Thread.ofPlatform().start(() -> write(loam, prefix, out));
        }
    }

    private static void write(Loam loam, String prefix, PrintStream out) {
        for (int i = 0; ; i++) {
            String key = prefix + i;
            out.println("sent " + key);
            loam.vault("main").put(Memory.of(text(key)).key(key).tag("killed"));
            out.println("done " + key);
        }
    }

    /** What is stored under a key, so that a reader can tell whether it is whole. */
    static String text(String key) {
        return "memory " + key + " " + Integer.toHexString(key.hashCode()).repeat(20);
    }
}
