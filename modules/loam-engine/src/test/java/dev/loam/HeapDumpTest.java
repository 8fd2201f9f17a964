package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of keys that were used and closed nothing is left where a heap dump, or a crash, would put it.
 */
class HeapDumpTest {
    static final String KEPT = "5a3c96c3a55a3c96c3a55a3c96c3a5ff";

    /** So much of a key is a key: whatever lies around it. */
    private static final int KNOWN_BYTES = 16;

    @TempDir Path directory;

    @Test
    void noKeyIsLeftInTheHeapOfAProcessThatHasClosedItsStore() throws Exception {
        Path home =
                Files.createDirectory(
                        directory.resolve("home"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path store = directory.resolve("store");
        Path dump = directory.resolve("heap.hprof");
        Map<String, Bytes> sought = new HashMap<>();
        try (Secret key = Secret.random(new SecureRandom(), Suite.KEY_BYTES)) {
            sought.put("the key of the slot", key.with(Bytes::copyOf));
            KeyOnDisk.create(home.resolve("key"), key);
        }
        Process child =
                ChildJvm.start(
                        HeapDumpChild.class,
                        store.toString(),
                        home.resolve("key").toString(),
                        dump.toString());
        assertThat(child.inputReader().readLine()).isEqualTo("16");
        assertThat(child.waitFor()).isZero();
        sought.put(
                "its text",
                Bytes.ofUtf8(Files.readString(home.resolve("key")).strip().substring(9)));
        addKeysOf(store, home.resolve("key"), sought);

        byte[] heap = Files.readAllBytes(dump);

        assertThat(isIn(Bytes.fromHex(KEPT), heap)).as("what was kept on purpose").isTrue();
        sought.forEach((what, key) -> assertThat(isIn(key, heap)).as(what).isFalse());
    }

    private static void addKeysOf(Path store, Path key, Map<String, Bytes> sought)
            throws IOException {
        Environment environment = new Environment(InstantSource.system());
        try (KeySource source = KeySource.keyFile(key);
                StoreKeys keys = StoreKeys.unlock(store, Encryption.by(source), environment)) {
            for (Bytes id : keys.look(KeyTable::ids)) {
                try (Secret each = keys.key(id).orElseThrow()) {
                    sought.put("the key " + id.toHex(), each.with(Bytes::copyOf));
                }
            }
            sought.put("the table key", keys.index().tableKey().with(Bytes::copyOf));
        }
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
