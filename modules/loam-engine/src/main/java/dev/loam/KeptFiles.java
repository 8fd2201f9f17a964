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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a store holds beside its log that cannot be made anew: who it is, whom it trusts, what it
 * has set aside. Where it lies, {@link StorePlace}, is not among it: what is restored is to find
 * out that it is a copy.
 */
final class KeptFiles {
    /** Days that were not counted are all that is lost with it. */
    private static final String ABSENCES = "absences";

    private static final Map<String, String> HEADLINES =
            Map.of(
                    "device",
                    "loam-device 1",
                    "actors",
                    "loam-actors 1",
                    "peers",
                    "loam-peers 1",
                    "contacts",
                    "loam-contacts 1",
                    "forget",
                    "loam-forget 1",
                    ABSENCES,
                    "loam-absences 1");

    /** Count of an item that holds a part of a line, and not its last. */
    static final int GOES_ON = 1;

    private static final int PART_BYTES = 1 << 20;
    private static final Pattern ASIDE = Pattern.compile("aside-[0-9a-f]{32}");
    private static final String ASIDE_HEADLINE = "loam-aside 1";

    private KeptFiles() {}

    private static Optional<String> headline(String name) {
        return ASIDE.matcher(name).matches()
                ? Optional.of(ASIDE_HEADLINE)
                : Optional.ofNullable(HEADLINES.get(name));
    }

    /** The lines of each file that is there, by its name. */
    static Map<String, List<String>> read(StoreFolder store) {
        Map<String, List<String>> contents = new TreeMap<>();
        for (String name : names(store.path())) {
            headline(name)
                    .flatMap(headline -> lines(store, name, headline))
                    .ifPresent(lines -> contents.put(name, lines));
        }
        return contents;
    }

    private static Optional<List<String>> lines(StoreFolder store, String name, String headline) {
        try {
            return new SmallFile(store, name, headline).read();
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
        String headline =
                headline(name)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORMAT_VERSION,
                                                "the backup holds a file that this version of Loam"
                                                        + " does not know: use a newer Loam"));
        new SmallFile(store, name, headline).write(lines);
    }
}
