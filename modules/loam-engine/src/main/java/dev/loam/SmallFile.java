package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A few lines of text that are replaced as a whole: a headline with name and version, the lines,
 * and a last line {@code crc32c=} over all before it. In a sealed store all of that is sealed. A
 * reader sees the old content or the new, whatever happens in between.
 */
final class SmallFile {
    /** By their names; all of them but a few are in every backup: {@link KeptFiles}. */
    private static final Map<String, String> HEADLINES =
            Map.of(
                    "absences", "loam-absences 1",
                    "actors", "loam-actors 1",
                    "contacts", "loam-contacts 1",
                    "device", "loam-device 1",
                    "forget", "loam-forget 1",
                    "peers", "loam-peers 1",
                    "place", "loam-place 1");

    /** One for each vault. */
    private static final Pattern ASIDE = Pattern.compile("aside-[0-9a-f]{32}");

    private static final String CRC = "crc32c=";

    private final StoreFolder folder;
    private final String name;
    private final WholeFile file;
    private final String headline;

    /**
     * @param name one that {@link #isOne} knows: of another nobody would have thought whether a
     *     backup keeps it
     */
    SmallFile(StoreFolder folder, String name) {
        Invariant.check(isOne(name), "no small file is called {0}", name);
        this.folder = folder;
        this.name = name;
        this.file = new WholeFile(folder.path(), name);
        this.headline = HEADLINES.getOrDefault(name, "loam-aside 1");
    }

    /** Whether a file of that name in a store is one of these. */
    static boolean isOne(String name) {
        return HEADLINES.containsKey(name) || ASIDE.matcher(name).matches();
    }

    boolean exists() {
        return file.exists();
    }

    /** The lines between headline and checksum; empty if there is no such file. */
    Optional<List<String>> read() {
        return file.read().map(stored -> lines(folder.opened(name, stored)));
    }

    /**
     * What the lines say; empty if there is no such file.
     *
     * @param parse throws whatever it likes for lines that nobody wrote: the sum says only that the
     *     disk kept them
     * @throws LoamException {@code CORRUPT} for those; {@code FORMAT_VERSION}
     */
    <T> Optional<T> read(Function<List<String>, T> parse) {
        return read().map(
                        lines -> {
                            try {
                                return parse.apply(lines);
                            } catch (RuntimeException malformed) {
                                // Its message may quote a secret.
                                throw damaged();
                            }
                        });
    }

    /** What a word of a line says that is so many bytes in hexadecimal. */
    static Bytes bytes(String word, int size) {
        Bytes bytes = Bytes.fromHex(word);
        if (bytes.size() != size) {
            throw new IllegalArgumentException(bytes.size() + " bytes, not " + size);
        }
        return bytes;
    }

    private List<String> lines(Bytes text) {
        List<String> lines = text.toUtf8().lines().toList();
        String title = headline.substring(0, headline.indexOf(' '));
        if (!lines.isEmpty()
                && lines.getFirst().startsWith(title + " ")
                && !lines.getFirst().equals(headline)) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    file.path()
                            + " is of the form \""
                            + lines.getFirst()
                            + "\", this version of Loam"
                            + " reads \""
                            + headline
                            + "\": use a newer Loam");
        }
        int last = lines.size() - 1;
        if (last < 1
                || !lines.getFirst().equals(headline)
                || !lines.get(last).equals(CRC + checksum(lines.subList(0, last)))) {
            throw damaged();
        }
        return List.copyOf(lines.subList(1, last));
    }

    private LoamException damaged() {
        return new LoamException(
                ErrorCode.CORRUPT,
                file.path() + " is damaged: restore it from a copy of the store");
    }

    /** Replaces the content; durable when it returns. */
    void write(List<String> lines) {
        List<String> all = new ArrayList<>();
        all.add(headline);
        all.addAll(lines);
        all.add(CRC + checksum(all));
        file.write(folder.sealed(name, Bytes.ofUtf8(String.join("\n", all) + "\n")));
    }

    /** Durable when it returns. */
    void delete() {
        file.delete();
    }

    private static String checksum(List<String> lines) {
        CRC32C crc = new CRC32C();
        for (String line : lines) {
            crc.update(Bytes.ofUtf8(line + "\n").asBuffer());
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
