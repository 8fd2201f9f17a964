package dev.loam.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The directory {@code log} of a store: which name means what. */
record LogDirectory(Path path) {
    static final String NAME = "log";

    /** Chronicle's name for the file of the second at which its clock stands. */
    static final String FRAMES = "19700101-000001S.cq4";

    /** Chronicle's too; there only while the segment is being written. */
    static final String METADATA = "metadata.cq4t";

    static final String ASIDE = ".aside";
    static final String DROPPED = ".drop";

    private static final Pattern SEGMENT = Pattern.compile("[0-7][0-9a-f]{15}");
    private static final Pattern SET_ASIDE = Pattern.compile("([0-7][0-9a-f]{15})\\.aside.*");
    private static final int RADIX = 16;

    Path manifest() {
        return path.resolve(Manifest.FILE_NAME);
    }

    Path segment(long number) {
        return path.resolve(String.format(Locale.ROOT, "%016x", number));
    }

    /** Where a segment is written that does not count yet; opening deletes what it finds there. */
    Path draft(long number) {
        Path directory = segment(number);
        return directory.resolveSibling(directory.getFileName() + DiskFiles.TEMPORARY);
    }

    /** The name that a segment gets which no longer counts, until its files are deleted. */
    Path dropped(long number) {
        Path directory = segment(number);
        return directory.resolveSibling(directory.getFileName() + DROPPED);
    }

    Path frames(long number) {
        return segment(number).resolve(FRAMES);
    }

    Path metadata(long number) {
        return segment(number).resolve(METADATA);
    }

    Path footer(long number) {
        return segment(number).resolve(Footer.FILE_NAME);
    }

    Path annex(long number) {
        return segment(number).resolve(Annex.FILE_NAME);
    }

    /** Whether the file of a segment is there; one that may not be looked at is an error. */
    boolean hasFile(long number) throws IOException {
        try {
            return Files.readAttributes(frames(number), BasicFileAttributes.class).isRegularFile();
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    /** The footer of a segment, if a whole one is there. */
    Optional<Footer> readFooter(long number) throws IOException {
        try {
            return Footer.decode(Files.readAllBytes(footer(number)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** A name under which a segment's directory is kept and no longer read. */
    Path aside(long number) {
        Path directory = segment(number);
        Path aside = directory.resolveSibling(directory.getFileName() + ASIDE);
        for (int copy = 2; Files.exists(aside); copy++) {
            aside = directory.resolveSibling(directory.getFileName() + ASIDE + "-" + copy);
        }
        return aside;
    }

    /** What is kept under a name that is no longer read. */
    List<Path> setAside() throws IOException {
        return names().stream()
                .filter(name -> SET_ASIDE.matcher(name).matches())
                .map(path::resolve)
                .toList();
    }

    /** The numbers of all segments' directories, in ascending order. */
    List<Long> segmentNumbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String name : names()) {
            if (SEGMENT.matcher(name).matches() && Files.isDirectory(path.resolve(name))) {
                numbers.add(Long.parseLong(name, RADIX));
            }
        }
        return numbers;
    }

    /** The highest number that a directory has, or had before it was set aside; 0 if none. */
    long highestNumber() throws IOException {
        long highest = 0;
        for (String name : names()) {
            var aside = SET_ASIDE.matcher(name);
            if (aside.matches()) {
                highest = Math.max(highest, Long.parseLong(aside.group(1), RADIX));
            } else if (SEGMENT.matcher(name).matches()) {
                highest = Math.max(highest, Long.parseLong(name, RADIX));
            }
        }
        return highest;
    }

    /** What was never finished, and what was let go. */
    List<Path> leftovers() throws IOException {
        return names().stream()
                .filter(name -> name.endsWith(DiskFiles.TEMPORARY) || name.endsWith(DROPPED))
                .map(path::resolve)
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }
}
