package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.StreamHeader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The streams under which the units of a backup are sealed, each unlocked once: a passphrase takes
 * its time. For one thread.
 */
final class BackupKeys implements AutoCloseable {
    private final BackupDirectory directory;
    private final Optional<Function<StreamHeader, SealedStream>> unlock;
    private final Map<Bytes, SealedStream> streams = new TreeMap<>();

    private BackupKeys(
            BackupDirectory directory, Optional<Function<StreamHeader, SealedStream>> unlock) {
        this.directory = directory;
        this.unlock = unlock;
    }

    /** Of the store that was backed up; none if it is not sealed. */
    static BackupKeys ofStore(BackupDirectory directory, Optional<StoreKeys> keys) {
        return new BackupKeys(directory, keys.map(each -> each::goOn));
    }

    /** Of a secret that opens the store that was backed up; none if there is none. */
    static BackupKeys ofSecret(BackupDirectory directory, Optional<Encryption> encryption) {
        return new BackupKeys(directory, encryption.map(each -> header -> unlock(header, each)));
    }

    private static SealedStream unlock(StreamHeader header, Encryption encryption) {
        var store =
                header.store()
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.CORRUPT,
                                                "the backup is sealed for no store; it is not one of"
                                                        + " Loam's"));
        try (SlotSecret secret = encryption.toOpen(store)) {
            return header.unlock(secret);
        }
    }

    /** Whether there is any key. */
    boolean arePresent() {
        return unlock.isPresent();
    }

    /**
     * The stream that begins with a header; this object's to close.
     *
     * @param header SHA-256 of it
     * @throws LoamException {@code KEY_MISSING}, {@code WRONG_KEY}; {@code CORRUPT}, {@code
     *     TAMPERED} for another header than that
     */
    SealedStream stream(Bytes header) {
        SealedStream known = streams.get(header);
        if (known != null) {
            return known;
        }
        SealedStream unlocked =
                unlock.orElseThrow(this::missing)
                        .apply(StreamHeader.decode(directory.header(header)));
        streams.put(header, unlocked);
        return unlocked;
    }

    private LoamException missing() {
        Path path = directory.path();
        return new LoamException(
                ErrorCode.KEY_MISSING,
                "the backup in " + path + " is encrypted, and no key was given to open it");
    }

    /** Adds a stream that was begun anew; from here on this object's to close. */
    void add(Bytes header, SealedStream stream) {
        streams.put(header, stream);
    }

    @Override
    public void close() {
        streams.values().forEach(SealedStream::close);
        streams.clear();
    }
}
