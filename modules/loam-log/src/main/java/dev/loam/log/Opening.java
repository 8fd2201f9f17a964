package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds out what a log holds, whatever became of its last owner. Reads first and changes nothing
 * until all is read, so that a log of a newer format is left as it was. What was sealed is compared
 * by its footer, unread; what was left open is forced, read, and closed for ever.
 */
final class Opening {
    private final StoreFiles files;
    private final LogDirectory log;
    private final LogKeys keys;
    private final long expectedAtLeast;
    private final SegmentRecovery recovery;
    private final Findings findings;

    private Opening(StoreFiles files, LogDirectory log, LogOptions options) {
        this.files = files;
        this.log = log;
        this.keys = new LogKeys(options.sealing().get());
        this.expectedAtLeast = options.expectedAtLeast().get().number();
        this.findings = new Findings();
        this.recovery = new SegmentRecovery(files, log, keys, findings, options.tail());
    }

    /**
     * @param store whose lock is held
     */
    static Recovered run(StoreFiles files, Path store, LogOptions options, RandomGenerator random)
            throws IOException {
        LogDirectory log = new LogDirectory(store.resolve(LogDirectory.NAME));
        Opening opening = new Opening(files, log, options);
        if (!Files.isDirectory(log.path())) {
            opening.refuseToForget();
            files.createDirectory(log.path());
            files.forceDirectory(store);
        }
        Optional<Manifest> listed = opening.readManifest();
        Manifest manifest =
                listed.isPresent()
                        ? opening.checkAll(listed.get())
                        : opening.rebuildOrBegin(random);
        return opening.finish(listed, manifest);
    }

    private Optional<Manifest> readManifest() throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(log.manifest());
            Optional<Manifest> manifest = Manifest.decode(bytes, keys);
            if (manifest.isEmpty()) {
                findings.note("CORRUPT: the log's MANIFEST was damaged and is made again");
            }
            return manifest;
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private Manifest checkAll(Manifest listed) throws IOException {
        Manifest manifest = listed;
        Bytes chain = SegmentChain.START;
        for (SegmentEntry entry : listed.segments()) {
            switch (entry) {
                case SegmentEntry.Sealed sealed -> {
                    recovery.checkSealed(listed.store(), sealed, chain);
                    chain = sealed.chainAfter();
                }
                case SegmentEntry.Open open ->
                        manifest = recovery.recoverOpen(manifest, open, chain, expectedAtLeast);
            }
        }
        return checkUnlisted(listed, manifest);
    }

    private Manifest checkUnlisted(Manifest listed, Manifest checked) throws IOException {
        Manifest manifest = checked;
        Set<Long> known = new HashSet<>();
        listed.segments().forEach(entry -> known.add(entry.name().number()));
        for (long number : log.segmentNumbers()) {
            if (!known.contains(number)) {
                manifest = recovery.considerUnlisted(manifest, number, expectedAtLeast);
            }
        }
        long next = Math.max(manifest.nextNumber(), log.highestNumber() + 1);
        return new Manifest(manifest.store(), next, manifest.segments());
    }

    private Manifest rebuildOrBegin(RandomGenerator random) throws IOException {
        Optional<Manifest> rebuilt =
                new ManifestRebuild(log, keys, recovery, findings).run(expectedAtLeast);
        if (rebuilt.isPresent()) {
            return rebuilt.get();
        }
        refuseToForget();
        StoreId store = keys.store().orElseGet(() -> newId(random));
        return new Manifest(store, log.highestNumber() + 1, List.of());
    }

    private static StoreId newId(RandomGenerator random) {
        byte[] id = new byte[StoreId.SIZE];
        random.nextBytes(id);
        return new StoreId(Bytes.adopt(id));
    }

    /** An index over a log that is gone must not end as a new, empty store. */
    private void refuseToForget() {
        if (expectedAtLeast > 0) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "the log of this store is gone, though its index covers position "
                            + expectedAtLeast
                            + ". Put "
                            + log.path()
                            + " back from a backup; or, to begin an empty store, move the whole"
                            + " directory away");
        }
    }

    private Recovered finish(Optional<Manifest> listed, Manifest manifest) throws IOException {
        long end = noteGaps(manifest);
        if (!DiskFiles.isPosix(log.path())) {
            findings.note(
                    "DURABILITY_UNVERIFIED: on this system a directory cannot be forced; whether"
                            + " writes survive a power cut has not been tried here");
        }
        Deque<Repair> repairs = new ArrayDeque<>(findings.repairs());
        for (Path leftover : log.leftovers()) {
            repairs.addFirst(() -> delete(leftover));
        }
        boolean isNew = listed.isEmpty() && manifest.segments().isEmpty();
        if (listed.isEmpty() || !listed.get().equals(manifest)) {
            Repair list = () -> files.replace(log.manifest(), manifest.encode(keys));
            if (isNew) {
                list.run();
            } else {
                repairs.add(list);
            }
        }
        if (!findings.deletions().isEmpty()) {
            // The last owner may have died between renaming the list and forcing its name: until
            // then the list before it, which names what is deleted here, may come back.
            repairs.add(() -> files.forceDirectory(log.path()));
        }
        repairs.addAll(findings.deletions());
        if (listed.isPresent() && !findings.hasCorruption()) {
            // Where anything is missing or in doubt it may come back, and would need its key.
            repairs.add(() -> keys.keepOnly(log, LogKeys.idsOf(manifest)));
        }
        makeWhatFits(repairs);
        return new Recovered(log, keys, manifest, end, List.copyOf(repairs), findings.report());
    }

    private void makeWhatFits(Deque<Repair> repairs) throws IOException {
        try {
            while (!repairs.isEmpty()) {
                repairs.getFirst().run();
                repairs.removeFirst();
            }
        } catch (IOException | LoamException refused) {
            if (!isDiskFull(refused)) {
                throw refused;
            }
            findings.note("DISK_FULL: the log can be read; free some space before writing to it");
        }
    }

    private boolean isDiskFull(Exception refused) {
        return refused instanceof LoamException told
                ? told.code() == ErrorCode.DISK_FULL
                : DiskFault.isDiskFull(log.path(), refused);
    }

    private void delete(Path leftover) throws IOException {
        if (Files.isDirectory(leftover)) {
            files.deleteDirectory(leftover);
        } else {
            files.deleteFile(leftover);
        }
    }

    /** Positions between segments, or behind the last one, that nothing holds. */
    private long noteGaps(Manifest manifest) {
        long end = 0;
        for (SegmentEntry entry : manifest.segments()) {
            if (entry instanceof SegmentEntry.Sealed sealed) {
                noteGap(end + 1, sealed.first() - 1);
                end = sealed.last();
            }
        }
        noteGap(end + 1, expectedAtLeast);
        return Math.max(end, expectedAtLeast);
    }

    private void noteGap(long first, long last) {
        if (first <= last) {
            findings.lost(new PositionRange(first, last), "no segment of the log holds them");
        }
    }
}
