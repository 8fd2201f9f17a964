package dev.loam;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A process of its own that uses a sealed store, and dumps what its heap holds: all that was not
 * collected, while the store is open and when it is closed.
 */
final class HeapDumpChild {
    /** Something that is there, so that not finding the keys says something. */
    private static final byte[] KEPT = HexFormat.of().parseHex(HeapDumpTest.KEPT);

    private HeapDumpChild() {}

    /**
     * Arguments: a {@link HeapDumpTest.Way}, store directory, key file, directory for dumps. What
     * is no file comes over stdin, as often as the store is opened.
     */
    public static void main(String[] arguments) throws Exception {
        HeapDumpTest.Way way = HeapDumpTest.Way.valueOf(arguments[0]);
        Path store = Path.of(arguments[1]);
        Path keyFile = Path.of(arguments[2]);
        Path dumps = Path.of(arguments[3]);
        try (KeySource source = source(way, keyFile);
                Loam loam = Loam.open(store, options(source))) {
            Vault vault = loam.vault("main");
            vault.put(Memory.of("a text").key("a"));
            vault.recall("text", 1);
            vault.history("a");
            loam.compact(CompactOptions.resealing(), Progress.NONE);
        }
        // What follows is little, and none of it is collected before it is dumped.
        System.gc();
        try (KeySource source = source(way, keyFile);
                Loam loam = Loam.open(store, options(source))) {
            loam.vault("main").put(Memory.of("another text").key("b"));
            loam.keys().addRecoveryCode().close();
            dump(dumps.resolve("open"));
        }
        dump(dumps.resolve("closed"));
        System.out.println(KEPT.length);
    }

    private static LoamOptions options(KeySource source) {
        return LoamOptions.unencrypted().encryption(Encryption.by(source).allowDirectKey());
    }

    private static KeySource source(HeapDumpTest.Way way, Path keyFile) throws IOException {
        return switch (way) {
            case KEY_FILE -> KeySource.keyFile(keyFile);
            case DIRECT -> KeySource.direct(given());
            case PASSPHRASE -> {
                byte[] given = given();
                char[] typed = new char[given.length];
                for (int i = 0; i < given.length; i++) {
                    typed[i] = (char) given[i];
                    given[i] = 0;
                }
                yield KeySource.passphrase(typed, HeapDumpTest.COST);
            }
        };
    }

    /** Not by {@code System.in}, which keeps what it has read. */
    private static byte[] given() throws IOException {
        byte[] given = new byte[HeapDumpTest.SECRET_BYTES];
        FileInputStream stdin = new FileInputStream(FileDescriptor.in);
        for (int size = 0; size < given.length; size++) {
            given[size] = (byte) stdin.read();
        }
        return given;
    }

    private static void dump(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(file + ".hprof", false);
    }
}
