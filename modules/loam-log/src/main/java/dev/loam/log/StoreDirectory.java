package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The directory of a store: told from other directories, and made. */
final class StoreDirectory {
    /** What may lie beside the log; the log touches the first two of them only. */
    private static final Set<String> KNOWN_NAMES =
            Set.of(StoreLock.FILE_NAME, StoreLock.OWNER_NAME, "index", "device", "peers");

    private StoreDirectory() {}

    /**
     * Makes the directory if it is not there.
     *
     * @throws LoamException {@code NOT_A_STORE} if it is something else; it is then left as it was
     */
    static Path require(Path given, StoreFiles files) throws IOException {
        Path store = given.toAbsolutePath().normalize();
        if (Files.isDirectory(store)) {
            refuseForeign(store);
            return store;
        }
        if (Files.exists(store, LinkOption.NOFOLLOW_LINKS)) {
            throw new LoamException(
                    ErrorCode.NOT_A_STORE,
                    store + " is not a directory. Name the directory of a store, or a new one");
        }
        Path parent = store.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
            files.createDirectory(store);
            files.forceDirectory(parent);
        }
        return store;
    }

    private static void refuseForeign(Path store) throws IOException {
        if (Files.isDirectory(store.resolve(LogDirectory.NAME))) {
            return;
        }
        List<String> foreign;
        try (Stream<Path> children = Files.list(store)) {
            foreign =
                    children.map(child -> String.valueOf(child.getFileName()))
                            .filter(name -> !KNOWN_NAMES.contains(name))
                            .filter(name -> !name.endsWith(DiskFiles.TEMPORARY))
                            .sorted()
                            .toList();
        }
        if (!foreign.isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_A_STORE,
                    store
                            + " holds other things than a store of Loam, for example \""
                            + foreign.getFirst()
                            + "\", and no log. Name the directory of a store, or a new or empty one");
        }
    }
}
