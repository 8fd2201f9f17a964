package dev.loam.index;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * Where an index lies on the disk, and how.
 *
 * @param sealing empty if it lies there in the clear
 */
record IndexFiles(Path path, Optional<IndexSealing> sealing) {
    boolean isDirectory() {
        return Files.isDirectory(path);
    }

    void makeDirectory() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path)) {
            Files.delete(path);
        }
        // Lucene makes its files by the umask; what they lie in keeps others out. Whether that can
        // be is told by the disk, not by the system: a FAT disk under Linux refuses permissions.
        Files.createDirectories(path);
        if (Files.getFileStore(path).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    Directory open() throws IOException {
        Directory disk = FSDirectory.open(path);
        return sealing.<Directory>map(keys -> new SealedDirectory(disk, keys)).orElse(disk);
    }

    /** While it is held nobody else reads, writes or empties the directory. */
    Lock lock(Directory opened) throws IOException {
        try {
            return opened.obtainLock(IndexWriter.WRITE_LOCK_NAME);
        } catch (LockObtainFailedException held) {
            throw new LoamException(
                    ErrorCode.STORE_BUSY, "the index in " + path + " is open already", held);
        }
    }

    /** Leaves the lock, which is held. */
    void empty() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (!entry.endsWith(IndexWriter.WRITE_LOCK_NAME)) {
                    delete(entry);
                }
            }
        }
        sealing.ifPresent(IndexSealing::clear);
    }

    private static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(entry)) {
                for (Path child : children) {
                    delete(child);
                }
            }
        }
        Files.delete(entry);
    }
}
