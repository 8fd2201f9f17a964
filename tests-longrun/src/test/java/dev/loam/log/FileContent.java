package dev.loam.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The bytes of a file without the zeros at its end, which are megabytes in an open segment. */
final class FileContent {
    static final FileContent EMPTY = new FileContent(new byte[0], 0);

    private final byte[] used;
    private final int length;

    private FileContent(byte[] used, int length) {
        this.used = used;
        this.length = length;
    }

    static FileContent read(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int used = all.length;
        while (used > 0 && all[used - 1] == 0) {
            used--;
        }
        return new FileContent(Arrays.copyOf(all, used), all.length);
    }

    /** Leaves the zeros at the end to the file system: images are many. */
    void write(Path file) throws IOException {
        int written = Math.min(used.length, length);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(used, 0, written));
            if (written < length) {
                channel.write(ByteBuffer.allocate(1), length - 1L);
            }
        }
    }

    /** This content, where it changed as the fate says either as it was or as it is now. */
    FileContent changedTo(FileContent now, int pageBytes, CrashImage.Fate fate) {
        if (length == now.length && Arrays.equals(used, now.used)) {
            return now;
        }
        int pages = (Math.max(used.length, now.used.length) + pageBytes - 1) / pageBytes;
        byte[] mixed = Arrays.copyOf(used, pages * pageBytes);
        byte[] after = Arrays.copyOf(now.used, pages * pageBytes);
        int[] changed = new int[pages];
        int count = 0;
        for (int page = 0; page < pages; page++) {
            int from = page * pageBytes;
            int to = from + pageBytes;
            if (!Arrays.equals(mixed, from, to, after, from, to)) {
                changed[count] = page;
                count++;
            }
        }
        for (int i = 0; i < count; i++) {
            if (fate.reached(i, count)) {
                System.arraycopy(
                        after, changed[i] * pageBytes, mixed, changed[i] * pageBytes, pageBytes);
            }
        }
        return new FileContent(mixed, fate.lengthReached() ? now.length : length);
    }
}
