package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of backups: units, which are never changed, and a manifest for each generation, which
 * names those that it consists of. A unit that no manifest names counts for nothing yet.
 */
final class BackupDirectory {
    private static final String UNITS = "units";
    private static final String GENERATIONS = "generations";
    private static final String SEALING = "sealing";
    private static final String LOCK = "LOCK";
    private static final String MANIFEST = ".manifest";
    private static final String SUMS = ".sha256";
    private static final Pattern GENERATION = Pattern.compile("([0-9]{6,18})\\.manifest");
    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private final Path path;
    private final BackupFiles files;

    BackupDirectory(Path path, BackupFiles files) {
        this.path = path;
        this.files = files;
    }

    /** What one process holds while it changes the directory. */
    record Lock(FileChannel channel, FileLock held) implements AutoCloseable {
        @Override
        public void close() {
            try (channel) {
                held.release();
            } catch (IOException gone) {
                throw new LoamException(ErrorCode.IO_FAILED, "the lock of a backup was lost", gone);
            }
        }
    }

    Path path() {
        return path;
    }

    BackupFiles files() {
        return files;
    }

    Path units() {
        return path.resolve(UNITS);
    }

    Path unit(BackupUnit unit) {
        return units().resolve(unit.name());
    }

    private Path generations() {
        return path.resolve(GENERATIONS);
    }

    private Path manifest(long generation) {
        return generations().resolve(String.format(Locale.ROOT, "%06d", generation) + MANIFEST);
    }

    private Path sums(long generation) {
        return generations().resolve(String.format(Locale.ROOT, "%06d", generation) + SUMS);
    }

    /** Makes it, unless it is there; refuses a directory of other things. */
    void make() {
        if (isThere()) {
            return;
        }
        try (Stream<Path> children = Files.list(path)) {
            if (children.anyMatch(child -> !isOurs(child))) {
                throw new LoamException(
                        ErrorCode.EXISTS,
                        path
                                + " holds other things than backups; name a directory of backups, or"
                                + " one that is empty or not there");
            }
        } catch (NoSuchFileException absent) {
            files.createDirectories(path);
        } catch (NotDirectoryException file) {
            throw new LoamException(ErrorCode.EXISTS, path + " is not a directory", file);
        } catch (IOException fault) {
            throw BackupFiles.reading(path, fault);
        }
        files.createDirectories(units());
        files.createDirectories(generations());
    }

    private static boolean isOurs(Path child) {
        String name = String.valueOf(child.getFileName());
        return Set.of(UNITS, GENERATIONS, SEALING, LOCK).contains(name);
    }

    private boolean isThere() {
        return Files.isDirectory(units()) && Files.isDirectory(generations());
    }

    /**
     * @throws LoamException {@code STORE_BUSY} if another process has it
     */
    Lock lock() {
        try {
            FileChannel channel =
                    FileChannel.open(
                            path.resolve(LOCK),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            WholeFile.ownersOnly(path, "rw-------"));
            FileLock held = tryLock(channel);
            if (held != null) {
                return new Lock(channel, held);
            }
            channel.close();
        } catch (IOException fault) {
            throw BackupFiles.writing(path, fault);
        }
        throw new LoamException(
                ErrorCode.STORE_BUSY,
                "another backup is being written to " + path + "; wait for its end");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    /** The numbers of the generations, ascending. */
    List<Long> list() {
        try (Stream<Path> children = Files.list(generations())) {
            return children.map(child -> GENERATION.matcher(child.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Long.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "there is no backup in " + path + "; `loam backup` makes one");
        } catch (IOException fault) {
            throw BackupFiles.reading(path, fault);
        }
    }

    /**
     * @throws LoamException {@code NOT_FOUND}, {@code CORRUPT}, {@code FORMAT_VERSION}
     */
    BackupManifest read(long generation) {
        Path file = manifest(generation);
        try (InputStream in = Files.newInputStream(file)) {
            BackupManifest manifest =
                    BackupManifest.decode(file.toString(), in.readNBytes(MANIFEST_BYTES_MAX));
            if (manifest.listing().generation() != generation) {
                throw new LoamException(
                        ErrorCode.CORRUPT,
                        file
                                + " is of generation "
                                + manifest.listing().generation()
                                + ": give it its name back");
            }
            return manifest;
        } catch (NoSuchFileException absent) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "the backup in "
                            + path
                            + " has no generation "
                            + generation
                            + "; it has "
                            + list(),
                    absent);
        } catch (IOException fault) {
            throw BackupFiles.reading(file, fault);
        }
    }

    /** Lists a generation, the units of which are on the disk; from here on it counts. */
    void write(BackupManifest manifest) {
        long generation = manifest.listing().generation();
        StringBuilder sums = new StringBuilder();
        for (BackupUnit unit : manifest.units()) {
            sums.append(unit.size().sha256().toHex())
                    .append("  ../")
                    .append(UNITS)
                    .append('/')
                    .append(unit.name())
                    .append('\n');
        }
        files.replace(sums(generation), Bytes.ofUtf8(sums.toString()));
        files.replace(manifest(generation), manifest.encode());
    }

    /**
     * The header of a sealed stream.
     *
     * @param hash SHA-256 of it
     * @throws LoamException {@code CORRUPT} if it is missing or another one
     */
    Bytes header(Bytes hash) {
        WholeFile file = new WholeFile(path.resolve(SEALING), hash.toHex());
        return file.read()
                .filter(content -> Tally.hash(content).equals(hash))
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.CORRUPT,
                                        file.path()
                                                + " is missing or damaged: it says who can open the"
                                                + " backup. Take it from a copy of the backup"));
    }

    /** Keeps the header of a sealed stream; durable when it returns. */
    void writeHeader(Bytes hash, Bytes header) {
        files.createDirectories(path.resolve(SEALING));
        files.replace(path.resolve(SEALING).resolve(hash.toHex()), header);
    }

    /** Takes a generation out of the list; its units stay until {@link #deleteUnnamed}. */
    void delete(long generation) {
        files.delete(manifest(generation));
        files.delete(sums(generation));
        force(generations());
    }

    private static void force(Path directory) {
        try {
            WholeFile.forceDirectory(directory);
        } catch (IOException fault) {
            throw BackupFiles.writing(directory, fault);
        }
    }

    /** The bytes of each unit's file, by its name; of what is still being written nothing. */
    TreeMap<String, Long> present() {
        TreeMap<String, Long> present = new TreeMap<>();
        try (Stream<Path> children = Files.list(units())) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                if (!name.endsWith(BackupFiles.TEMPORARY)) {
                    present.put(name, Files.size(child));
                }
            }
        } catch (IOException fault) {
            throw BackupFiles.reading(units(), fault);
        }
        return present;
    }

    /**
     * Deletes the files of units that are in none of these.
     *
     * @return the bytes that they had
     */
    long deleteUnnamed(Set<String> named) {
        long bytes = 0;
        for (var each : present().entrySet()) {
            if (!named.contains(each.getKey())) {
                files.delete(units().resolve(each.getKey()));
                bytes += each.getValue();
            }
        }
        force(units());
        return bytes;
    }
}
