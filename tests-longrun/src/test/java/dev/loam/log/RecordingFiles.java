package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        DIRECTORY_FORCE_LEFT_OUT,

        /** What a compaction writes is listed without having been forced. */
        DRAFT_FORCE_LEFT_OUT,

        /** The names of its files are not. */
        DRAFT_NAMES_FORCE_LEFT_OUT,

        /** Its own name is not. */
        DRAFT_RENAME_FORCE_LEFT_OUT,

        /** It is forced after it was listed. */
        MANIFEST_BEFORE_DRAFT_FORCE,

        /** What it replaces is deleted before it is listed. */
        REPLACED_DELETED_BEFORE_MANIFEST;

        /** Whether images of this phase show it. */
        boolean isSoughtIn(CrashWorkload.Phase phase) {
            return switch (this) {
                case NONE -> true;
                case ACKNOWLEDGED_BEFORE_FORCE, FORCE_LEFT_OUT, DIRECTORY_FORCE_LEFT_OUT ->
                        phase == CrashWorkload.Phase.WRITING;
                case DRAFT_FORCE_LEFT_OUT,
                        DRAFT_NAMES_FORCE_LEFT_OUT,
                        DRAFT_RENAME_FORCE_LEFT_OUT,
                        MANIFEST_BEFORE_DRAFT_FORCE,
                        REPLACED_DELETED_BEFORE_MANIFEST ->
                        phase == CrashWorkload.Phase.REPLACING;
            };
        }
    }

    private static final int KIND_AT = 5;

    private final DiskState disk;
    private final CrashPoint crash;
    private final Plant plant;
    private final Runnable acknowledge;
    private final DiskFiles files = new DiskFiles();

    /** The file of each channel beside which an appender writes. */
    private final IdentityHashMap<FileChannel, Path> written = new IdentityHashMap<>();

    /** Drafts whose force was put off. */
    private final Deque<Path> unforced = new ArrayDeque<>();

    private @Nullable Path made;
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

    boolean isDead() {
        return isDead;
    }

    private void at(String step) throws IOException {
        if (!isDead) {
            crash.reached(step);
        }
        if (isDead) {
            throw new IOException("the process was killed");
        }
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
        if (plant == Plant.REPLACED_DELETED_BEFORE_MANIFEST && file.endsWith(Manifest.FILE_NAME)) {
            deleteReplaced(file, content);
        }
        Path temporary = file.resolveSibling(file.getFileName() + DiskFiles.TEMPORARY);
        Files.write(temporary, content.toArray());
        at("after a temporary file was written");
        disk.keepContent(temporary);
        at("after a temporary file was forced");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        at("after a file was replaced");
        keepNames(DiskFiles.parentOf(file));
        at("after a replaced file's directory was forced");
        if (file.endsWith(Manifest.FILE_NAME)) {
            forceWhatWasPutOff(DiskFiles.parentOf(file));
        }
    }

    private void deleteReplaced(Path manifest, Bytes content) throws IOException {
        if (!Files.exists(manifest)) {
            return;
        }
        List<SegmentName> gone = new ArrayList<>(namesIn(Files.readAllBytes(manifest)));
        gone.removeAll(namesIn(content.toArray()));
        for (SegmentName name : gone) {
            deleteDirectory(new LogDirectory(DiskFiles.parentOf(manifest)).segment(name.number()));
        }
    }

    private static List<SegmentName> namesIn(byte[] manifest) {
        return Manifest.decode(manifest).orElseThrow().segments().stream()
                .map(SegmentEntry::name)
                .toList();
    }

    private void forceWhatWasPutOff(Path log) throws IOException {
        for (Path draft = unforced.poll(); draft != null; draft = unforced.poll()) {
            Path frames =
                    log.resolve(DiskFiles.parentOf(draft).getFileName())
                            .resolve(draft.getFileName());
            if (Files.exists(frames)) {
                disk.keepContent(frames);
            }
        }
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
            keepFrames(channel);
        }
        at("after a force");
    }

    private void keepFrames(FileChannel channel) throws IOException {
        Path file = written.get(channel);
        if (file == null) {
            // One of an opening: nothing else is written then.
            disk.keepFrames();
        } else if (!isDraft(DiskFiles.parentOf(file))) {
            disk.keepContent(file);
        } else if (plant == Plant.MANIFEST_BEFORE_DRAFT_FORCE) {
            unforced.add(file);
        } else if (plant != Plant.DRAFT_FORCE_LEFT_OUT) {
            disk.keepContent(file);
        }
    }

    @Override
    public void forceNew(FileChannel channel) throws IOException {
        Path file = Objects.requireNonNull(made, "an appender makes the file");
        written.put(channel, file);
        at("before a new file is forced");
        disk.keepContent(file);
        at("after a new file was forced");
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        at("before a directory is forced");
        keepNames(directory);
        at("after a directory was forced");
    }

    private void keepNames(Path directory) throws IOException {
        boolean isLeftOut =
                plant == Plant.DIRECTORY_FORCE_LEFT_OUT
                        || (plant == Plant.DRAFT_NAMES_FORCE_LEFT_OUT && isDraft(directory));
        if (!isLeftOut) {
            disk.keepNames(directory);
        }
    }

    /** Whether it is where a compaction writes, or within. */
    private static boolean isDraft(Path directory) {
        return directory.toString().endsWith(DiskFiles.TEMPORARY)
                || DiskFiles.parentOf(directory).toString().endsWith(DiskFiles.TEMPORARY);
    }

    /** Keeps the names in a directory from which something went or to which it came. */
    private void keepNamesAfter(Path moved, Path directory) throws IOException {
        if (plant != Plant.DRAFT_RENAME_FORCE_LEFT_OUT || !isDraft(moved)) {
            keepNames(directory);
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
        keepNamesAfter(from, DiskFiles.parentOf(to));
        at("after a renamed file's directory was forced");
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
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
            at("after a part of a directory was deleted");
        }
        keepNamesAfter(directory, DiskFiles.parentOf(directory));
        at("after a deleted directory's parent was forced");
    }

    /** Appends through another appender, and lets a crash be tried after each frame. */
    SegmentAppender.Factory recording(SegmentAppender.Factory appenders) {
        return (directory, blockBytes) -> {
            SegmentAppender appender = appenders.create(directory, blockBytes);
            made = appender.file();
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
