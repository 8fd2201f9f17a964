package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.IndexSealing;
import dev.loam.index.Projector;
import dev.loam.index.RecordIndex;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a store, and what seals the files in it.
 *
 * @param keys empty for a store that is not sealed
 */
record StoreFolder(Path path, Optional<StoreKeys> keys) {
    /** Of a store that is not sealed. */
    static StoreFolder plain(Path path) {
        return new StoreFolder(path, Optional.empty());
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The index in a directory of the store's. */
    RecordIndex openIndex(Path directory, StoreId store, Projector projector) {
        return RecordIndex.open(directory, store, projector, sealing(directory));
    }

    /** What an index says that it covers; empty if there is none that can be read. */
    Optional<IndexCheckpoint> peekIndex(Path directory, Optional<StoreId> store) {
        return RecordIndex.peek(directory, store, sealing(directory));
    }

    private Optional<IndexSealing> sealing(Path directory) {
        return keys.map(each -> new SealedIndex(directory, each));
    }

    /** The content of a file as it is stored; as that of another name it cannot be read. */
    Bytes sealed(String name, Bytes content) {
        return keys.map(each -> each.sealFile(name, content)).orElse(content);
    }

    /** The same of what can be made anew; empty if it is damaged or was tampered with. */
    Optional<Bytes> openedIfSound(String name, Bytes stored) {
        try {
            return Optional.of(opened(name, stored));
        } catch (LoamException doubtful) {
            return Optional.empty();
        }
    }

    /**
     * The content of a file that was stored so.
     *
     * @throws dev.loam.core.LoamException {@code CORRUPT}, {@code TAMPERED}
     */
    Bytes opened(String name, Bytes stored) {
        return keys.map(each -> each.openFile(path.resolve(name), name, stored)).orElse(stored);
    }
}
