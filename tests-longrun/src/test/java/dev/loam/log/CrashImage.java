package dev.loam.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * One legal state of a disk after the power was cut: each page of a file, each length and each name
 * is what the disk had to keep or what was written since, as the fate says.
 */
final class CrashImage {
    /** What became of pages, lengths and names that were not forced. */
    interface Fate {
        /** Whether page {@code index} of {@code count} changed ones has reached the disk. */
        boolean reached(int index, int count);

        boolean lengthReached();

        boolean nameReached();
    }

    private final DiskState kept;
    private final DiskState now;
    private final int pageBytes;
    private final Fate fate;

    /**
     * @param kept what the disk must have
     * @param now what the processes saw when the power was cut
     */
    CrashImage(DiskState kept, DiskState now, int pageBytes, Fate fate) {
        this.kept = kept;
        this.now = now;
        this.pageBytes = pageBytes;
        this.fate = fate;
    }

    void write(Path target) throws IOException {
        write(DiskState.key(kept.root()), target);
    }

    private void write(Object directory, Path target) throws IOException {
        Files.createDirectories(target);
        TreeMap<String, DiskState.Node> newNames = now.names(directory);
        TreeMap<String, DiskState.Node> oldNames = kept.names(directory);
        Map<Object, Boolean> moved = new HashMap<>();
        TreeSet<String> names = new TreeSet<>(newNames.keySet());
        names.addAll(oldNames.keySet());
        for (String name : names) {
            DiskState.Node after = newNames.get(name);
            DiskState.Node before = oldNames.get(name);
            if (after != null && after.equals(before)) {
                write(after, target.resolve(name));
                continue;
            }
            // A file that was renamed is in the tables of names twice, and has one fate.
            DiskState.Node one = after != null ? after : Objects.requireNonNull(before);
            boolean isReached = moved.computeIfAbsent(one.key(), each -> fate.nameReached());
            DiskState.Node present = isReached ? after : before;
            if (present != null) {
                write(present, target.resolve(name));
            }
        }
    }

    /**
     * What is behind a name has its own fate. Of a directory that was deleted each name has; a file
     * that was deleted has the content that it had.
     */
    private void write(DiskState.Node node, Path target) throws IOException {
        if (node.isDirectory()) {
            write(node.key(), target);
        } else if (now.has(node.key())) {
            kept.content(node.key())
                    .changedTo(now.content(node.key()), pageBytes, fate)
                    .write(target);
        } else {
            kept.content(node.key()).write(target);
        }
    }

    /** The fates that every point is tried with, and chance. */
    enum Named implements Fate {
        ALL,
        NONE,
        FIRST_ONLY,
        LAST_ONLY,
        REVERSED;

        @Override
        public boolean reached(int index, int count) {
            return switch (this) {
                case ALL -> true;
                case NONE -> false;
                case FIRST_ONLY -> index == 0;
                case LAST_ONLY -> index == count - 1;
                case REVERSED -> index >= count / 2;
            };
        }

        @Override
        public boolean lengthReached() {
            return this != NONE;
        }

        @Override
        public boolean nameReached() {
            return this == ALL || this == REVERSED;
        }
    }

    /** Each page, length and name by itself. */
    record Chance(RandomGenerator random) implements Fate {
        @Override
        public boolean reached(int index, int count) {
            return random.nextBoolean();
        }

        @Override
        public boolean lengthReached() {
            return random.nextBoolean();
        }

        @Override
        public boolean nameReached() {
            return random.nextBoolean();
        }
    }

    /** What was written up to the nth byte. */
    record TornAt(int bytes) implements Fate {
        @Override
        public boolean reached(int index, int count) {
            return index < bytes;
        }

        @Override
        public boolean lengthReached() {
            return true;
        }

        @Override
        public boolean nameReached() {
            return true;
        }
    }
}
