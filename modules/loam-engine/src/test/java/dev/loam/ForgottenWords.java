package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.Value;
import dev.loam.log.LogItem;
import dev.loam.log.LogOptions;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Words that stand nowhere else, in everything that a memory has. They are sought in every byte of
 * a store's files, as such and as hexadecimal digits, and in what its log holds deflated.
 */
final class ForgottenWords {
    static final String KEY = "k-forgotten";
    static final List<String> WORDS =
            List.of("quetzalcoatlus", "zyzzyvatag", "pterodactylvalue", "xylographentry");

    private ForgottenWords() {}

    static Memory memory() {
        return Memory.of("the " + WORDS.get(0) + " flew over the harbour")
                .key(KEY)
                .tag(WORDS.get(1))
                .field("place", WORDS.get(2))
                .entry("sightings", new Value.Text(WORDS.get(3)));
    }

    static Update update() {
        return Update.none().text("another " + WORDS.get(0)).set("place", WORDS.get(2) + "2");
    }

    /** The files of a closed store that hold any of the words, and what of the log does. */
    static SortedSet<String> in(Path store) throws IOException {
        SortedSet<String> found = inFiles(store);
        try (OpLog log = OpLog.open(store, LogOptions.standard(() -> Position.START))) {
            try (LogWalk walk = LogWalk.after(log, Position.START)) {
                while (walk.hasNext()) {
                    switch (walk.next()) {
                        case LogItem.Entry(Position position, Bytes payload) -> {
                            if (isIn(payload.toArray())) {
                                found.add("entry " + position);
                            }
                        }
                        case LogItem.States states -> {
                            if (isIn(Deflated.decode(states.payload()).toArray())) {
                                found.add("states");
                            }
                        }
                        case LogItem.LostStates _, LogItem.Damage _ -> found.add("damage");
                    }
                }
            }
        }
        return found;
    }

    /** The files of a store, open or not, that hold any of the words. */
    static SortedSet<String> inFiles(Path store) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(store)) {
            files.filter(Files::isRegularFile).forEach(all::add);
        }
        for (Path file : all) {
            if (isIn(Files.readAllBytes(file))) {
                found.add(store.relativize(file).toString());
            }
        }
        return found;
    }

    private static boolean isIn(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return WORDS.stream()
                .anyMatch(word -> text.contains(word) || text.contains(Bytes.ofUtf8(word).toHex()));
    }
}
