package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The disk of one device, on which its processes live one after the other. It can be full, fail a
 * force, and lose a process at any of its calls: killed, or with the power, when what was not
 * forced is there or not, page by page.
 */
public final class SimulatedDisk {
    /** How a process ends. */
    public enum End {
        /** The system still has all that was written. */
        KILL,
        /** Of what was not forced the disk has what chance left. */
        POWER_CUT
    }

    /** A fault that a log could have. */
    public enum Plant {
        NONE,
        FORCE_LEFT_OUT,
        FAILED_FORCE_IGNORED,
        DELETION_LEFT_OUT,
        DIRECTORY_FORCE_LEFT_OUT
    }

    private static final int PAGE_BYTES = 512;
    private static final String IMAGE = ".image";

    private final Path store;
    private final Plant plant;

    /** A segment's annex is written beside the writer's thread. */
    private final ReentrantLock lock = new ReentrantLock();

    private DiskState kept;
    private RecordingFiles files;
    private boolean isFull;
    private boolean failsNextForce;
    private boolean hasBrokenForce;
    private boolean isEnded;

    /** Calls until the process ends; never if 0. */
    private int callsLeft;

    private End end = End.KILL;
    private long fate;

    public SimulatedDisk(Path store, Plant plant) {
        this.store = store;
        this.plant = plant;
        this.kept = new DiskState(store.resolve(LogDirectory.NAME));
        this.files = newFiles();
    }

    public Path store() {
        return store;
    }

    private RecordingFiles newFiles() {
        RecordingFiles.Plant planted =
                switch (plant) {
                    case FORCE_LEFT_OUT -> RecordingFiles.Plant.FORCE_LEFT_OUT;
                    case DIRECTORY_FORCE_LEFT_OUT -> RecordingFiles.Plant.DIRECTORY_FORCE_LEFT_OUT;
                    case NONE, FAILED_FORCE_IGNORED, DELETION_LEFT_OUT -> RecordingFiles.Plant.NONE;
                };
        return new RecordingFiles(kept, this::reached, planted, () -> {});
    }

    /** Opens a log on it for the process that lives now. */
    public OpLog open(LogOptions options, int segmentFramesMax, long seed) {
        LogOptions small =
                new LogOptions(
                        options.segmentBytesMax(),
                        segmentFramesMax,
                        options.forcesGroups(),
                        options.openJdkPackages(),
                        options.expectedAtLeast(),
                        options.tail(),
                        options.sealing());
        return OpLog.open(
                store,
                small,
                new Faults(),
                files.recording(PlainSegment::create),
                new SplittableRandom(seed));
    }

    public void setFull(boolean full) {
        isFull = full;
    }

    public boolean isFull() {
        return isFull;
    }

    public void failNextForce() {
        failsNextForce = true;
    }

    /**
     * Ends the process at its nth call from now.
     *
     * @param calls from 1
     */
    public void endAt(int calls, End how, long seed) {
        callsLeft = calls;
        end = how;
        fate = seed;
    }

    /** Ends the process now. */
    public void endNow(End how, long seed) {
        lock.lock();
        try {
            if (!isEnded) {
                end = how;
                fate = seed;
                die();
            }
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the process that lived last has been ended. */
    public boolean isEnded() {
        return isEnded;
    }

    /** Whether a fault other than a full disk was met since the process began. */
    public boolean hasFailed() {
        return isEnded || hasBrokenForce;
    }

    private void reached(String step) throws IOException {
        // An annex comes when its thread has time for it: it is no moment that a seed can name.
        if (callsLeft > 0 && !Thread.currentThread().isVirtual() && --callsLeft == 0) {
            die();
        }
    }

    private void die() throws IOException {
        isEnded = true;
        callsLeft = 0;
        files.die();
        Path image = store.resolveSibling(store.getFileName() + IMAGE);
        Trees.delete(image);
        Files.createDirectories(image);
        if (Files.isDirectory(kept.root())) {
            CrashImage.Fate pages =
                    end == End.KILL
                            ? CrashImage.Named.ALL
                            : new CrashImage.Chance(new SplittableRandom(fate));
            new CrashImage(kept, DiskState.seen(kept.root()), PAGE_BYTES, pages)
                    .write(image.resolve(LogDirectory.NAME));
        }
        try (Stream<Path> besides = Files.list(store)) {
            for (Path beside : besides.toList()) {
                if (!beside.endsWith(LogDirectory.NAME)) {
                    Trees.copy(beside, image.resolve(beside.getFileName()));
                }
            }
        }
    }

    /** A disk as the next process finds it; to be called when the last one has let go of it. */
    public void restart() {
        try {
            Path image = store.resolveSibling(store.getFileName() + IMAGE);
            if (isEnded) {
                replaceBy(image);
            }
            isEnded = false;
            failsNextForce = false;
            hasBrokenForce = false;
            callsLeft = 0;
            kept = new DiskState(store.resolve(LogDirectory.NAME));
            if (Files.isDirectory(kept.root())) {
                kept.keepAll();
            }
            files = newFiles();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Puts a copy in the place of all that is there; the process has let go of it. */
    public void restore(Path backup) {
        try {
            Path image = store.resolveSibling(store.getFileName() + IMAGE);
            Trees.delete(image);
            Trees.copy(backup, image);
            replaceBy(image);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Copies all that is there; nobody writes to it meanwhile. */
    public void backup(Path target) {
        try {
            Trees.delete(target);
            Trees.copy(store, target);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Within the same directory: it is the same device that finds its disk changed. */
    private void replaceBy(Path image) throws IOException {
        if (Files.isDirectory(store)) {
            Trees.empty(store);
        } else {
            Files.createDirectories(store);
        }
        try (Stream<Path> children = Files.list(image)) {
            for (Path child : children.toList()) {
                Files.move(child, store.resolve(child.getFileName()));
            }
        }
        Trees.delete(image);
    }

    /** Comes before the book-keeping: what fails here has not happened. */
    private final class Faults implements StoreFiles {
        private interface Call {
            void run() throws IOException;
        }

        private final RecordingFiles files = SimulatedDisk.this.files;

        private void alone(Call call) throws IOException {
            lock.lock();
            try {
                call.run();
            } finally {
                lock.unlock();
            }
        }

        private void takingRoom(Call call) throws IOException {
            if (isFull) {
                throw new IOException(FaultyFiles.DISK_FULL);
            }
            alone(call);
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            takingRoom(() -> files.createDirectory(directory));
        }

        @Override
        public void restrict(Path file) throws IOException {
            alone(() -> files.restrict(file));
        }

        @Override
        public void replace(Path file, Bytes content) throws IOException {
            takingRoom(() -> files.replace(file, content));
        }

        @Override
        public void allocate(Path file, long bytes) throws IOException {
            takingRoom(() -> files.allocate(file, bytes));
        }

        @Override
        public void requireRoom(Path directory, long bytes) throws IOException {
            takingRoom(() -> files.requireRoom(directory, bytes));
        }

        @Override
        public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
            // The file ends where its content does: what is read whole after each force is short.
            takingRoom(() -> {});
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            if (failsNextForce && plant == Plant.FAILED_FORCE_IGNORED) {
                // And so it goes on: a disk that failed seldom recovers.
                return;
            }
            if (failsNextForce) {
                failsNextForce = false;
                hasBrokenForce = true;
                throw new IOException(FaultyFiles.BROKEN);
            }
            alone(() -> files.force(channel));
        }

        @Override
        public void forceNew(FileChannel channel) throws IOException {
            alone(() -> files.forceNew(channel));
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            alone(() -> files.forceDirectory(directory));
        }

        @Override
        public void truncate(FileChannel channel, long bytes) throws IOException {
            alone(() -> files.truncate(channel, bytes));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            alone(() -> files.rename(from, to));
        }

        @Override
        public void deleteFile(Path file) throws IOException {
            alone(() -> files.deleteFile(file));
        }

        @Override
        public void deleteDirectory(Path directory) throws IOException {
            if (plant == Plant.DELETION_LEFT_OUT) {
                return;
            }
            alone(() -> files.deleteDirectory(directory));
        }
    }
}
