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
import org.jspecify.annotations.Nullable;

/**
 * A directory tree at two moments at once: as the processes see it, and what of it the disk must
 * keep. A file's content is kept as of its last force, a name as of the last force of its directory.
 */
final class DiskState {
    /** A file or a directory behind a name; the key is the file system's own for it. */
    record Node(Object key, byte @Nullable [] content) {
        boolean isDirectory() {
            return content == null;
        }
    }

    private final Path root;
    private final Map<Object, byte[]> keptContents = new HashMap<>();
    private final Map<Object, TreeMap<String, Node>> keptNames = new HashMap<>();

    DiskState(Path root) {
        this.root = root;
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
        keptContents.put(key(file), Files.readAllBytes(file));
    }

    /** The frames that are being written: at any time those of one segment at most. */
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
        keptNames.put(key(directory), names(directory));
    }

    /** What the disk must have in the directory of this key. */
    TreeMap<String, Node> kept(Object directory) {
        TreeMap<String, Node> names = new TreeMap<>();
        keptNames.getOrDefault(directory, new TreeMap<>())
                .forEach((name, node) -> names.put(name, kept(node)));
        return names;
    }

    private Node kept(Node node) {
        return node.isDirectory()
                ? node
                : new Node(node.key(), keptContents.getOrDefault(node.key(), new byte[0]));
    }

    /** What the disk must have of a file; nothing if it was never forced. */
    byte[] keptContent(Object file) {
        return keptContents.getOrDefault(file, new byte[0]);
    }

    Path root() {
        return root;
    }

    /** What the processes see in a directory now. */
    static TreeMap<String, Node> names(Path directory) throws IOException {
        List<Path> children;
        try (Stream<Path> listed = Files.list(directory)) {
            children = listed.toList();
        }
        TreeMap<String, Node> names = new TreeMap<>();
        for (Path child : children) {
            byte @Nullable [] content =
                    Files.isDirectory(child) ? null : Files.readAllBytes(child);
            names.put(child.getFileName().toString(), new Node(key(child), content));
        }
        return names;
    }

    static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
