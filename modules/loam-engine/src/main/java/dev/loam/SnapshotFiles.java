package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chunks of one vault's snapshot as files, each named by its hash: whatever is there under its
 * name was whole once, and is compared with its name whenever it is read. One thread.
 */
final class SnapshotFiles {
    /** Of all snapshots that are sent or taken. */
    static final String DIRECTORY = "snapshots";

    static final int CHUNK_BYTES = 1 << 20;

    private final StoreFolder store;
    private final Path directory;

    private SnapshotFiles(StoreFolder store, String name) {
        this.store = store;
        this.directory = of(store).resolve(name);
    }

    /** Of what this store makes. */
    static SnapshotFiles made(StoreFolder store, VaultId vault) {
        return new SnapshotFiles(store, "made-" + vault.bytes().toHex());
    }

    /** Of what this store is given. */
    static SnapshotFiles taken(StoreFolder store, VaultId vault) {
        return new SnapshotFiles(store, "taken-" + vault.bytes().toHex());
    }

    private static Path of(StoreFolder store) {
        return store.resolve(DIRECTORY);
    }

    /** What was made before the store was opened nobody asks for any more. */
    static void forgetMade(StoreFolder store) {
        if (!Files.exists(of(store))) {
            return;
        }
        try (Stream<Path> all = Files.list(of(store))) {
            for (Path each : all.toList()) {
                if (each.getFileName().toString().startsWith("made-")) {
                    IndexBuild.deleteTree(each);
                }
            }
        } catch (IOException failure) {
            throw new LoamException(ErrorCode.IO_FAILED, of(store) + " cannot be listed", failure);
        }
    }

    /** Keeps a chunk, and tells its name. */
    Bytes keep(Bytes chunk) {
        Bytes hash = hash(chunk);
        Path file = file(hash);
        try {
            Files.createDirectories(directory);
            Path temporary = directory.resolve("chunk.tmp");
            Files.write(temporary, store.sealed(name(hash), chunk).toArray());
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return hash;
        } catch (IOException failure) {
            throw failed("a chunk of a snapshot cannot be written", failure);
        }
    }

    boolean has(Bytes hash) {
        return Files.exists(file(hash));
    }

    /**
     * Reads a chunk.
     *
     * @throws LoamException {@code CORRUPT} if it is not what its name says; it is then gone
     */
    Bytes read(Bytes hash) {
        try {
            Bytes stored = Bytes.adopt(Files.readAllBytes(file(hash)));
            Optional<Bytes> chunk = store.openedIfSound(name(hash), stored);
            if (chunk.isPresent() && hash(chunk.get()).equals(hash)) {
                return chunk.get();
            }
            Files.delete(file(hash));
        } catch (IOException failure) {
            throw failed("a chunk of a snapshot cannot be read", failure);
        }
        throw new LoamException(
                ErrorCode.CORRUPT, "a chunk of a snapshot was damaged; sync again to get it anew");
    }

    /** Shows each chunk that is there and sound. */
    void forEach(Consumer<Bytes> reader) {
        for (Path file : files()) {
            try {
                Bytes stored = Bytes.adopt(Files.readAllBytes(file));
                store.openedIfSound(file.getFileName().toString(), stored).ifPresent(reader);
            } catch (IOException failure) {
                throw failed("a chunk of a snapshot cannot be read", failure);
            }
        }
    }

    /** Deletes what is not of a snapshot with these chunks. */
    void keepOnly(Collection<Bytes> hashes) {
        Set<String> names = hashes.stream().map(this::name).collect(Collectors.toSet());
        for (Path file : files()) {
            if (!names.contains(file.getFileName().toString())) {
                delete(file);
            }
        }
    }

    void deleteAll() {
        keepOnly(new TreeSet<>());
        delete(directory);
    }

    private List<Path> files() {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return new ArrayList<>(files.toList());
        } catch (IOException failure) {
            throw failed("the chunks of a snapshot cannot be listed", failure);
        }
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw failed("a chunk of a snapshot cannot be deleted", failure);
        }
    }

    private LoamException failed(String what, IOException failure) {
        return new LoamException(ErrorCode.IO_FAILED, what + " in " + directory, failure);
    }

    private Path file(Bytes hash) {
        return directory.resolve(name(hash));
    }

    /** Of a sealed store no hash of anything may be seen: what is guessed could be confirmed. */
    private String name(Bytes hash) {
        return store.keys().map(keys -> keys.nameOf(hash)).orElse(hash).toHex();
    }

    private static Bytes hash(Bytes chunk) {
        try {
            return Bytes.adopt(MessageDigest.getInstance("SHA-256").digest(chunk.toArray()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
