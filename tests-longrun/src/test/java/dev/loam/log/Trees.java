package dev.loam.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directory trees of small stores, copied and deleted. */
public final class Trees {
    private Trees() {}

    /** Copies what is there, but for what holds nothing or belongs to a process. */
    public static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        for (Path path : paths(from)) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else if (!path.endsWith(StoreLock.FILE_NAME)
                    && !path.endsWith(Reserve.FILE_NAME)
                    && !path.endsWith(StoreLock.OWNER_NAME)) {
                copyFile(path, target);
            }
        }
    }

    private static void copyFile(Path path, Path target) throws IOException {
        try {
            Files.copy(path, target);
        } catch (NoSuchFileException gone) {
            // An index lets go of files that none of its commits names.
        }
    }

    public static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            empty(tree);
            Files.delete(tree);
        }
    }

    /** Deletes what is in it. */
    public static void empty(Path directory) throws IOException {
        for (Path path : paths(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
            if (!path.equals(directory)) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static List<Path> paths(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.toList();
        }
    }
}
