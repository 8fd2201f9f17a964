package dev.loam.longrun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file system in a file, mounted until it is closed. */
public final class LoopDisk implements AutoCloseable {
    private final Path mount;

    private LoopDisk(Path mount) {
        this.mount = mount;
    }

    /** Why this machine cannot do it, if it cannot. */
    public static Optional<String> obstacle(Path directory) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root may mount");
        }
        Path image = directory.resolve("probe.img");
        try {
            format(image, 8);
            try (LoopDisk disk = mount(image, directory.resolve("probe"))) {
                return Files.isDirectory(disk.path())
                        ? Optional.empty()
                        : Optional.of("the mount is not there");
            }
        } catch (IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** Makes ext4 with a journal. */
    public static void format(Path image, int mebibytes) throws IOException {
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-O", "has_journal", image.toString());
    }

    /** Replays the journal of an image that was cut off, as the kernel does at the next start. */
    public static LoopDisk mount(Path image, Path place) throws IOException {
        Files.createDirectories(place);
        run("mount", "-o", "loop", image.toString(), place.toString());
        return new LoopDisk(place);
    }

    /** A file system in memory. */
    public static LoopDisk memory(Path place, long bytes) throws IOException {
        Files.createDirectories(place);
        run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", place.toString());
        return new LoopDisk(place);
    }

    public Path path() {
        return mount;
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", mount.toString());
        } catch (IOException busy) {
            run("umount", "-l", mount.toString());
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(List.of(command) + ": " + said.strip());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + List.of(command), stopped);
        }
    }
}
