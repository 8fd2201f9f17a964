package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where on its file system a store lies, remembered in the file {@code place}: the inodes of the
 * directory and of the file {@code device}, which is never rewritten, and when that file was made.
 * All three outlive a reboot and a renaming. A copy, by whatever tool, has other inodes; so has a
 * store that was moved to another file system, which passes for a copy and loses nothing by it. The
 * number of the device that holds the file system is left out, as a reboot may change it.
 *
 * <p>Not seen here is whatever turns back or doubles the file system itself: a snapshot, an image
 * of a virtual machine; and files that were put back into the directory beside an untouched {@code
 * device}. A file system without inodes leaves the date, which most copies do not keep. What is
 * missed here a peer still sees: it holds more of this device's batches, or others.
 */
final class StorePlace {
    private static final String UNKNOWN = "-";

    private final Path store;
    private final SmallFile file;

    StorePlace(StoreFolder store) {
        this.store = store.path();
        this.file = new SmallFile(store, "place");
    }

    /** Whether the store lies where it was remembered; empty if that never was. */
    Optional<Boolean> isRemembered() {
        return file.read().map(known -> known.equals(here()));
    }

    /** Remembers that it lies here; durable when it returns. */
    void remember() {
        file.write(here());
    }

    private List<String> here() {
        Path device = store.resolve("device");
        try {
            return List.of(
                    "directory=" + inode(store),
                    "device=" + inode(device),
                    "made="
                            + Files.readAttributes(device, BasicFileAttributes.class)
                                    .creationTime()
                                    .to(TimeUnit.NANOSECONDS));
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, device + " cannot be looked at", failed);
        }
    }

    private static String inode(Path path) throws IOException {
        try {
            return String.valueOf(Files.getAttribute(path, "unix:ino"));
        } catch (UnsupportedOperationException | IllegalArgumentException none) {
            return UNKNOWN;
        }
    }
}
