package dev.loam.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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

    private final DiskState disk;
    private final int pageBytes;
    private final Fate fate;

    private CrashImage(DiskState disk, int pageBytes, Fate fate) {
        this.disk = disk;
        this.pageBytes = pageBytes;
        this.fate = fate;
    }

    /** Writes the image of the tree as it is now. */
    static void write(DiskState disk, int pageBytes, Fate fate, Path target) throws IOException {
        new CrashImage(disk, pageBytes, fate).writeDirectory(disk.root(), target);
    }

    private void writeDirectory(Path seen, Path target) throws IOException {
        Files.createDirectories(target);
        TreeMap<String, DiskState.Node> now = DiskState.names(seen);
        TreeMap<String, DiskState.Node> kept = disk.kept(DiskState.key(seen));
        TreeMap<Object, Boolean> moved = new TreeMap<>(new ByText());
        TreeSet<String> names = new TreeSet<>(now.keySet());
        names.addAll(kept.keySet());
        for (String name : names) {
            DiskState.Node after = now.get(name);
            DiskState.Node before = kept.get(name);
            if (after != null && before != null && after.key().equals(before.key())) {
                write(after, seen.resolve(name), target.resolve(name));
                continue;
            }
            // A file that has two names by now was renamed: it has the one or the other.
            Object key = after != null ? after.key() : before.key();
            boolean isReached = moved.computeIfAbsent(key, each -> fate.nameReached());
            if (isReached && after != null) {
                write(after, seen.resolve(name), target.resolve(name));
            } else if (!isReached && before != null) {
                writeKept(before, target.resolve(name));
            }
        }
    }

    private void write(DiskState.Node node, Path seen, Path target) throws IOException {
        byte[] content = node.content();
        if (content == null) {
            writeDirectory(seen, target);
        } else {
            writeFile(target, mix(disk.keptContent(node.key()), content));
        }
    }

    private void writeKept(DiskState.Node node, Path target) throws IOException {
        byte[] content = node.content();
        if (content != null) {
            writeFile(target, content);
            return;
        }
        Files.createDirectories(target);
        for (var child : disk.kept(node.key()).entrySet()) {
            writeKept(child.getValue(), target.resolve(child.getKey()));
        }
    }

    private byte[] mix(byte[] kept, byte[] now) {
        if (Arrays.equals(kept, now)) {
            return now;
        }
        int pages = (Math.max(kept.length, now.length) + pageBytes - 1) / pageBytes;
        byte[] mixed = Arrays.copyOf(kept, pages * pageBytes);
        byte[] before = Arrays.copyOf(kept, pages * pageBytes);
        byte[] after = Arrays.copyOf(now, pages * pageBytes);
        int[] changed = new int[pages];
        int count = 0;
        for (int page = 0; page < pages; page++) {
            int from = page * pageBytes;
            int to = from + pageBytes;
            if (!Arrays.equals(before, from, to, after, from, to)) {
                changed[count] = page;
                count++;
            }
        }
        for (int i = 0; i < count; i++) {
            if (fate.reached(i, count)) {
                int from = changed[i] * pageBytes;
                System.arraycopy(after, from, mixed, from, pageBytes);
            }
        }
        return Arrays.copyOf(mixed, fate.lengthReached() ? now.length : kept.length);
    }

    /** Leaves the zeros at the end to the file system: images are many. */
    static void writeFile(Path file, byte[] content) throws IOException {
        int used = content.length;
        while (used > 0 && content[used - 1] == 0) {
            used--;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content, 0, used));
            if (used < content.length) {
                channel.write(ByteBuffer.allocate(1), content.length - 1);
            }
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

    /** File keys have no order of their own. */
    private static final class ByText implements java.util.Comparator<Object> {
        @Override
        public int compare(Object one, Object other) {
            return one.toString().compareTo(other.toString());
        }
    }
}
