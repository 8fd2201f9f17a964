package dev.loam.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory tree at two moments at once: as the processes see it, and what of it the disk must
 * keep. A file's content is kept as of its last force, a name as of the last force of its
 * directory.
 */
final class DiskState {
    /**
     * What is behind a name.
     *
     * @param key the file system's own for the file or directory
     */
    record Node(Object key, boolean isDirectory) {}

    private final Path root;
    private final Map<Object, FileContent> contents = new HashMap<>();
    private final Map<Object, TreeMap<String, Node>> names = new HashMap<>();

    DiskState(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** The tree as the processes see it now. */
    static DiskState seen(Path root) throws IOException {
        DiskState state = new DiskState(root);
        state.keepAll();
        return state;
    }

    /** All that is there now is kept from now on. */
    void keepAll() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                if (Files.isDirectory(path)) {
                    keepNames(path);
                } else {
                    keepContent(path);
                }
            }
        }
    }

    void keepContent(Path file) throws IOException {
        contents.put(key(file), FileContent.read(file));
    }

    /** All frames that there are. */
    void keepFrames() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                if (path.endsWith(LogDirectory.FRAMES)) {
                    keepContent(path);
                }
            }
        }
    }

    void keepNames(Path directory) throws IOException {
        List<Path> children;
        try (Stream<Path> listed = Files.list(directory)) {
            children = listed.toList();
        }
        TreeMap<String, Node> kept = new TreeMap<>();
        for (Path child : children) {
            kept.put(
                    child.getFileName().toString(), new Node(key(child), Files.isDirectory(child)));
        }
        names.put(key(directory), kept);
    }

    /** Nothing for a directory that was never forced. */
    TreeMap<String, Node> names(Object directory) {
        return names.getOrDefault(directory, new TreeMap<>());
    }

    /** Whether the file is there, or its content was forced. */
    boolean has(Object file) {
        return contents.containsKey(file);
    }

    /** Nothing for a file that was never forced. */
    FileContent content(Object file) {
        return contents.getOrDefault(file, FileContent.EMPTY);
    }

    static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
