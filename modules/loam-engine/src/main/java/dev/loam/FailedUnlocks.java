package dev.loam;

import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When wrong keys were tried, in the file {@code audit/wrong-keys}: 8 bytes each, in clear, since
 * whoever has no key cannot seal. The next one who has the right key moves it into the trail. Any
 * thread that holds the store's lock.
 *
 * <p>It tells the owner of somebody who tried keys through Loam, and hinders nobody: who can delete
 * this file can guess without Loam as well. A file that cannot be written is no reason to fail.
 */
final class FailedUnlocks {
    /** More are not counted. */
    static final int COUNT_MAX = 1_000;

    private static final String NAME = "wrong-keys";

    private final Path directory;
    private final Path file;

    FailedUnlocks(Path store) {
        this.directory = store.resolve(AuditFolder.NAME);
        this.file = directory.resolve(NAME);
    }

    /** Notes that a key was wrong, if it can. */
    void add(Instant now) {
        try {
            AuditFolder.make(directory);
            if (!Files.exists(file)) {
                Files.createFile(file, WholeFile.ownersOnly(directory, "rw-------"));
            }
            try (RandomAccessFile to = new RandomAccessFile(file.toFile(), "rw")) {
                long end = to.length() / Long.BYTES * Long.BYTES;
                if (end < (long) COUNT_MAX * Long.BYTES) {
                    to.seek(end);
                    to.writeLong(now.toEpochMilli());
                }
            }
        } catch (IOException | LoamException refused) {
            // The store stays closed to this key either way, and says so.
        }
    }

    /** What was noted; empty if nothing was. */
    Optional<AuditEvent> asEvent() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            ByteBuffer moments = ByteBuffer.wrap(Files.readAllBytes(file));
            int count = Math.min(COUNT_MAX, moments.remaining() / Long.BYTES);
            if (count == 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new AuditEvent.UnlocksFailed(
                            count,
                            Instant.ofEpochMilli(moments.getLong(0)),
                            Instant.ofEpochMilli(moments.getLong((count - 1) * Long.BYTES))));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Throws away what has been recorded. */
    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // Then it is told twice, which is better than not at all.
        }
    }
}
