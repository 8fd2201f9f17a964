package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyTable;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The table {@code log-keys} and its copy. Without one of them nobody ever reads the log again, so
 * either opens it. They differ only if the process ended between writing one and the other, and
 * then nothing was done yet that needs what was written: each of them counts.
 *
 * <p>For another master key the table is written beside itself first: that one counts once the
 * master key does, whatever happens in between, since each master key opens its own only.
 */
final class LogKeysFiles {
    static final String NAME = "log-keys";

    private final KeyTableFile first;
    private final KeyTableFile copy;
    private final KeyTableFile next;

    LogKeysFiles(Path store) {
        this.first = new KeyTableFile(store, NAME, NAME);
        this.copy = new KeyTableFile(store, NAME + ".copy", NAME);
        this.next = new KeyTableFile(store, NAME + ".next", NAME);
    }

    /** Whether there is one at all, as in no store that is not encrypted. */
    boolean exist() {
        return first.file().exists() || copy.file().exists();
    }

    /** A table without a row. */
    KeyTable empty(KeyTable.Parent parent) {
        return first.empty(parent);
    }

    /**
     * @param mended the names of the files that were written anew
     */
    record Opened(KeyTable table, List<String> mended) {
        static Opened of(KeyTable table) {
            return new Opened(table, List.of());
        }

        Opened and(List<String> others) {
            return new Opened(table, Stream.concat(mended.stream(), others.stream()).toList());
        }
    }

    /**
     * The table that this parent opens. Ends what a crash left begun, and makes both files alike: a
     * disk that takes no write keeps nobody from a table that is in place.
     *
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION}, {@code TAMPERED}; as a write
     *     does where the table is not in place yet
     */
    Opened read(KeyTable.Parent parent) {
        Optional<Found> begun = begun(parent);
        if (begun.isPresent()) {
            return new Opened(begun.get().table(), settle(begun.get().content()));
        }
        Found found = inPlace(parent);
        try {
            return new Opened(found.table(), settle(found.content()));
        } catch (LoamException notWritten) {
            return Opened.of(found.table());
        }
    }

    /** The same, changing nothing: while its owner is at work, the next one may be there. */
    KeyTable peek(KeyTable.Parent parent) {
        return begun(parent).orElseGet(() -> inPlace(parent)).table();
    }

    private record Found(Bytes content, KeyTable table) {}

    /** Empty if the master key for which one was written never came, or has another one by now. */
    private Optional<Found> begun(KeyTable.Parent parent) {
        try {
            return find(next, parent);
        } catch (LoamException ofNoUse) {
            return Optional.empty();
        }
    }

    private Found inPlace(KeyTable.Parent parent) {
        Optional<LoamException> refused = Optional.empty();
        for (KeyTableFile each : List.of(first, copy)) {
            try {
                Optional<Found> found = find(each, parent);
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (LoamException doubtful) {
                refused = refused.or(() -> Optional.of(doubtful));
            }
        }
        throw refused.orElseGet(this::missing);
    }

    private static Optional<Found> find(KeyTableFile file, KeyTable.Parent parent) {
        return file.file().read().map(bytes -> new Found(bytes, file.decode(parent, bytes)));
    }

    private LoamException missing() {
        return new LoamException(
                ErrorCode.CORRUPT,
                first.file().path()
                        + " and its copy are missing: they hold the keys of the store's files; put"
                        + " one of them back from a copy of the store");
    }

    /**
     * @throws LoamException {@code CORRUPT} if the two are not the same
     */
    void requireBoth() {
        if (!first.file().read().equals(copy.file().read())) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    first.file().path()
                            + " and its copy differ: one of them is missing or damaged; opening the"
                            + " store mends it from the other");
        }
    }

    /** Durable, twice, when it returns. */
    void write(KeyTable table, SecureRandom random) {
        Bytes content = table.encode(random);
        first.file().write(content);
        copy.file().write(content);
    }

    /** Writes the same table for another master key, for {@link #useNext}. */
    void writeNext(KeyTable table, SecureRandom random) {
        next.file().write(table.encode(random));
    }

    /** Puts what was written for the next master key in place, now that it is the one. */
    void useNext() {
        settle(next.file().read().orElseThrow());
    }

    private List<String> settle(Bytes content) {
        List<String> mended = first.file().makeAlike(content, copy.file());
        if (next.file().exists()) {
            next.file().delete();
        }
        return mended;
    }
}
