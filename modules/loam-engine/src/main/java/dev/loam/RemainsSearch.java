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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Looks for texts in every byte of a store's files, and in what stands in them deflated or sealed:
 * as they are, in lower case as an index of words has them, and as hexadecimal digits. One thread.
 */
final class RemainsSearch {
    private static final int CHUNK_BYTES = 1 << 20;

    private record Sought(int text, Bytes bytes) {}

    private final Path directory;

    /** By the first byte, unsigned. */
    private final List<List<Sought>> byFirst =
            Stream.<List<Sought>>generate(ArrayList::new).limit(1 << Byte.SIZE).toList();

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
        longest =
                byFirst.stream()
                        .flatMap(List::stream)
                        .mapToInt(each -> each.bytes().size())
                        .max()
                        .orElseThrow();
    }

    private void add(int number, String text) {
        Bytes bytes = Bytes.ofUtf8(text);
        byFirst.get(Byte.toUnsignedInt(bytes.get(0))).add(new Sought(number, bytes));
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
        firsts(window, filled, beginningsEnd)
                .forEach(
                        (each, at) ->
                                found.add(
                                        new Remains(
                                                each.text(),
                                                directory.relativize(file)
                                                        + " at byte "
                                                        + (before + at))));
    }

    private void look(String place, Bytes content) {
        byte[] bytes = content.toArray();
        firsts(bytes, bytes.length, bytes.length)
                .keySet()
                .forEach(each -> found.add(new Remains(each.text(), place)));
    }

    /** Where each of what is sought begins first, in one pass whatever their number. */
    private SequencedMap<Sought, Integer> firsts(byte[] content, int length, int beginningsEnd) {
        SequencedMap<Sought, Integer> firsts = new LinkedHashMap<>();
        for (int at = 0; at < beginningsEnd; at++) {
            for (Sought each : byFirst.get(Byte.toUnsignedInt(content[at]))) {
                if (stands(each.bytes(), content, length, at)) {
                    firsts.putIfAbsent(each, at);
                }
            }
        }
        return firsts;
    }

    private static boolean stands(Bytes wanted, byte[] content, int length, int at) {
        if (at + wanted.size() > length) {
            return false;
        }
        int same = 0;
        while (same < wanted.size() && content[at + same] == wanted.get(same)) {
            same++;
        }
        return same == wanted.size();
    }
}
