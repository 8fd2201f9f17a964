package dev.loam;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A process of its own that uses a sealed store, closes it, and dumps what its heap still holds.
 */
final class HeapDumpChild {
    /** Something that is there, so that not finding the keys says something. */
    private static final byte[] KEPT = HexFormat.of().parseHex(HeapDumpTest.KEPT);

    private HeapDumpChild() {}

    /** Arguments: store directory, key file, dump. */
    public static void main(String[] arguments) throws Exception {
        Path store = Path.of(arguments[0]);
        try (KeySource source = KeySource.keyFile(Path.of(arguments[1]));
                Loam loam = Loam.open(store, LoamOptions.encrypted(source))) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("a text").key("a"));
            vault.recall("text", 1);
            vault.history("a");
            loam.compact(CompactOptions.resealing(), Progress.NONE);
            vault.put(Memory.of("another text").key("b"));
        }
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(arguments[2], true);
        System.out.println(KEPT.length);
    }
}
