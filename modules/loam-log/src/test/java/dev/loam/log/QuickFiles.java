package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Forces nothing and fills by length alone: for tests that open thousands of images. */
final class QuickFiles implements StoreFiles {
    private final DiskFiles disk = new DiskFiles();

    @Override
    public void createDirectory(Path directory) throws IOException {
        disk.createDirectory(directory);
    }

    @Override
    public void restrict(Path file) {
        // Who may read an image does not matter.
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + DiskFiles.TEMPORARY);
        Files.write(temporary, content.toArray());
        rename(temporary, file);
    }

    @Override
    public void allocate(Path file, long bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            fillWithZeros(channel, 0, bytes);
        }
    }

    @Override
    public void requireRoom(Path directory, long bytes) {
        // What is filled by length alone takes none.
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        channel.write(ByteBuffer.allocate(1), to - 1);
    }

    @Override
    public void force(FileChannel channel) {
        // Nothing cuts the power.
    }

    @Override
    public void forceNew(FileChannel channel) {
        // Nothing cuts the power.
    }

    @Override
    public void forceDirectory(Path directory) {
        // Nothing cuts the power.
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        disk.truncate(channel, bytes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        disk.deleteFile(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        disk.deleteDirectory(directory);
    }
}
