package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The list of segments made again from the segments, every frame of which is read for it. */
final class ManifestRebuild {
    private final LogDirectory log;
    private final LogKeys keys;
    private final SegmentRecovery recovery;
    private final Findings findings;

    /** Segments that the keys do not know. */
    private final List<SegmentHead> keyless = new ArrayList<>();

    ManifestRebuild(LogDirectory log, LogKeys keys, SegmentRecovery recovery, Findings findings) {
        this.log = log;
        this.keys = keys;
        this.recovery = recovery;
        this.findings = findings;
    }

    /**
     * Empty if there is no segment.
     *
     * @throws LoamException {@code CORRUPT} if the segments are of more than one store; {@code
     *     KEY_MISSING}, {@code NOT_ENCRYPTED}, {@code WRONG_KEY} if the keys are not theirs
     */
    Optional<Manifest> run(long expectedAtLeast) throws IOException {
        List<SegmentHead> heads = new ArrayList<>();
        for (long number : log.segmentNumbers()) {
            identify(number).ifPresent(heads::add);
        }
        if (heads.isEmpty()) {
            refuseWithoutAnyKey();
            return Optional.empty();
        }
        StoreId store = onlyStore(heads);
        keys.refuseOther(store);
        Manifest manifest = new Manifest(store, log.highestNumber() + 1, List.of());
        List<SegmentHead> ordered =
                withoutReplaced(heads).stream()
                        .sorted(
                                Comparator.comparingLong(SegmentHead::firstPosition)
                                        .thenComparingLong(head -> head.name().number()))
                        .toList();
        for (int i = 0; i < ordered.size(); i++) {
            Optional<SegmentHead> next =
                    i == ordered.size() - 1 ? Optional.empty() : Optional.of(ordered.get(i + 1));
            long required = next.map(head -> head.firstPosition() - 1).orElse(expectedAtLeast);
            manifest = add(manifest, ordered.get(i), next, required);
        }
        findings.unclean(
                "the log's MANIFEST was missing or damaged and is made again; it lists "
                        + manifest.segments().size()
                        + " segments, up to position "
                        + manifest.lastPosition());
        return Optional.of(manifest);
    }

    /**
     * A compaction's result is moved to its place only when all of it has been read back, so a
     * whole one stands for what it replaced. One that was damaged since counts only where nothing
     * else is left.
     */
    private List<SegmentHead> withoutReplaced(List<SegmentHead> heads) throws IOException {
        List<SegmentHead> kept = new ArrayList<>(heads);
        List<SegmentHead> compacted =
                heads.stream()
                        .filter(SegmentHead::isCompacted)
                        .sorted(Comparator.comparingLong(SegmentHead::replacedThrough).reversed())
                        .toList();
        for (SegmentHead head : compacted) {
            List<SegmentHead> covered =
                    kept.stream()
                            .filter(other -> !other.equals(head))
                            .filter(other -> other.firstPosition() <= head.replacedThrough())
                            .toList();
            if (!kept.contains(head) || covered.isEmpty()) {
                continue;
            }
            if (isWhole(head)) {
                covered.forEach(other -> recovery.deleteReplaced(other.name().number()));
                kept.removeAll(covered);
            } else {
                recovery.setAside(head.name().number(), "what it was to replace is still there");
                kept.remove(head);
            }
        }
        return kept;
    }

    private boolean isWhole(SegmentHead head) throws IOException {
        SegmentSurvey survey = recovery.survey(head, head.replacedThrough());
        return survey.holes().isEmpty()
                && survey.last() == head.replacedThrough()
                && survey.seal()
                        .filter(seal -> seal.frames() == survey.frames())
                        .filter(seal -> seal.chain().equals(survey.chain()))
                        .isPresent()
                && (!keys.areThere() || isAsItEnded(head, survey));
    }

    /** Anybody can make a SEAL that fits; what is deleted for it must be in it for sure. */
    private boolean isAsItEnded(SegmentHead head, SegmentSurvey survey) {
        return keys.end(head.name())
                .filter(end -> end.frames() == survey.frames())
                .filter(end -> end.chain().equals(survey.chain()))
                .isPresent();
    }

    private Optional<SegmentHead> identify(long number) throws IOException {
        if (!log.hasFile(number)) {
            findings.delete(() -> recovery.deleteIfThere(number));
            return Optional.empty();
        }
        try (FileChannel channel = recovery.open(number)) {
            Optional<SegmentHead> head = SegmentFile.readHead(channel, number);
            if (head.isPresent()) {
                keys.check(head.get());
                if (keys.areThere() && !head.get().isSealed()) {
                    throw LogKeys.notEncrypted("segment " + number + " of the log");
                }
                return withKey(head.get());
            }
            Optional<Footer> footer = log.readFooter(number);
            if (footer.isPresent() && footer.get().entry().name().number() == number) {
                return withKey(headOf(footer.get()));
            }
            if (SegmentFile.hasFrames(channel)) {
                recovery.setAside(number, "neither its beginning nor its FOOTER can be read");
            } else {
                findings.delete(() -> recovery.deleteIfThere(number));
            }
            return Optional.empty();
        }
    }

    /** Without its key nobody can tell whether it is this log's. */
    private Optional<SegmentHead> withKey(SegmentHead head) {
        if (keys.canOpen(head.name())) {
            return Optional.of(head);
        }
        recovery.setAside(head.name().number(), "its key is missing");
        keyless.add(head);
        return Optional.empty();
    }

    /** Setting all aside would end as a new, empty store. */
    private void refuseWithoutAnyKey() {
        if (keyless.isEmpty()) {
            return;
        }
        keys.refuseOther(keyless.getFirst().store());
        throw new LoamException(
                ErrorCode.CORRUPT,
                "the log's MANIFEST is missing or damaged, and there is no key for any segment in "
                        + log.path()
                        + ". Put the keys or the log back from a backup");
    }

    private static SegmentHead headOf(Footer footer) {
        return new SegmentHead(
                footer.store(),
                footer.entry().name(),
                footer.entry().first(),
                footer.chainBefore(),
                0,
                footer.entry().isCompacted() ? footer.entry().last() : 0);
    }

    private StoreId onlyStore(List<SegmentHead> heads) {
        List<StoreId> stores = heads.stream().map(SegmentHead::store).distinct().toList();
        if (stores.size() > 1) {
            String found =
                    heads.stream()
                            .map(head -> head.name().number() + " of " + head.store())
                            .collect(Collectors.joining(", "));
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "the log's MANIFEST is missing or damaged, and "
                            + log.path()
                            + " has segments of different stores: "
                            + found
                            + ". Move those of the other store out of it");
        }
        return stores.getFirst();
    }

    /** Of two segments that hold the same position the later one is set aside. */
    private Manifest add(
            Manifest manifest, SegmentHead head, Optional<SegmentHead> next, long requiredLast)
            throws IOException {
        long number = head.name().number();
        if (head.firstPosition() <= manifest.lastPosition()) {
            recovery.setAside(
                    number,
                    "its position "
                            + head.firstPosition()
                            + " is in segment "
                            + manifest.segments().getLast().name().number()
                            + " too");
            return manifest;
        }
        Optional<Footer> footer = log.readFooter(number);
        SegmentSurvey survey = survey(head, footer, next, requiredLast);
        if (survey.isEmpty(head) && keys.end(head.name()).isEmpty()) {
            recovery.letGo(number, survey);
            return manifest;
        }
        if (!manifest.lastChain().equals(head.chainBefore())) {
            findings.note(
                    "CORRUPT: segment "
                            + number
                            + " of the log does not follow the one before it; some segment is"
                            + " missing or changed");
        }
        if (footer.isPresent() && isStillRight(footer.get(), head, survey)) {
            recovery.noteHoles(number, footer.get().holes());
            recovery.remember(footer.get().entry());
            return manifest.with(footer.get().entry());
        }
        return manifest.with(recovery.close(head, survey, Footer.Origin.REBUILT));
    }

    /**
     * What an opening left out of a torn group is still in the file: where the segment ends, its
     * own FOOTER knows, and the segment behind it.
     */
    private SegmentSurvey survey(
            SegmentHead head, Optional<Footer> footer, Optional<SegmentHead> next, long required)
            throws IOException {
        SegmentSurvey all = recovery.survey(head, required);
        SortedMap<Long, Bytes> ends = new TreeMap<>();
        footer.map(Footer::entry).ifPresent(entry -> ends.put(entry.last(), entry.chain()));
        next.ifPresent(behind -> ends.put(behind.firstPosition() - 1, behind.chainBefore()));
        for (Map.Entry<Long, Bytes> end : ends.headMap(all.last()).entrySet()) {
            SegmentSurvey shorter = recovery.survey(head, required, end.getKey());
            if (shorter.chain().equals(end.getValue())) {
                return shorter;
            }
        }
        return all;
    }

    private boolean isStillRight(Footer footer, SegmentHead head, SegmentSurvey survey)
            throws IOException {
        SegmentEntry.Sealed entry = footer.entry();
        boolean isAsItEnded = keys.end(head.name()).map(LogKeys.endOf(entry)::equals).orElse(true);
        if (!entry.name().equals(head.name()) || survey.last() > entry.last() || !isAsItEnded) {
            return false;
        }
        try (FileChannel channel = recovery.open(head.name().number())) {
            return survey.chain().equals(entry.chain()) && channel.size() == entry.bytes();
        }
    }
}
