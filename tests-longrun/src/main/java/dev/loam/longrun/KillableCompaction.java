package dev.loam.longrun;

import dev.loam.CompactOptions;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.Vault;
import java.nio.file.Path;

/**
 * Rewrites a few memories for ever while the log is compacted again and again, until it is killed.
 */
public final class KillableCompaction {
    /** So many keys are written in turn. */
    public static final int KEYS = 40;

    private KillableCompaction() {}

    /**
     * Arguments: store directory; the number of the first write. Prints "ack N" for each write N,
     * which gives the memory "k" + N % {@value #KEYS} the text "write N", and "compacted" for each
     * compaction.
     */
    public static void main(String[] arguments) {
        try (Loam loam = Loam.open(Path.of(arguments[0]), LoamOptions.unencrypted())) {
            Thread.ofPlatform().daemon().start(() -> compact(loam));
            Vault vault = loam.vault("main");
            for (long write = Long.parseLong(arguments[1]); ; write++) {
                vault.put(Memory.of("write " + write).key("k" + write % KEYS));
                System.out.println("ack " + write);
            }
        }
    }

    private static void compact(Loam loam) {
        while (true) {
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            System.out.println("compacted");
        }
    }
}
