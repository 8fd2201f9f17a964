package dev.loam.testkit;

import dev.loam.core.Bytes;
import dev.loam.log.StoreFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The disk of a store's log, which works until it is told to fail. What fails says what the
 * operating system would say, and the store answers as it would there: {@code DISK_FULL} where
 * nothing was written, {@code IO_FAILED} where that is not known. Any thread.
 *
 * <p>Of the index, which can be built anew, and of what is read nothing fails.
 */
public final class FailingDisk {
    private enum Health {
        SOUND,
        /** The next force fails, once. */
        FORCE_FAILS,
        /** Whatever takes room fails. */
        FULL,
        /** Every change fails. */
        BROKEN
    }

    private volatile Health health = Health.SOUND;

    FailingDisk() {}

    /**
     * Has the next force fail, and that alone. The write that waits for it fails with {@code
     * IO_FAILED}, as does every later one until the store is opened again; reads go on.
     */
    public void failNextForce() {
        health = Health.FORCE_FAILS;
    }

    /**
     * Leaves no room: writes that need more than the log has laid aside fail with {@code
     * DISK_FULL}, and nothing of them is written.
     */
    public void fillUp() {
        health = Health.FULL;
    }

    /** Has every change of a file fail. */
    public void breakDown() {
        health = Health.BROKEN;
    }

    /** Has everything work again; a store that met {@code IO_FAILED} needs to be opened again. */
    public void mend() {
        health = Health.SOUND;
    }

    /** What a log is to call in place of the file system. */
    StoreFiles over(StoreFiles files) {
        return new Files(files);
    }

    private void change() throws IOException {
        if (health == Health.BROKEN) {
            throw new IOException("Input/output error");
        }
    }

    private void takeRoom() throws IOException {
        change();
        if (health == Health.FULL) {
            throw new IOException("No space left on device");
        }
    }

    private void force() throws IOException {
        change();
        if (health == Health.FORCE_FAILS) {
            health = Health.SOUND;
            throw new IOException("Input/output error");
        }
    }

    private final class Files implements StoreFiles {
        private final StoreFiles files;

        Files(StoreFiles files) {
            this.files = files;
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            takeRoom();
            files.createDirectory(directory);
        }

        @Override
        public void restrict(Path file) throws IOException {
            change();
            files.restrict(file);
        }

        @Override
        public void replace(Path file, Bytes content) throws IOException {
            takeRoom();
            files.replace(file, content);
        }

        @Override
        public void allocate(Path file, long bytes) throws IOException {
            takeRoom();
            files.allocate(file, bytes);
        }

        @Override
        public void requireRoom(Path directory, long bytes) throws IOException {
            takeRoom();
            files.requireRoom(directory, bytes);
        }

        @Override
        public void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
            takeRoom();
            files.fillWithZeros(channel, from, to);
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            FailingDisk.this.force();
            files.force(channel);
        }

        @Override
        public void forceNew(FileChannel channel) throws IOException {
            FailingDisk.this.force();
            files.forceNew(channel);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            FailingDisk.this.force();
            files.forceDirectory(directory);
        }

        @Override
        public void truncate(FileChannel channel, long bytes) throws IOException {
            change();
            files.truncate(channel, bytes);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            change();
            files.rename(from, to);
        }

        @Override
        public void deleteFile(Path file) throws IOException {
            change();
            files.deleteFile(file);
        }

        @Override
        public void deleteDirectory(Path directory) throws IOException {
            change();
            files.deleteDirectory(directory);
        }
    }
}
