package dev.loam.index;

import java.nio.file.Path;
import java.util.Optional;

/** How an index lies on the disk: all of its contract holds either way. */
enum Storage {
    PLAIN,
    SEALED;

    /** With what is durable in {@code directory}, as after a start of the process. */
    Optional<IndexSealing> in(Path directory) {
        return switch (this) {
            case PLAIN -> Optional.empty();
            case SEALED -> Optional.of(new KeyTable(directory));
        };
    }
}
