package dev.loam.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for canaries in bytes, as they are and as hexadecimal digits: for their ends, since an
 * index of words leaves out what the word before begins with.
 */
final class DiskSearch {
    private static final int NIBBLES = 2 * Long.BYTES;

    private final Map<Long, String> sought = new HashMap<>();

    DiskSearch(Collection<String> canaries) {
        for (String canary : canaries) {
            long end = 0;
            byte[] letters = canary.getBytes(StandardCharsets.US_ASCII);
            for (int i = letters.length - Long.BYTES; i < letters.length; i++) {
                end = (end << Byte.SIZE) | letters[i];
            }
            sought.put(end, canary);
        }
    }

    /** The first that stands in these bytes. */
    Optional<String> in(byte[] content) {
        long bytes = 0;
        long digits = 0;
        int digitCount = 0;
        for (byte each : content) {
            bytes = (bytes << Byte.SIZE) | (each & 0xff);
            String found = each >= 'a' && each <= 'z' ? sought.get(bytes) : null;
            int digit = Character.digit(each, 16);
            if (digit < 0) {
                digitCount = 0;
            } else {
                digits = (digits << 4) | digit;
                digitCount++;
                if (found == null && digitCount >= NIBBLES) {
                    found = sought.get(digits);
                }
            }
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** The first file below a directory that holds any, and which. */
    Optional<String> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Optional<String> found = in(file);
                if (found.isPresent()) {
                    return found.map(canary -> directory.relativize(file) + " has " + canary);
                }
            }
            return Optional.empty();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private Optional<String> in(Path file) throws IOException {
        try {
            return in(Files.readAllBytes(file));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
