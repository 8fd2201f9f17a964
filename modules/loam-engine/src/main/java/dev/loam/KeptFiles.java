package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a store holds beside its log that cannot be made anew: who it is, whom it trusts, what it
 * has set aside. It is every {@link SmallFile} but where the store lies, {@link StorePlace}: what
 * is restored is to find out that it is a copy.
 */
final class KeptFiles {
    /** Days that were not counted are all that is lost with it. */
    private static final String ABSENCES = "absences";

    private static final String PLACE = "place";

    /** Count of an item that holds a part of a line, and not its last. */
    static final int GOES_ON = 1;

    private static final int PART_BYTES = 1 << 20;

    private KeptFiles() {}

    private static boolean isKept(String name) {
        return SmallFile.isOne(name) && !name.equals(PLACE);
    }

    /** The lines of each file that is there, by its name. */
    static Map<String, List<String>> read(StoreFolder store) {
        Map<String, List<String>> contents = new TreeMap<>();
        for (String name : names(store.path())) {
            if (isKept(name)) {
                lines(store, name).ifPresent(lines -> contents.put(name, lines));
            }
        }
        return contents;
    }

    private static Optional<List<String>> lines(StoreFolder store, String name) {
        try {
            return new SmallFile(store, name).read();
        } catch (LoamException unreadable) {
            if (name.equals(ABSENCES) && unreadable.code() == ErrorCode.CORRUPT) {
                return Optional.empty();
            }
            throw unreadable;
        }
    }

    private static List<String> names(Path store) {
        try (Stream<Path> children = Files.list(store)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        } catch (IOException fault) {
            throw BackupFiles.reading(store, fault);
        }
    }

    /** Adds them to a unit. */
    static void addTo(UnitWriter unit, Map<String, List<String>> contents) {
        contents.forEach(
                (name, lines) -> {
                    unit.add(new UnitItem(UnitItem.Kind.FILE, 0, Bytes.ofUtf8(name)));
                    lines.forEach(line -> add(unit, Bytes.ofUtf8(line)));
                });
    }

    private static void add(UnitWriter unit, Bytes line) {
        int from = 0;
        while (line.size() - from > PART_BYTES) {
            Bytes part = line.slice(from, from + PART_BYTES);
            unit.add(new UnitItem(UnitItem.Kind.LINE, GOES_ON, part));
            from += PART_BYTES;
        }
        unit.add(new UnitItem(UnitItem.Kind.LINE, 0, line.slice(from, line.size())));
    }

    /**
     * Writes a file of a store that is being restored.
     *
     * @throws LoamException {@code FORMAT_VERSION} if this version of Loam keeps no such file
     */
    static void write(StoreFolder store, String name, List<String> lines) {
        if (!isKept(name)) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the backup holds a file that this version of Loam does not know: use a newer"
                            + " Loam");
        }
        new SmallFile(store, name).write(lines);
    }
}
