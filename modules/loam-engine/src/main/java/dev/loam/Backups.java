package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of backups as {@link Loam#backup} makes them: generations, each a store as it was at
 * one moment, which share the files of what did not change between them. Needs no open store. Any
 * thread, one at a time.
 */
public final class Backups {
    private final BackupDirectory directory;
    private final Optional<Encryption> opening;

    private Backups(BackupDirectory directory, Optional<Encryption> opening) {
        this.directory = directory;
        this.opening = opening;
    }

    /** Those in a directory; reads nothing yet. */
    public static Backups in(Path directory) {
        return in(directory, new BackupFiles());
    }

    static Backups in(Path directory, BackupFiles files) {
        return new Backups(new BackupDirectory(directory, files), Optional.empty());
    }

    /**
     * The same, opened by another secret than the one by which what is restored will be sealed: one
     * of the store that was backed up, such as its recovery code.
     */
    public Backups openedBy(Encryption secret) {
        return new Backups(directory, Optional.of(secret));
    }

    private BackupKeys keys(LoamOptions options) {
        return BackupKeys.ofSecret(directory, opening.or(options::encryption));
    }

    /**
     * All generations, the oldest first. Reads their manifests and nothing else, and needs no key.
     *
     * @throws LoamException {@code NOT_FOUND} if the directory holds none; {@code CORRUPT} naming a
     *     manifest that is damaged; {@code FORMAT_VERSION}, {@code IO_FAILED}, {@code PERMISSIONS}
     */
    public List<BackupInfo> generations() {
        List<BackupInfo> generations = new ArrayList<>();
        for (long number : existing()) {
            generations.add(BackupInfo.of(directory.read(number)));
        }
        return generations;
    }

    private List<Long> existing() {
        List<Long> numbers = directory.list();
        if (numbers.isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "no backup in "
                            + directory.path()
                            + " was ever finished; `loam backup` goes on");
        }
        return numbers;
    }

    /**
     * Compares the backup with its manifests. Repairs nothing.
     *
     * @param options how a store is opened, for {@link BackupScope.Drill}
     * @throws LoamException {@code NOT_FOUND}; {@code FORMAT_VERSION}, {@code IO_FAILED}, {@code
     *     PERMISSIONS} where something cannot be read at all; {@code DISK_FULL} of a drill
     */
    public BackupVerification verify(BackupScope scope, LoamOptions options, Progress progress) {
        existing();
        try (BackupKeys keys = keys(options)) {
            return new BackupCheck(directory, keys, progress).run(scope, options);
        }
    }

    /**
     * Makes a store of a generation. It is built beside {@code target}; every unit is compared with
     * the manifest, the log replayed and the state's digest compared with that of the backup; all
     * is forced, then one renaming makes it count. Killed at any moment there is no {@code target},
     * or all of it; the next call clears away what was left beside it.
     *
     * <p>The store is of the same device and goes on as a new incarnation of it: what was written
     * behind the backup may still be with others, and comes back with the next sync.
     *
     * @param generation the latest if empty
     * @param target absent or an empty directory; its parents are made
     * @param options how the store is opened
     * @throws LoamException {@code NOT_FOUND}; {@code EXISTS} if the target is there and not empty;
     *     {@code STORE_BUSY} if another process restores to it; {@code CORRUPT}, {@code
     *     FORMAT_VERSION} naming what is wrong with the backup; {@code DISK_FULL}, {@code
     *     IO_FAILED}, {@code PERMISSIONS}: nothing was restored
     */
    public RestoreReport restore(
            Optional<Long> generation, Path target, LoamOptions options, Progress progress) {
        Environment environment = new Environment(options.clock());
        long began = environment.elapsedMillis();
        BackupManifest manifest = directory.read(generation.orElseGet(() -> existing().getLast()));
        refuseToOpenUp(manifest, options);
        try (BackupKeys keys = keys(options);
                RestoreTarget place = RestoreTarget.begin(directory.files(), target)) {
            RestoreRun run = new RestoreRun(directory, manifest, keys, options, progress);
            try {
                requireRoom(place.building(), run.logBytes());
                run.build(place.building());
                place.finish();
            } catch (RuntimeException | Error failed) {
                discard(place, failed);
                throw failed;
            }
        }
        return new RestoreReport(BackupInfo.of(manifest), environment.elapsedMillis() - began);
    }

    /** What was sealed does not lie open because somebody left out an option. */
    private void refuseToOpenUp(BackupManifest manifest, LoamOptions options) {
        if (manifest.listing().sealing().isPresent() && options.encryption().isEmpty()) {
            throw new LoamException(
                    ErrorCode.KEY_MISSING,
                    "the backup in "
                            + directory.path()
                            + " is encrypted, and no key was given to open it and to encrypt the"
                            + " store that is restored");
        }
    }

    private static void discard(RestoreTarget place, Throwable failed) {
        try {
            place.discard();
        } catch (LoamException also) {
            failed.addSuppressed(also);
        }
    }

    private static void requireRoom(Path path, long bytes) {
        if (BackupFiles.hasLessRoomThan(path, bytes)) {
            throw new LoamException(
                    ErrorCode.DISK_FULL,
                    "the disk of "
                            + path
                            + " has no room for the "
                            + bytes
                            + " bytes of the log alone; nothing was restored");
        }
    }

    /**
     * Deletes all generations but the last ones, and the units that none of those needs. Killed at
     * any moment, each generation that is left is whole; the next call deletes the rest.
     *
     * @param keepLast at least 1
     * @throws LoamException {@code INVALID_ARGUMENT}, {@code NOT_FOUND}; {@code STORE_BUSY} while a
     *     backup is being written; {@code CORRUPT} if a manifest is damaged: nothing was deleted,
     *     since nobody knows what it needs
     */
    public BackupPruneReport prune(int keepLast) {
        if (keepLast < 1) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "keep at least one generation, not " + keepLast);
        }
        existing();
        try (BackupDirectory.Lock _ = directory.lock()) {
            List<Long> all = directory.list();
            int first = Math.max(0, all.size() - keepLast);
            Set<String> named = new HashSet<>();
            for (long number : all.subList(first, all.size())) {
                directory.read(number).units().forEach(unit -> named.add(unit.name()));
            }
            all.subList(0, first).forEach(directory::delete);
            return new BackupPruneReport(
                    all.subList(first, all.size()),
                    all.subList(0, first),
                    directory.deleteUnnamed(named));
        }
    }
}
