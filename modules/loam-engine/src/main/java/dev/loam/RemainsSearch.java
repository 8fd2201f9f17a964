package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Looks for texts in every byte of a store's files, and in what stands in them deflated or sealed:
 * as they are, in lower case as an index of words has them, and as hexadecimal digits. One thread.
 */
final class RemainsSearch {
    private static final int CHUNK_BYTES = 1 << 20;

    private record Sought(int text, Bytes bytes) {}

    private final Path directory;
    private final List<Sought> sought = new ArrayList<>();
    private final List<Remains> found = new ArrayList<>();
    private final int longest;

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if a text is empty or there is none
     */
    RemainsSearch(Path directory, List<String> texts) {
        this.directory = directory;
        if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "there is nothing to look for, or an empty text");
        }
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            String lower = text.toLowerCase(Locale.ROOT);
            add(i, text);
            add(i, Bytes.ofUtf8(text).toHex());
            if (!lower.equals(text)) {
                add(i, lower);
            }
        }
        longest = sought.stream().mapToInt(each -> each.bytes().size()).max().orElseThrow();
    }

    private void add(int number, String text) {
        sought.add(new Sought(number, Bytes.ofUtf8(text)));
    }

    List<Remains> run(Store store) {
        inFiles();
        new PlainContent(store).forEach(this::look);
        return List.copyOf(found);
    }

    private void inFiles() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                inFile(file);
            }
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, "the files of " + directory + " cannot be read", failed);
        }
    }

    private void inFile(Path file) throws IOException {
        byte[] window = new byte[CHUNK_BYTES + longest];
        long before = 0;
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int read = in.readNBytes(window, 0, window.length);
            while (read > 0) {
                int filled = kept + read;
                int overlap = Math.min(filled, longest - 1);
                // What lies wholly in the overlap is found in the next window, or is at the end.
                boolean isLast = filled < window.length;
                look(file, window, filled, before, isLast ? filled : filled - overlap);
                System.arraycopy(window, filled - overlap, window, 0, overlap);
                before += filled - overlap;
                kept = overlap;
                read = isLast ? 0 : in.readNBytes(window, kept, window.length - kept);
            }
        } catch (NoSuchFileException goneMeanwhile) {
            return;
        }
    }

    private void look(Path file, byte[] window, int filled, long before, int beginningsEnd) {
        for (Sought each : sought) {
            int at = indexOf(window, filled, each.bytes());
            if (at >= 0 && at < beginningsEnd) {
                found.add(
                        new Remains(
                                each.text(),
                                directory.relativize(file) + " at byte " + (before + at)));
            }
        }
    }

    private void look(String place, Bytes content) {
        byte[] bytes = content.toArray();
        for (Sought each : sought) {
            if (indexOf(bytes, bytes.length, each.bytes()) >= 0) {
                found.add(new Remains(each.text(), place));
            }
        }
    }

    private static int indexOf(byte[] content, int length, Bytes wanted) {
        for (int at = 0; at + wanted.size() <= length; at++) {
            int same = 0;
            while (same < wanted.size() && content[at + same] == wanted.get(same)) {
                same++;
            }
            if (same == wanted.size()) {
                return at;
            }
        }
        return -1;
    }
}
