package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps book of what a disk must hold, and lets a crash be tried before and after each step. What
 * one call does in several steps, such as to replace a file, it does step by step.
 */
final class RecordingFiles implements StoreFiles {
    /** Called where the power may be cut. */
    interface CrashPoint {
        void reached(String step) throws IOException;
    }

    /** Faults that a log could have; each must be found. */
    enum Plant {
        NONE,
        ACKNOWLEDGED_BEFORE_FORCE,
        FORCE_LEFT_OUT,
        DIRECTORY_FORCE_LEFT_OUT
    }

    private static final int KIND_AT = 5;

    private final DiskState disk;
    private final CrashPoint crash;
    private final Plant plant;
    private final Runnable acknowledge;
    private final DiskFiles files = new DiskFiles();
    private boolean isDead;
    private boolean isGroupAppended;

    /**
     * @param acknowledge what a log does too early that answers before it forces
     */
    RecordingFiles(DiskState disk, CrashPoint crash, Plant plant, Runnable acknowledge) {
        this.disk = disk;
        this.crash = crash;
        this.plant = plant;
        this.acknowledge = acknowledge;
    }

    /** From now on every call fails, as if the process were gone. */
    void die() {
        isDead = true;
    }

    private void at(String step) throws IOException {
        if (isDead) {
            throw new IOException("the process was killed");
        }
        crash.reached(step);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        at("before a directory is made");
        files.createDirectory(directory);
        at("after a directory was made");
    }

    @Override
    public void restrict(Path file) throws IOException {
        at("before a file is restricted");
    }

    @Override
    public void replace(Path file, Bytes content) throws IOException {
        at("before a file is replaced");
        Path temporary = file.resolveSibling(file.getFileName() + DiskFiles.TEMPORARY);
        Files.write(temporary, content.toArray());
        at("after a temporary file was written");
        disk.keepContent(temporary);
        at("after a temporary file was forced");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        at("after a file was replaced");
        keepNames(DiskFiles.parentOf(file));
        at("after a replaced file's directory was forced");
    }

    @Override
    public void requireRoom(Path directory, long bytes) throws IOException {
        at("before room is asked for");
    }

    /** Makes nothing: a disk may have no room for a reserve. */
    @Override
    public void allocate(Path file, long bytes) throws IOException {
        at("before the reserve is made");
    }

    @Override
    public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
        at("before the fill");
        channel.write(ByteBuffer.allocate(1), to - 1);
        at("after the fill");
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        if (plant == Plant.ACKNOWLEDGED_BEFORE_FORCE && isGroupAppended) {
            acknowledge.run();
        }
        at("before a force");
        if (plant != Plant.FORCE_LEFT_OUT) {
            disk.keepFrames();
        }
        at("after a force");
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        at("before a new file is forced");
        disk.keepFrames();
        at("after a new file was forced");
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        at("before a directory is forced");
        keepNames(directory);
        at("after a directory was forced");
    }

    private void keepNames(Path directory) throws IOException {
        if (plant != Plant.DIRECTORY_FORCE_LEFT_OUT) {
            disk.keepNames(directory);
        }
    }

    @Override
    public void truncate(FileChannel channel, long bytes) throws IOException {
        at("before a file is cut");
        files.truncate(channel, bytes);
        at("after a file was cut");
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        at("before a rename");
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        at("after a rename");
        keepNames(DiskFiles.parentOf(to));
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        at("before a file is deleted");
        files.deleteFile(file);
        at("after a file was deleted");
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        at("before a directory is deleted");
        files.deleteDirectory(directory);
        at("after a directory was deleted");
        keepNames(DiskFiles.parentOf(directory));
    }

    /** Appends through another appender, and lets a crash be tried after each frame. */
    SegmentAppender.Factory recording(SegmentAppender.Factory appenders) {
        return (directory, blockBytes) -> {
            SegmentAppender appender = appenders.create(directory, blockBytes);
            at("after a file of frames was made");
            return new RecordingAppender(appender);
        };
    }

    private final class RecordingAppender implements SegmentAppender {
        private final SegmentAppender appender;

        RecordingAppender(SegmentAppender appender) {
            this.appender = appender;
        }

        @Override
        public Path file() {
            return appender.file();
        }

        @Override
        public void append(byte[] frame) {
            appender.append(frame);
            isGroupAppended = frame[KIND_AT] == Frame.BATCH;
            try {
                at("after a frame");
            } catch (IOException dead) {
                throw new UncheckedIOException(dead);
            }
        }

        @Override
        public void close() {
            appender.close();
        }
    }
}
