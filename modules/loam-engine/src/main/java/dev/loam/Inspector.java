package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import dev.loam.log.SegmentInfo;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what a store consists of. Reads the index and the names of files, not the log. */
final class Inspector {
    private static final int PAGE = 1_000;

    private final Store store;
    private final Path directory;
    private final StoreState state;

    Inspector(Store store, Path directory) {
        this.store = store;
        this.directory = directory;
        this.state = store.state();
    }

    Inspection run(Progress progress) {
        List<Inspection.Segment> segments = new ArrayList<>();
        long bytes = 0;
        for (SegmentInfo each : store.log().segments()) {
            bytes += each.bytes();
            segments.add(
                    new Inspection.Segment(
                            each.number(),
                            each.first(),
                            each.last(),
                            each.frames(),
                            each.bytes(),
                            each.sealed(),
                            each.compacted()));
        }
        long live = liveBytes(progress);
        return new Inspection(segments, authors(), live, Math.max(0, bytes - live), bytesByKind());
    }

    private List<Inspection.Author> authors() {
        List<Inspection.Author> authors = new ArrayList<>();
        state.byName()
                .forEach(
                        (name, vault) ->
                                vault.actors()
                                        .forEach(
                                                (id, author) ->
                                                        authors.add(
                                                                new Inspection.Author(
                                                                        name,
                                                                        id,
                                                                        author.device(),
                                                                        author.tip().sequence(),
                                                                        author.tip().counter(),
                                                                        Instant.ofEpochMilli(
                                                                                author.stamp()
                                                                                        .millis())))));
        return authors;
    }

    private long liveBytes(Progress progress) {
        long bytes = 0;
        long done = 0;
        long total = state.records();
        try (IndexSnapshot snapshot = store.snapshot()) {
            for (VaultState vault : state.vaults().values()) {
                Optional<String> after = Optional.empty();
                List<StoredRecord> page;
                do {
                    progress.at(done, total);
                    page = snapshot.scan(vault.id(), "", after, PAGE);
                    for (StoredRecord record : page) {
                        bytes += record.id().toBytes().size() + record.state().size();
                    }
                    done += page.size();
                    after = page.isEmpty() ? after : Optional.of(page.getLast().id().key());
                } while (page.size() == PAGE);
            }
        }
        progress.at(total, total);
        return bytes;
    }

    private TreeMap<String, Long> bytesByKind() {
        TreeMap<String, Long> sums = new TreeMap<>();
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                            sums.merge(kindOf(directory.relativize(file)), found.size(), Long::sum);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException failure)
                                throws IOException {
                            if (failure instanceof NoSuchFileException) {
                                // The index replaces its files meanwhile.
                                return FileVisitResult.CONTINUE;
                            }
                            throw failure;
                        }
                    });
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the files of " + directory + " cannot be listed",
                    failure);
        }
        return sums;
    }

    private static String kindOf(Path file) {
        String top = file.getName(0).toString();
        String name = String.valueOf(file.getFileName());
        if (top.startsWith("index")) {
            return "index";
        }
        if (!top.equals("log")) {
            return "other";
        }
        if (file.getNameCount() > 2 && file.getName(1).toString().contains(".aside")) {
            return "set aside";
        }
        return switch (name) {
            case "FOOTER" -> "log footers";
            case "ANNEX" -> "log annexes";
            default -> name.endsWith(".cq4") ? "log frames" : "other";
        };
    }
}
