package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The file system. */
final class DiskFiles implements StoreFiles {
    static final String TEMPORARY = ".tmp";

    private static final Set<PosixFilePermission> OWNER_ENTERS =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES =
            PosixFilePermissions.fromString("rw-------");

    /**
     * One page. Linux keeps what one call wrote in pages as large as the call, and writes such a
     * page whole for each store into it: with a mebibyte here an append of 300 bytes wrote 400 KiB.
     */
    private static final int ZEROS_BYTES = 4096;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, attributes(directory, OWNER_ENTERS));
    }

    @Override
    public void restrict(Path file) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, OWNER_READS_AND_WRITES);
        }
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        Files.deleteIfExists(temporary);
        try (FileChannel channel = create(temporary)) {
            ByteBuffer bytes = content.asBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        rename(temporary, file);
    }

    @Override
    public void allocate(Path file, long bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        Files.deleteIfExists(temporary);
        try (FileChannel channel = create(temporary)) {
            fillWithZeros(channel, 0, bytes);
            channel.force(true);
        } catch (IOException refused) {
            Files.deleteIfExists(temporary);
            throw refused;
        }
        rename(temporary, file);
    }

    /** Opens a file that must not be there yet, for reading and writing by its owner only. */
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                attributes(file, OWNER_READS_AND_WRITES));
    }

    @Override
    public void requireRoom(Path directory, long bytes) throws IOException {
        if (DiskFault.hasLessRoomThan(bytes, directory)) {
            throw new IOException(DiskFault.NO_SPACE);
        }
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        long at = from;
        while (at < to) {
            zeros.clear().limit((int) Math.min(ZEROS_BYTES, to - at));
            at += channel.write(zeros, at);
        }
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        channel.force(false);
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        channel.force(true);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        channel.truncate(bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(parentOf(to));
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
        forceDirectory(parentOf(directory));
    }

    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "store paths are absolute");
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Windows neither knows these permissions nor lets a directory be forced. */
    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
