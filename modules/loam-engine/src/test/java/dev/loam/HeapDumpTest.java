package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.MasterKey;
import dev.loam.crypto.PassphraseCost;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of keys nothing is left where a heap dump, or a crash, would put it: not among what is still
 * used, nor among what waits for the collector.
 */
class HeapDumpTest {
    static final String KEPT = "5a3c96c3a55a3c96c3a55a3c96c3a5ff";
    static final int SECRET_BYTES = Suite.KEY_BYTES;
    static final PassphraseCost COST = PassphraseCost.FLOOR;

    /** So much of a key is a key: whatever lies around it. */
    private static final int KNOWN_BYTES = 16;

    /** Where the key comes from. */
    enum Way {
        KEY_FILE,
        DIRECT,
        PASSPHRASE
    }

    @TempDir Path directory;

    private Path store;
    private Path keyFile;
    private Bytes secret = Bytes.EMPTY;
    private final Map<String, Bytes> sought = new HashMap<>();

    @BeforeEach
    void makeKey() throws IOException {
        store = directory.resolve("store");
        Path home =
                Files.createDirectory(
                        directory.resolve("home"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        keyFile = home.resolve("key");
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        for (int i = 0; i < random.length; i++) {
            random[i] = (byte) ('a' + Math.floorMod(random[i], 26));
        }
        secret = Bytes.adopt(random);
        try (Secret key = Secret.take(secret.toArray())) {
            KeyOnDisk.create(keyFile, key);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noKeyIsLeftInTheHeapOfAProcessThatHasClosedItsStore(Way way) throws Exception {
        dumpHeaps(way);

        assertThat(found("closed")).containsExactly("what was kept on purpose");
    }

    @ParameterizedTest
    @EnumSource
    void whileTheStoreIsOpenOnlyTheKeyOfTheSegmentThatIsWrittenIsInTheHeap(Way way)
            throws Exception {
        dumpHeaps(way);

        Set<String> found = found("open");
        found.removeIf(what -> what.startsWith("the key of segment"));
        assertThat(found).containsExactly("what was kept on purpose");
    }

    private void dumpHeaps(Way way) throws Exception {
        Process child =
                ChildJvm.start(
                        HeapDumpChild.class,
                        way.name(),
                        store.toString(),
                        keyFile.toString(),
                        directory.toString());
        try (OutputStream stdin = child.getOutputStream()) {
            stdin.write(secret.toArray());
            stdin.write(secret.toArray());
        }
        assertThat(child.inputReader().readLine()).isEqualTo("16");
        assertThat(child.waitFor()).isZero();
        sought.put("what was kept on purpose", Bytes.fromHex(KEPT));
        sought.put("the secret of the slot", secret);
        sought.put("its text", Bytes.ofUtf8(Files.readString(keyFile).strip().substring(9)));
        addKeys(way);
    }

    private void addKeys(Way way) {
        try (KeySource source = source(way)) {
            Encryption encryption = Encryption.by(source).allowDirectKey();
            try (MasterKey master = StoreKeys.unlock(StoreKeys.keyFile(store), encryption)) {
                sought.put("the table key", master.tableKey().with(Bytes::copyOf));
            }
            Environment environment = new Environment(InstantSource.system());
            try (StoreKeys keys = StoreKeys.unlock(store, encryption, environment)) {
                for (Bytes id : keys.look(KeyTable::ids)) {
                    try (Secret each = keys.key(id).orElseThrow()) {
                        boolean lasts = id.toHex().startsWith("0".repeat(30));
                        sought.put(
                                (lasts ? "the lasting key " : "the key of segment ") + id.toHex(),
                                each.with(Bytes::copyOf));
                    }
                }
            }
        }
        assertThat(sought).hasSizeGreaterThan(5);
    }

    private KeySource source(Way way) {
        return switch (way) {
            case KEY_FILE -> KeySource.keyFile(keyFile);
            case DIRECT -> KeySource.direct(secret.toArray());
            case PASSPHRASE -> KeySource.passphrase(secret.toUtf8().toCharArray(), COST);
        };
    }

    private Set<String> found(String dump) throws IOException {
        byte[] heap = Files.readAllBytes(directory.resolve(dump + ".hprof"));
        Set<String> found = new HashSet<>();
        sought.forEach(
                (what, key) -> {
                    if (isIn(key, heap)) {
                        found.add(what);
                    }
                });
        return found;
    }

    private static boolean isIn(Bytes sought, byte[] heap) {
        byte[] form = sought.slice(0, Math.min(KNOWN_BYTES, sought.size())).toArray();
        int last = heap.length - form.length;
        for (int at = 0; at <= last; at++) {
            int same = 0;
            while (same < form.length && heap[at + same] == form[same]) {
                same++;
            }
            if (same == form.length) {
                return true;
            }
        }
        return false;
    }
}
