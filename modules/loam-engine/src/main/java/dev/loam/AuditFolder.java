package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.log.DiskFault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The directory {@code audit} of a store: files of entries, numbered from 1, and the signed head.
 * Each entry is sealed on its own, as a small file is.
 */
final class AuditFolder {
    static final String NAME = "audit";

    private static final String HEAD = "head";
    private static final String SUFFIX = ".trail";
    private static final int DIGITS = 8;

    private final StoreFolder store;
    private final StoreId id;
    private final Path directory;

    AuditFolder(StoreFolder store, StoreId id) {
        this.store = store;
        this.id = id;
        this.directory = store.resolve(NAME);
    }

    StoreId id() {
        return id;
    }

    boolean isSealed() {
        return store.keys().isPresent();
    }

    static String fileName(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + SUFFIX;
    }

    /** The numbers of the files that there are. */
    SortedSet<Long> files() {
        SortedSet<Long> numbers = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path each : found) {
                String name = each.getFileName().toString();
                String digits = name.substring(0, name.length() - SUFFIX.length());
                if (digits.matches("[0-9]{8,18}")
                        && name.equals(fileName(Long.parseLong(digits)))) {
                    numbers.add(Long.parseLong(digits));
                }
            }
        } catch (NoSuchFileException none) {
            return numbers;
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, directory + " cannot be listed", failed);
        }
        return numbers;
    }

    /** Empty if there is no such file. */
    Optional<AuditFile> read(long number) {
        return read(number, Integer.MAX_VALUE);
    }

    /**
     * The same as it was when it had no more than so many bytes.
     *
     * @param bytesMax of the file
     */
    Optional<AuditFile> read(long number, int bytesMax) {
        return file(number)
                .read()
                .map(content -> content.slice(0, Math.min(bytesMax, content.size())))
                .map(content -> AuditFile.parse(id, number, content));
    }

    private WholeFile file(long number) {
        return new WholeFile(directory, fileName(number));
    }

    /** An entry as it is stored in a file, framed. */
    Bytes framed(long file, ChainedEntry entry) {
        return AuditFile.frame(store.sealed(entryName(file), entry.encode()));
    }

    /**
     * @throws LoamException {@code CORRUPT}, {@code TAMPERED}
     */
    ChainedEntry open(long file, Bytes stored) {
        return ChainedEntry.decode(store.opened(entryName(file), stored));
    }

    private static String entryName(long file) {
        return NAME + "/" + fileName(file);
    }

    /** Begins a file with its first frames, all or nothing; durable when it returns. */
    void begin(long number, Bytes content) {
        make(directory);
        file(number).write(content);
    }

    /** Makes the directory of a trail; durable when it returns. */
    static void make(Path directory) {
        try {
            Files.createDirectory(directory, WholeFile.ownersOnly(directory, "rwx------"));
            WholeFile.forceDirectory(parentOf(directory));
        } catch (FileAlreadyExistsException there) {
            return;
        } catch (IOException failed) {
            throw DiskFault.writing("making " + directory, parentOf(directory), failed);
        }
    }

    private static Path parentOf(Path directory) {
        return Objects.requireNonNull(
                directory.toAbsolutePath().getParent(), "a trail lies in a store");
    }

    /**
     * Writes frames behind all that a file holds; durable when it returns.
     *
     * @param bytes of the file
     * @throws LoamException {@code DISK_FULL}, {@code PERMISSIONS}: the file is as it was; {@code
     *     IO_FAILED}: what it holds is unknown
     */
    void append(long number, long bytes, Bytes frames) {
        Path path = directory.resolve(fileName(number));
        // Not a channel, which an interrupt of its thread would close.
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            try {
                file.seek(bytes);
                file.write(frames.toArray());
            } catch (IOException refused) {
                file.setLength(bytes);
                throw DiskFault.writing("writing the audit trail", directory, refused);
            }
            file.getFD().sync();
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    path
                            + " cannot be written: what it holds is unknown, and the audit trail"
                            + " takes nothing more until the store is reopened; look after the disk",
                    failed);
        }
    }

    // ---- the head

    /**
     * Empty if there is none.
     *
     * @throws LoamException {@code CORRUPT}, {@code TAMPERED}
     */
    Optional<SignedHead> head() {
        return headFile().read().map(stored -> SignedHead.decode(openedHead(stored)));
    }

    /** Whether there is one, in whatever state. */
    boolean hasHead() {
        return headFile().exists();
    }

    /** Replaces the head; durable when it returns. */
    void write(SignedHead head) {
        make(directory);
        headFile().write(store.sealed(NAME + "/" + HEAD, AuditFile.frame(head.encode())));
    }

    private Bytes openedHead(Bytes stored) {
        return AuditFile.unframed(store.opened(NAME + "/" + HEAD, stored))
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.CORRUPT,
                                        directory.resolve(HEAD) + " is damaged"));
    }

    private WholeFile headFile() {
        return new WholeFile(directory, HEAD);
    }
}
