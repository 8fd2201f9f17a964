package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Every call by which the log changes the disk, but for Chronicle's own. */
public interface StoreFiles {
    /** Makes a directory that only its owner may enter; its parent is there. */
    void createDirectory(Path directory) throws IOException;

    /** Lets only the owner read and write a file that Chronicle made. */
    void restrict(Path file) throws IOException;

    /** Puts {@code content} in place of the file, whole or not at all, and forces both. */
    void replace(Path file, Bytes content) throws IOException;

    /** Makes a file of zeros, or makes it anew, for which the disk has the room; forces both. */
    void allocate(Path file, long bytes) throws IOException;

    /** Refuses if the disk says that it has less room than this, which may be taken any moment. */
    void requireRoom(Path directory, long bytes) throws IOException;

    /** Writes zeros from {@code from} up to {@code to}, so that the disk has the room. */
    void fillWithZeros(FileChannel channel, long from, long to) throws IOException;

    /** Returns when the disk holds the content of the file. */
    void force(FileChannel channel) throws IOException;

    /** The same, with the attributes of a new file. */
    void forceNew(FileChannel channel) throws IOException;

    /** Returns when the disk holds the names in the directory. */
    void forceDirectory(Path directory) throws IOException;

    void truncate(FileChannel channel, long bytes) throws IOException;

    /** Renames within one directory and forces it. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file if it is there. */
    void deleteFile(Path file) throws IOException;

    /** Deletes a directory with all files in it, and forces its parent. */
    void deleteDirectory(Path directory) throws IOException;
}
