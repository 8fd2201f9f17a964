package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What opening does with one segment. */
final class SegmentRecovery {
    private final StoreFiles files;
    private final LogDirectory log;
    private final LogKeys keys;
    private final Findings findings;
    private final Supplier<LogTail> tail;

    SegmentRecovery(
            StoreFiles files,
            LogDirectory log,
            LogKeys keys,
            Findings findings,
            Supplier<LogTail> tail) {
        this.files = files;
        this.log = log;
        this.keys = keys;
        this.findings = findings;
        this.tail = tail;
    }

    /** Compares a finished segment with its line; reads its frames only where that fails. */
    void checkSealed(StoreId store, SegmentEntry.Sealed listed, Bytes chainBefore)
            throws IOException {
        long number = listed.name().number();
        PositionRange range = new PositionRange(listed.first(), listed.last());
        Path file = log.frames(number);
        keys.checkLine(listed);
        if (!log.hasFile(number)) {
            findings.lost(range, "segment " + number + " of the log is missing: " + file);
            return;
        }
        noteMissingKey(listed.name(), range);
        Optional<Footer> footer = log.readFooter(number);
        boolean isWhole = Files.size(file) == listed.bytes();
        if (isWhole && footer.isPresent() && agrees(footer.get(), store, listed)) {
            noteHoles(number, footer.get().holes());
            return;
        }
        if (isForeign(store, listed.name(), footer)) {
            setAside(number, "it belongs to another store or is another segment");
            findings.lost(range, "segment " + number + " of the log was replaced by a foreign one");
            return;
        }
        if (!isWhole) {
            findings.note(
                    "CORRUPT: segment "
                            + number
                            + " of the log has "
                            + Files.size(file)
                            + " bytes, listed are "
                            + listed.bytes());
        }
        rebuildFooter(store, listed, chainBefore);
    }

    /** How a finished segment ended is told before it is listed, and forgotten with its key. */
    private void noteMissingKey(SegmentName name, PositionRange range) {
        if (!keys.areThere() || keys.end(name).isPresent()) {
            return;
        }
        if (keys.canOpen(name)) {
            findings.note(
                    "CORRUPT: how segment "
                            + name.number()
                            + " of the log ended is not known to the keys; they are older than it");
        } else {
            findings.lost(range, PayloadOpener.missingKey(name));
        }
    }

    private static boolean agrees(Footer footer, StoreId store, SegmentEntry.Sealed listed) {
        return footer.store().equals(store) && footer.entry().equals(listed);
    }

    private boolean isForeign(StoreId store, SegmentName name, Optional<Footer> footer)
            throws IOException {
        try (FileChannel channel = open(name.number())) {
            Optional<SegmentHead> head = SegmentFile.readHead(channel, name.number());
            if (head.isPresent()) {
                return !head.get().store().equals(store) || !head.get().name().equals(name);
            }
            return footer.isPresent()
                    && (!footer.get().store().equals(store)
                            || !footer.get().entry().name().equals(name));
        }
    }

    private void rebuildFooter(StoreId store, SegmentEntry.Sealed listed, Bytes chainBefore)
            throws IOException {
        long number = listed.name().number();
        try (FileChannel channel = open(number)) {
            SegmentHead head =
                    SegmentFile.readHead(channel, number)
                            .filter(found -> found.firstPosition() == listed.first())
                            .orElseGet(
                                    () ->
                                            new SegmentHead(
                                                    store,
                                                    listed.name(),
                                                    listed.first(),
                                                    chainBefore,
                                                    0));
            SegmentSurvey survey =
                    SegmentSurvey.of(channel, head, keys, listed.last(), listed.last());
            keys.refuseChanged(listed.name(), survey, LogKeys.endOf(listed));
            Footer footer = survey.footer(head, Footer.Origin.REBUILT, listed);
            noteHoles(number, footer.holes());
            boolean isSame = survey.chain().equals(listed.chain());
            findings.note(
                    "the FOOTER of segment "
                            + number
                            + " of the log did not fit and is made again; its frames are "
                            + (isSame ? "what was sealed" : "not all that was sealed"));
            findings.repair(() -> files.replace(log.footer(number), footer.encode()));
        }
    }

    /** Reads what its owner left open; the segment is never written again. */
    Manifest recoverOpen(
            Manifest manifest, SegmentEntry.Open listed, Bytes chainBefore, long expectedAtLeast)
            throws IOException {
        long number = listed.name().number();
        Manifest without = manifest.without(listed.name());
        if (!log.hasFile(number)) {
            findings.unclean(
                    "CORRUPT: segment "
                            + number
                            + " of the log was open and is missing; what it held from position "
                            + listed.first()
                            + " on is lost");
            findings.delete(() -> deleteIfThere(number));
            return keys.end(listed.name())
                    .map(end -> without.with(lost(listed, end)))
                    .orElse(without);
        }
        if (isForeign(manifest.store(), listed.name(), Optional.empty())) {
            setAside(number, "it belongs to another store or is another segment");
            findings.unclean(
                    "CORRUPT: segment "
                            + number
                            + " of the log was open and is another one; what it held from position "
                            + listed.first()
                            + " on is lost");
            return without;
        }
        SegmentHead head =
                new SegmentHead(manifest.store(), listed.name(), listed.first(), chainBefore, 0);
        return recover(without, head, expectedAtLeast);
    }

    /** It had been finished, and the keys know what it held. */
    private SegmentEntry.Sealed lost(SegmentEntry.Open listed, LogSealing.SegmentEnd end) {
        long number = listed.name().number();
        PositionRange range = new PositionRange(listed.first(), end.lastPosition());
        findings.lost(range, "segment " + number + " of the log is missing");
        return new SegmentEntry.Sealed(
                listed.name(), listed.first(), end.lastPosition(), end.frames(), 0, end.chain());
    }

    /** A directory that the manifest does not list: empty, next in line, or none of ours. */
    Manifest considerUnlisted(Manifest manifest, long number, long expectedAtLeast)
            throws IOException {
        if (!log.hasFile(number)) {
            findings.note("segment " + number + " of the log was never begun and is deleted");
            findings.delete(() -> deleteIfThere(number));
            return manifest;
        }
        try (FileChannel channel = open(number)) {
            Optional<SegmentHead> head = SegmentFile.readHead(channel, number);
            if (head.isEmpty()) {
                if (SegmentFile.hasFrames(channel)) {
                    setAside(number, "it is not listed and its beginning is damaged");
                } else {
                    findings.note("segment " + number + " of the log was empty and is deleted");
                    findings.delete(() -> deleteIfThere(number));
                }
                return manifest;
            }
            if (!head.get().store().equals(manifest.store())) {
                setAside(number, "it belongs to another store");
                return manifest;
            }
            keys.check(head.get());
            if (isReplaced(manifest, head.get())) {
                deleteReplaced(number);
                return manifest;
            }
            if (!isOurs(head.get())) {
                setAside(number, "it is not listed and was not written with the keys of the log");
                return manifest;
            }
            boolean isNext =
                    head.get().firstPosition() == manifest.lastPosition() + 1
                            && head.get().chainBefore().equals(manifest.lastChain());
            if (isNext) {
                return recover(manifest, head.get(), expectedAtLeast);
            }
            setAside(number, "it is not listed and does not follow the last segment");
            return manifest;
        }
    }

    /** A segment has a key before it has a directory. */
    boolean isOurs(SegmentHead head) {
        return head.isSealed() == keys.areThere() && keys.canOpen(head.name());
    }

    /** Whether a compaction was cut short before or after it listed its result. */
    private boolean isReplaced(Manifest manifest, SegmentHead head) {
        if (findings.hasDamage()) {
            return false;
        }
        if (head.isCompacted()) {
            // Whatever it was to add behind them, what it was to stand for is still there.
            return true;
        }
        return manifest.segments().stream()
                .limit(1)
                .filter(SegmentEntry.Sealed.class::isInstance)
                .map(SegmentEntry.Sealed.class::cast)
                .anyMatch(
                        first ->
                                first.isCompacted()
                                        && first.name().number() > head.name().number()
                                        && head.firstPosition() <= first.last());
    }

    /** Lets a segment go whose positions another one holds too. */
    void deleteReplaced(long number) {
        findings.note(
                "segment "
                        + number
                        + " of the log was left over by a compaction that was cut short, and is"
                        + " deleted");
        findings.delete(() -> deleteIfThere(number));
    }

    /** Adds a segment that was not sealed, or of which only its frames tell that it was. */
    private Manifest recover(Manifest manifest, SegmentHead head, long expectedAtLeast)
            throws IOException {
        long number = head.name().number();
        SegmentSurvey survey = whole(head, survey(head, expectedAtLeast), expectedAtLeast);
        if (survey.isEmpty(head) && keys.end(head.name()).isEmpty()) {
            findings.unclean("segment " + number + " of the log was not closed");
            letGo(number, survey);
            return manifest;
        }
        SegmentEntry.Sealed entry = close(head, survey, Footer.Origin.RECOVERED);
        findings.unclean(
                "segment "
                        + number
                        + " of the log was not closed; it holds "
                        + new PositionRange(head.firstPosition(), entry.last()));
        return manifest.with(entry);
    }

    /** Plans the end of a segment that was surveyed, and says what it lacks. */
    SegmentEntry.Sealed close(SegmentHead head, SegmentSurvey survey, Footer.Origin origin)
            throws IOException {
        long number = head.name().number();
        long used;
        try (FileChannel channel = open(number)) {
            used = SegmentFile.endOfContent(channel);
        }
        long bytes = SegmentFile.wholePages(Math.max(used, survey.contentEnd()));
        LogSealing.SegmentEnd end = endOf(head, survey);
        SegmentEntry.Sealed entry =
                new SegmentEntry.Sealed(
                        head.name(),
                        head.firstPosition(),
                        end.lastPosition(),
                        end.frames(),
                        bytes,
                        end.chain(),
                        replacedChain(head, survey));
        if (used > survey.contentEnd()) {
            findings.note(
                    "segment "
                            + number
                            + " of the log ends behind position "
                            + entry.last()
                            + ", at byte "
                            + survey.contentEnd()
                            + "; the "
                            + (used - survey.contentEnd())
                            + " bytes that follow were never acknowledged");
        }
        Footer footer = survey.footer(head, origin, entry);
        noteHoles(number, footer.holes());
        findings.repair(() -> finish(number, bytes, footer));
        remember(entry);
        return entry;
    }

    /** Has the keys remember how a segment ended that is about to be listed as finished. */
    void remember(SegmentEntry.Sealed entry) {
        if (!keys.canOpen(entry.name())) {
            PositionRange range = new PositionRange(entry.first(), entry.last());
            findings.lost(range, PayloadOpener.missingKey(entry.name()));
        } else if (keys.end(entry.name()).isEmpty()) {
            findings.repair(() -> keys.ended(entry));
        }
    }

    /** As it is remembered, if it had ended before: what is not there any more is then missing. */
    private LogSealing.SegmentEnd endOf(SegmentHead head, SegmentSurvey survey) {
        LogSealing.SegmentEnd found =
                new LogSealing.SegmentEnd(survey.last(), survey.frames(), survey.chain());
        LogSealing.SegmentEnd end = keys.end(head.name()).orElse(found);
        keys.refuseChanged(head.name(), survey, end);
        if (!end.equals(found)) {
            findings.note(
                    "CORRUPT: segment "
                            + head.name().number()
                            + " of the log does not hold all that it held when it ended");
        }
        return end;
    }

    /** Where the SEAL that told it is lost, what follows will be found not to fit. */
    private static Optional<Bytes> replacedChain(SegmentHead head, SegmentSurvey survey) {
        if (!head.isCompacted()) {
            return Optional.empty();
        }
        return survey.seal()
                .flatMap(SegmentSeal::replacedChain)
                .or(() -> Optional.of(survey.chain()));
    }

    private void finish(long number, long bytes, Footer footer) throws IOException {
        files.deleteFile(log.metadata(number));
        try (FileChannel channel =
                FileChannel.open(
                        log.frames(number), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > bytes) {
                files.truncate(channel, bytes);
                files.force(channel);
            }
        }
        files.replace(log.footer(number), footer.encode());
    }

    /**
     * Reads all frames of a segment that was not sealed. It is forced first: what this run shows
     * must not vanish at the next power cut.
     */
    SegmentSurvey survey(SegmentHead head, long requiredLast) throws IOException {
        return survey(head, requiredLast, Long.MAX_VALUE - 1);
    }

    /** The same of a segment that is known to have no position above {@code highestLast}. */
    SegmentSurvey survey(SegmentHead head, long requiredLast, long highestLast) throws IOException {
        Optional<LogSealing.SegmentEnd> end = keys.end(head.name());
        if (end.isPresent()) {
            long last = end.get().lastPosition();
            return read(head, last, last);
        }
        return read(head, requiredLast, highestLast);
    }

    private SegmentSurvey read(SegmentHead head, long requiredLast, long highestLast)
            throws IOException {
        long number = head.name().number();
        try (FileChannel channel = FileChannel.open(log.frames(number), StandardOpenOption.WRITE)) {
            files.force(channel);
        }
        files.forceDirectory(log.segment(number));
        Optional<FileChannel> direct = SegmentFile.openPastCache(log.frames(number));
        if (direct.isEmpty()) {
            findings.note(
                    "segment "
                            + number
                            + " of the log was read through the page cache: this file system has"
                            + " no other way");
        }
        try (FileChannel channel = direct.isPresent() ? direct.get() : open(number)) {
            return SegmentSurvey.of(channel, head, keys, requiredLast, highestLast);
        }
    }

    /** Without what a power cut has left of a group that nobody had acknowledged. */
    private SegmentSurvey whole(SegmentHead head, SegmentSurvey survey, long requiredLast)
            throws IOException {
        long known = Math.max(survey.vouched(), requiredLast);
        if (survey.last() <= known || keys.end(head.name()).isPresent()) {
            return survey;
        }
        long number = head.name().number();
        try (FileChannel channel = open(number);
                PayloadOpener opener = keys.opener(head.name())) {
            if (opener.lacksKey()) {
                return survey;
            }
            LogTail judge = tail.get();
            PositionRange doubtful = new PositionRange(known + 1, survey.last());
            SegmentSurvey.visit(channel, head, opener, doubtful, judge);
            long whole = judge.wholeThrough(new Position(survey.last())).number();
            Invariant.check(known <= whole && whole <= survey.last(), "whole through {0}", whole);
            return whole == survey.last()
                    ? survey
                    : SegmentSurvey.of(channel, head, keys, requiredLast, whole);
        }
    }

    /** Ends a segment without a position: deleted if it is empty, kept aside if it may not be. */
    void letGo(long number, SegmentSurvey survey) throws IOException {
        try (FileChannel channel = open(number)) {
            if (SegmentFile.endOfContent(channel) > survey.contentEnd()) {
                setAside(number, "no whole entry is left in it");
                return;
            }
        }
        findings.note("segment " + number + " of the log was empty and is deleted");
        findings.delete(() -> deleteIfThere(number));
    }

    void noteHoles(long number, List<PositionRange> holes) {
        for (PositionRange hole : holes) {
            findings.lost(hole, "segment " + number + " of the log is damaged");
        }
    }

    /** Keeps a directory under a name that is no longer read. */
    void setAside(long number, String why) {
        Path aside = log.aside(number);
        findings.note(
                "CORRUPT: segment "
                        + number
                        + " of the log is kept aside as "
                        + aside
                        + ": "
                        + why);
        findings.repair(
                () -> {
                    if (Files.exists(log.segment(number))) {
                        files.rename(log.segment(number), aside);
                    }
                });
    }

    /** Deletes a directory in which there is no entry. */
    void deleteIfThere(long number) throws IOException {
        Path directory = log.segment(number);
        if (Files.exists(directory)) {
            files.deleteDirectory(directory);
        }
    }

    FileChannel open(long number) throws IOException {
        return FileChannel.open(log.frames(number), StandardOpenOption.READ);
    }
}
