package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.log.LogOptions;
import dev.loam.log.LogTail;
import dev.loam.log.OpLog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What has to be known of a store before its log can be opened, found out while the log holds the
 * lock: first its keys, then what the index covers and as whom the store writes, which a sealed
 * store tells nobody without them.
 */
final class StoreOpening {
    private final Path directory;
    private final LoamOptions options;
    private final Environment environment;
    private StoreFolder folder;

    StoreOpening(Path directory, LoamOptions options, Environment environment) {
        this.directory = directory;
        this.options = options;
        this.environment = environment;
        this.folder = StoreFolder.plain(directory);
    }

    /** Opens the log, then the store around it; neither is left open if the other fails. */
    <S> S open(BiFunction<Path, LogOptions, OpLog> logs, BiFunction<StoreFolder, OpLog, S> stores) {
        try {
            OpLog log = logs.apply(directory, logOptions());
            try {
                return stores.apply(folder, log);
            } catch (RuntimeException | Error failure) {
                log.close();
                throw failure;
            }
        } catch (RuntimeException | Error failure) {
            folder.keys().ifPresent(StoreKeys::close);
            throw failure;
        }
    }

    private LogOptions logOptions() {
        return LogOptions.standard(this::covered)
                .sealing(() -> unlocked().map(SealedLog::new))
                .forcesGroups(options.durability() != Durability.NONE)
                .openJdkPackages(options.openJdkPackages())
                .tail(this::tail);
    }

    private Optional<StoreKeys> unlocked() {
        boolean isSealed = StoreKeys.isSealed(directory);
        if (!isSealed && !StoreKeys.isNew(directory) && new LogKeysFiles(directory).exist()) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    directory
                            + " is encrypted, and its key files \"keys\" and \"keys.copy\" are"
                            + " missing: nothing opens it without one; put one of them back from a"
                            + " copy of the store");
        }
        if (options.encryption().isEmpty()) {
            if (isSealed) {
                throw new LoamException(
                        ErrorCode.KEY_MISSING,
                        directory + " is encrypted, and no key was given to open it");
            }
            return Optional.empty();
        }
        Encryption encryption = options.encryption().get();
        if (!isSealed && !StoreKeys.isNew(directory)) {
            throw new LoamException(
                    ErrorCode.NOT_ENCRYPTED,
                    directory
                            + " is not encrypted, and a key was given to open it; open it without"
                            + " one, or export it and import it into an encrypted store");
        }
        StoreKeys keys =
                isSealed ? unlock(encryption) : StoreKeys.make(directory, encryption, environment);
        folder = new StoreFolder(directory, Optional.of(keys));
        return Optional.of(keys);
    }

    private StoreKeys unlock(Encryption encryption) {
        try {
            return StoreKeys.unlock(directory, encryption, environment);
        } catch (LoamException refused) {
            if (refused.code() == ErrorCode.WRONG_KEY) {
                new FailedUnlocks(directory).add(environment.now());
            }
            throw refused;
        }
    }

    private Position covered() {
        Position indexed = LiveIndex.covered(folder);
        Position ended = folder.keys().map(StoreKeys::lastEnded).orElse(Position.START);
        return ended.isAfter(indexed) ? ended : indexed;
    }

    private LogTail tail() {
        return new DeviceFile(folder)
                .read()
                .<LogTail>map(known -> new TornGroups(new OwnActors(folder, known.id())))
                .orElse(LogTail.WHOLE);
    }
}
