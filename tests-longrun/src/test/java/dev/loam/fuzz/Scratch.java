package dev.loam.fuzz;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A directory for targets that read files; in memory where the machine has some, and gone in the
 * end.
 */
public final class Scratch {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Scratch() {}

    public static Path make() throws IOException {
        Path made =
                Files.isWritable(MEMORY)
                        ? Files.createTempDirectory(MEMORY, "loam-fuzz")
                        : Files.createTempDirectory("loam-fuzz");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        return made;
    }

    private static void delete(Path directory) {
        try {
            clear(directory);
            Files.delete(directory);
        } catch (IOException _) {
            // There is nobody left to tell.
        }
    }

    /** Deletes what is in it. */
    public static void clear(Path directory) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failed)
                            throws IOException {
                        if (!visited.equals(directory)) {
                            Files.delete(visited);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
