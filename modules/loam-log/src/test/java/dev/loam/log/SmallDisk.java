package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A disk that says how much room it has, and that has none while a reserve lies on it. */
final class SmallDisk implements StoreFiles {
    private final StoreFiles files = new QuickFiles();

    long bytesFree = Long.MAX_VALUE;

    /** While this file is there, small files cannot be written. */
    @Nullable Path reserve;

    @Override
    public void createDirectory(Path directory) throws IOException {
        files.createDirectory(directory);
    }

    @Override
    public void restrict(Path file) throws IOException {
        files.restrict(file);
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        if (reserve != null && Files.exists(reserve)) {
            throw new IOException(DiskFault.NO_SPACE);
        }
        files.replace(file, content);
    }

    @Override
    public void allocate(Path file, long bytes) throws IOException {
        requireRoom(file, bytes);
        files.allocate(file, bytes);
    }

    /** What a segment needs fits into what the reserve gives back. */
    @Override
    public void requireRoom(Path directory, long bytes) throws IOException {
        if (bytesFree < bytes && bytes > Reserve.BYTES) {
            throw new IOException(DiskFault.NO_SPACE);
        }
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        files.fillWithZeros(channel, from, to);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        files.force(channel);
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        files.forceNew(channel);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        files.forceDirectory(directory);
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        files.truncate(channel, bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        files.deleteFile(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        files.deleteDirectory(directory);
    }
}
