package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares what lies beside the frames with each other; reads no frame. */
final class QuickVerifier {
    private static final Set<ErrorCode> CHANGED =
            Set.of(
                    ErrorCode.TAMPERED,
                    ErrorCode.NOT_ENCRYPTED,
                    ErrorCode.KEY_MISSING,
                    ErrorCode.WRONG_KEY);

    private final LogDirectory log;
    private final LogKeys keys;
    private final LogView view;
    private final List<String> damage = new ArrayList<>();
    private long bytes;

    QuickVerifier(LogDirectory log, LogKeys keys, LogView view) {
        this.log = log;
        this.keys = keys;
        this.view = view;
    }

    LogVerification run() throws IOException {
        checkManifest();
        Bytes chain = SegmentChain.START;
        long end = 0;
        for (SegmentEntry.Sealed entry : view.sealed()) {
            missing(end, entry.first());
            check(entry, chain);
            end = entry.last();
            chain = entry.chainAfter();
        }
        missing(end, view.active().map(LogView.Active::first).orElse(view.end() + 1));
        return new LogVerification(view.segmentCount(), 0, bytes, damage);
    }

    private void checkManifest() throws IOException {
        try {
            Optional<Manifest> listed = Manifest.decode(Files.readAllBytes(log.manifest()), keys);
            bytes += Files.size(log.manifest());
            if (listed.isEmpty()) {
                damage.add("the log's MANIFEST is damaged; reopening makes it again");
            } else if (!lists(listed.get(), view.sealed())) {
                damage.add("the log's MANIFEST does not list all segments");
            }
        } catch (NoSuchFileException absent) {
            damage.add("the log's MANIFEST is missing; reopening makes it again");
        } catch (LoamException refused) {
            note(refused);
        }
    }

    /** What somebody did to the log is what verifying looks for; a newer format is not. */
    private void note(LoamException refused) {
        if (!CHANGED.contains(refused.code())) {
            throw refused;
        }
        damage.add(refused.toString());
    }

    /** The list may be of just after a compaction, and the segments of just before it. */
    private static boolean lists(Manifest listed, List<SegmentEntry.Sealed> segments) {
        Set<SegmentEntry> known = new HashSet<>(listed.segments());
        for (SegmentEntry.Sealed segment : segments) {
            if (!known.contains(segment) && !isReplaced(segment, listed)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReplaced(SegmentEntry.Sealed segment, Manifest listed) {
        return !listed.segments().isEmpty()
                && listed.segments().getFirst() instanceof SegmentEntry.Sealed first
                && first.isCompacted()
                && first.last() >= segment.last()
                && first.name().number() > segment.name().number();
    }

    private void check(SegmentEntry.Sealed entry, Bytes chainBefore) throws IOException {
        try {
            keys.checkLine(entry);
        } catch (LoamException refused) {
            note(refused);
        }
        long number = entry.name().number();
        String segment = "segment " + number + " of the log";
        if (!log.hasFile(number)) {
            damage.add(segment + " is missing: " + log.frames(number));
            return;
        }
        long size = Files.size(log.frames(number));
        if (size != entry.bytes()) {
            damage.add(segment + " has " + size + " bytes, not " + entry.bytes());
        }
        Optional<Footer> footer = log.readFooter(number);
        if (footer.isEmpty() || !footer.get().entry().equals(entry)) {
            damage.add(segment + ": its FOOTER is damaged or missing; reopening makes it again");
            return;
        }
        bytes += Files.size(log.footer(number));
        if (!footer.get().chainBefore().equals(chainBefore)) {
            damage.add(segment + " does not follow the segment before it");
        }
        for (PositionRange hole : footer.get().holes()) {
            damage.add(hole + " cannot be read: " + segment + " is damaged");
        }
    }

    private void missing(long end, long nextFirst) {
        if (end + 1 < nextFirst) {
            damage.add(
                    new PositionRange(end + 1, nextFirst - 1)
                            + " cannot be read: no segment of the log holds them");
        }
    }
}
