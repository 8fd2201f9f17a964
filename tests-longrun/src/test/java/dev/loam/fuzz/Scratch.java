package dev.loam.fuzz;

import dev.loam.log.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
            Trees.delete(directory);
        } catch (IOException _) {
            // There is nobody left to tell.
        }
    }
}
