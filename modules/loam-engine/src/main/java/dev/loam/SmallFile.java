package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A few lines of text that are replaced as a whole: a headline with name and version, the lines,
 * and a last line {@code crc32c=} over all before it. A reader sees the old content or the new,
 * whatever happens in between.
 */
final class SmallFile {
    private static final String CRC = "crc32c=";

    private final Path path;
    private final Path directory;
    private final String headline;

    SmallFile(Path directory, String name, String headline) {
        this.path = directory.resolve(name);
        this.directory = directory;
        this.headline = headline;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** The lines between headline and checksum; empty if there is no such file. */
    Optional<List<String>> read() {
        List<String> lines;
        try {
            if (!Files.exists(path)) {
                return Optional.empty();
            }
            lines = Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, path + " cannot be read", failure);
        }
        String name = headline.substring(0, headline.indexOf(' '));
        if (!lines.isEmpty()
                && lines.getFirst().startsWith(name + " ")
                && !lines.getFirst().equals(headline)) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    path
                            + " is of the form \""
                            + lines.getFirst()
                            + "\", this version of Loam"
                            + " reads \""
                            + headline
                            + "\": use a newer Loam");
        }
        int last = lines.size() - 1;
        if (last < 1
                || !lines.getFirst().equals(headline)
                || !lines.get(last).equals(CRC + checksum(lines.subList(0, last)))) {
            throw new LoamException(
                    ErrorCode.CORRUPT, path + " is damaged: restore it from a copy of the store");
        }
        return Optional.of(List.copyOf(lines.subList(1, last)));
    }

    /** Replaces the content; durable when it returns. */
    void write(List<String> lines) {
        List<String> all = new ArrayList<>();
        all.add(headline);
        all.addAll(lines);
        all.add(CRC + checksum(all));
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            ownersOnly(directory, "rw-------"))) {
                ByteBuffer content =
                        ByteBuffer.wrap(
                                (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(
                    temporary,
                    path,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(directory);
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, path + " cannot be written; it is as it was", failure);
        }
    }

    /** Durable when it returns. */
    void delete() {
        try {
            Files.deleteIfExists(path);
            forceDirectory(directory);
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, path + " cannot be deleted", failure);
        }
    }

    /**
     * What a file or directory is made with where the file system has owners.
     *
     * @param permissions as {@code ls} prints them
     */
    static FileAttribute<?>[] ownersOnly(Path within, String permissions) {
        return isPosix(within)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Where a directory cannot be opened, as on Windows, there is no such force. */
    static void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static String checksum(List<String> lines) {
        CRC32C crc = new CRC32C();
        for (String line : lines) {
            crc.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
