package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * A key in a file that nobody but its owner, and root, may read: mode 0600 or stricter, in a
 * directory of mode 0700 or stricter, so that nobody else can put another in its place; no link.
 */
public final class KeyOnDisk {
    /** A key and a line end are far shorter. */
    private static final int BYTES_MAX = 4 << 10;

    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private KeyOnDisk() {}

    /**
     * The key that the file holds as {@link KeyText}. To be closed.
     *
     * @throws LoamException {@code KEY_SOURCE} if there is no such file, or its disk keeps nothing
     *     from anybody; {@code PERMISSIONS} if others may read it, it is another's, a link, or no
     *     file, or this process may not read it; {@code KEY_MALFORMED} if it holds something else
     */
    public static SlotSecret read(Path file) {
        Path path = file.toAbsolutePath();
        try {
            OwnersOnly.checkFile(path);
            try (Secret text = content(path)) {
                return new SlotSecret.Key(SlotSecret.Source.KEY_FILE, KeyText.decode(text));
            }
        } catch (NoSuchFileException absent) {
            throw new LoamException(ErrorCode.KEY_SOURCE, "there is no key file " + path, absent);
        } catch (IOException unreadable) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the key file " + path + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /**
     * Puts the key into a new file, with the modes that {@link #read} asks for from its first
     * moment on; its directory is made if there is none. Durable when it returns, and read back.
     *
     * @param key of {@link Suite#KEY_BYTES} bytes
     * @throws LoamException {@code EXISTS} if there is such a file, which stays as it is; {@code
     *     PERMISSIONS} if others may come into its directory; {@code KEY_SOURCE} if the disk keeps
     *     nothing from anybody; {@code IO_FAILED} if it cannot be written
     */
    public static void create(Path file, Secret key) {
        Path path = file.toAbsolutePath();
        Path parent = path.getParent();
        if (parent == null) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, path + " cannot be a key file");
        }
        try {
            makeDirectory(parent);
            OwnersOnly.checkDirectory(parent);
            try (FileChannel channel = FileChannel.open(path, NEW, mode("rw-------"))) {
                try {
                    write(channel, key);
                    forceDirectory(parent);
                    expectSame(path, key);
                } catch (IOException | RuntimeException failed) {
                    // A file without a whole key must not be taken for one.
                    Files.deleteIfExists(path);
                    throw failed;
                }
            }
        } catch (FileAlreadyExistsException present) {
            throw new LoamException(
                    ErrorCode.EXISTS,
                    path + " is there already, and stays; name a file that is not",
                    present);
        } catch (AccessDeniedException denied) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the key file " + path + " may not be made: " + denied.getMessage(),
                    denied);
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the key file " + path + " cannot be written: " + failed.getMessage(),
                    failed);
        }
    }

    /** All that is missing of it, each level forced into the one above. */
    private static void makeDirectory(Path directory) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        Path above = directory.getParent();
        if (above != null) {
            makeDirectory(above);
        }
        OwnersOnly.checkDisk(above == null ? directory : above);
        try {
            Files.createDirectory(directory, mode("rwx------"));
        } catch (FileAlreadyExistsException meanwhile) {
            return;
        }
        if (above != null) {
            forceDirectory(above);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static void write(FileChannel channel, Secret key) throws IOException {
        try (Secret text = KeyText.encode(key)) {
            Optional<IOException> failure =
                    text.with(
                            bytes -> {
                                byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
                                line[bytes.length] = '\n';
                                try {
                                    ByteBuffer rest = ByteBuffer.wrap(line);
                                    while (rest.hasRemaining()) {
                                        channel.write(rest);
                                    }
                                    return Optional.empty();
                                } catch (IOException failed) {
                                    return Optional.of(failed);
                                } finally {
                                    Arrays.fill(line, (byte) 0);
                                }
                            });
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
        channel.force(true);
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void expectSame(Path path, Secret key) throws IOException {
        try (Secret text = content(path);
                Secret kept = KeyText.decode(text)) {
            if (!key.with(one -> kept.with(other -> MessageDigest.isEqual(one, other)))) {
                throw new IOException("it does not hold what was written");
            }
        }
    }

    private static Secret content(Path path) throws IOException {
        byte[] bytes = new byte[BYTES_MAX + 1];
        try (SeekableByteChannel channel =
                Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // A file may come in pieces.
            }
            return Secret.take(Arrays.copyOf(bytes, buffer.position()));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
