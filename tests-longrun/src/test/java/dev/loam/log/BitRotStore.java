package dev.loam.log;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small store held in memory and laid out on a disk again and again, each time with one thing
 * wrong. Its last segment may have been left open by its owner.
 */
final class BitRotStore {
    static final int SEGMENTS = 3;
    static final int PER_SEGMENT = 40;
    static final int ENTRIES = SEGMENTS * PER_SEGMENT;

    /** Behind the content of an open segment lie zeros alone; so many are kept. */
    private static final int ZEROS_KEPT = 64;

    private static final int OPEN_BYTES_MIN = 1 << 20;

    private final Path store;
    private final Map<String, byte[]> files = new TreeMap<>();
    private boolean isLaidOut;

    private BitRotStore(Path store) {
        this.store = store;
    }

    /** With every segment sealed, or with the last one as a kill leaves it. */
    static BitRotStore make(Path directory, boolean isSealed) throws IOException {
        Path made = directory.resolve("made");
        Path left = directory.resolve("left");
        OpLog log = OpLog.open(made, LogFixture.segmentsOf(PER_SEGMENT + 1));
        for (long position = 1; position <= ENTRIES; position++) {
            log.append(List.of(payload(position)));
        }
        if (!isSealed) {
            LogFixture.copy(made, left);
        }
        log.close();
        BitRotStore rotten = new BitRotStore(directory.resolve("rotten"));
        rotten.load((isSealed ? made : left).resolve("log"));
        return rotten;
    }

    /** About 100 bytes that are no other position's. */
    static Bytes payload(long position) {
        return Bytes.ofUtf8(
                "entry " + position + " " + Long.toString(position * 7_919, 36).repeat(25));
    }

    private void load(Path log) throws IOException {
        try (Stream<Path> tree = Files.walk(log)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                int used = content.length;
                while (used > 0 && content[used - 1] == 0) {
                    used--;
                }
                boolean isOpen = content.length > OPEN_BYTES_MIN;
                files.put(
                        log.relativize(file).toString(),
                        isOpen ? Arrays.copyOf(content, used + ZEROS_KEPT) : content);
            }
        }
    }

    /** The names of all files below {@code log}. */
    List<String> names() {
        return List.copyOf(files.keySet());
    }

    byte[] content(String name) {
        return Objects.requireNonNull(files.get(name)).clone();
    }

    static String segment(int number) {
        return "%016x/".formatted(number);
    }

    static String frames(int number) {
        return segment(number) + LogDirectory.FRAMES;
    }

    /** Where the first frame of a segment begins: its HEAD's word is 4 bytes before. */
    int headOf(int number) {
        return indexOf(content(frames(number)), "LOAM".getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** Behind the last byte that is not zero. */
    static int used(byte[] content) {
        int used = content.length;
        while (used > 0 && content[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** The first position of a segment whose payload does not end within so many bytes. */
    long firstBeyond(int number, int bytes) {
        byte[] content = content(frames(number));
        int at = 0;
        long first = (number - 1L) * PER_SEGMENT + 1;
        for (long position = first; position < first + PER_SEGMENT; position++) {
            byte[] payload = payload(position).toArray();
            at = indexOf(content, payload, at) + payload.length;
            if (at > bytes) {
                return position;
            }
        }
        return first + PER_SEGMENT;
    }

    private static int indexOf(byte[] content, byte[] sought, int from) {
        for (int at = from; at + sought.length <= content.length; at++) {
            if (Arrays.equals(content, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        throw new AssertionError("it is not in the file");
    }

    /** The store with some files replaced, added, or taken away where there is null. */
    Path layOut(Map<String, byte @Nullable []> changed) throws IOException {
        if (!isLaidOut) {
            if (Files.exists(store)) {
                delete(store);
            }
            for (String name : files.keySet()) {
                write(name, content(name));
            }
            isLaidOut = true;
        }
        for (var file : changed.entrySet()) {
            byte @Nullable [] content = file.getValue();
            if (content == null) {
                Files.delete(store.resolve("log").resolve(file.getKey()));
            } else {
                write(file.getKey(), content);
            }
        }
        return store;
    }

    /** Puts back what was changed; after an opening that wrote something, everything. */
    void restore(Map<String, byte @Nullable []> changed, boolean isTouched) throws IOException {
        isLaidOut &= !isTouched && files.keySet().containsAll(changed.keySet());
        if (isLaidOut) {
            for (String name : changed.keySet()) {
                write(name, content(name));
            }
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = store.resolve("log").resolve(name);
        if (!files.containsKey(name) || !isLaidOut) {
            Files.createDirectories(DiskFiles.parentOf(file));
        }
        Files.write(file, content);
    }

    private static void delete(Path tree) throws IOException {
        List<Path> deepestFirst = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(tree)) {
            paths.sorted(Comparator.reverseOrder()).forEach(deepestFirst::add);
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
