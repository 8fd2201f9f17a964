package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The directory of a store: told from other directories, and made. */
final class StoreDirectory {
    /** What may lie beside the log; the log touches the first three of them only. */
    private static final Set<String> KNOWN_NAMES =
            Set.of(
                    StoreLock.FILE_NAME,
                    StoreLock.OWNER_NAME,
                    Reserve.FILE_NAME,
                    "index",
                    "device",
                    "peers");

    private static final Set<String> NETWORK =
            Set.of(
                    "nfs",
                    "nfs4",
                    "cifs",
                    "smb",
                    "smb2",
                    "smb3",
                    "smbfs",
                    "afpfs",
                    "webdav",
                    "davfs",
                    "fuse.sshfs",
                    "fuse.davfs2",
                    "fuse.glusterfs",
                    "ceph");

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
            refuseNetwork(store);
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
            refuseNetwork(parent);
            try {
                files.createDirectory(store);
            } catch (FileAlreadyExistsException madeByAnother) {
                return require(store, files);
            }
            files.forceDirectory(parent);
        }
        return store;
    }

    /** There neither locks nor forces nor mappings are what they are on a disk. */
    private static void refuseNetwork(Path directory) throws IOException {
        String type = Files.getFileStore(directory).type();
        if (isNetwork(type)) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    directory
                            + " is on a network file system ("
                            + type
                            + "), which cannot keep a store safe. Put the store on a local disk;"
                            + " to have it elsewhere too, synchronise it");
        }
    }

    static boolean isNetwork(String type) {
        return NETWORK.contains(type.toLowerCase(Locale.ROOT));
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
