package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code keys} and its copy. Without one of them nobody ever reads the store again, so
 * either opens it. They differ only if the process ended between writing one and the other; the
 * newer one then counts.
 */
final class KeyFiles {
    static final String NAME = "keys";
    private static final String COPY = "keys.copy";

    private final Path store;
    private final WholeFile first;
    private final WholeFile copy;

    KeyFiles(Path store) {
        this.store = store;
        this.first = new WholeFile(store, NAME);
        this.copy = new WholeFile(store, COPY);
    }

    boolean exist() {
        return first.exists() || copy.exists();
    }

    /**
     * The newer one of those that are whole; empty if there is neither.
     *
     * @throws LoamException {@code CORRUPT} if none of those that are there is whole; {@code
     *     IO_FAILED} if none can be read; {@code FORMAT_VERSION}
     */
    Optional<KeyFile> read() {
        List<KeyFile> whole = new ArrayList<>();
        LoamException damage = null;
        for (WholeFile each : List.of(first, copy)) {
            try {
                each.read().map(KeyFile::decode).ifPresent(whole::add);
            } catch (LoamException refused) {
                if (!isDamage(refused)) {
                    throw refused;
                }
                damage = refused;
            }
        }
        if (whole.isEmpty() && damage != null) {
            if (damage.code() == ErrorCode.IO_FAILED) {
                throw damage;
            }
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "the key file of "
                            + store
                            + " and its copy are damaged, and without one of them the store cannot"
                            + " be read; put "
                            + NAME
                            + " back from a backup of the store",
                    damage);
        }
        return whole.stream().max((a, b) -> Long.compare(a.generation(), b.generation()));
    }

    /** A disk that has lost a file's blocks refuses to read them. */
    private static boolean isDamage(LoamException refused) {
        return refused.code() == ErrorCode.CORRUPT || refused.code() == ErrorCode.IO_FAILED;
    }

    /**
     * @throws LoamException {@code CORRUPT} if either of the two is not this one
     */
    void requireBoth(KeyFile newest) {
        for (WholeFile each : List.of(first, copy)) {
            if (!each.holds(newest.encode())) {
                throw new LoamException(
                        ErrorCode.CORRUPT,
                        each.path()
                                + " is missing or damaged; the other key file is whole, and opening"
                                + " the store mends this one");
            }
        }
    }

    /** Durable, twice, when it returns. */
    void write(KeyFile file) {
        first.write(file.encode());
        copy.write(file.encode());
    }

    /**
     * Makes both alike again. Only for a file that was unlocked: what nobody can open replaces
     * nothing. A disk that takes no write keeps nobody from a store that can be read; see {@link
     * #complaint}.
     *
     * @return the names of those that were not
     */
    List<String> repair(KeyFile unlocked) {
        try {
            return first.makeAlike(unlocked.encode(), copy);
        } catch (LoamException notWritten) {
            return List.of();
        }
    }

    /** What is to be said if one of the two is not this one, though it was to be repaired. */
    Optional<String> complaint(KeyFile file) {
        return first.holds(file.encode()) && copy.holds(file.encode())
                ? Optional.empty()
                : Optional.of(
                        "only one of the two key files of "
                                + store
                                + " is whole, and the other cannot be mended: see to the disk, then"
                                + " open the store again");
    }
}
