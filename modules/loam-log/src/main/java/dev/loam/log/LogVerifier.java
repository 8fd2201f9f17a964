package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads every frame of the log and compares all that says something about them. */
final class LogVerifier {
    private static final int READ_AHEAD_BYTES = 1 << 20;
    private static final int FRAMES_PER_REPORT = 4_096;

    private final LogDirectory log;
    private final LogKeys keys;
    private final LogView view;
    private final LogVerification.Progress progress;
    private final List<String> damage = new ArrayList<>();
    private long bytesDone;
    private long batches;
    private long frames;

    LogVerifier(LogDirectory log, LogKeys keys, LogView view, LogVerification.Progress progress) {
        this.log = log;
        this.keys = keys;
        this.view = view;
        this.progress = progress;
    }

    LogVerification run() throws IOException {
        List<SegmentEntry.Sealed> segments = view.segments();
        Bytes chain = SegmentChain.START;
        long end = 0;
        for (SegmentEntry.Sealed entry : segments) {
            missing(end + 1, entry.first() - 1, "no segment of the log holds them");
            long bytesBefore = bytesDone;
            verify(entry, chain);
            end = entry.last();
            chain = entry.chainAfter();
            bytesDone = bytesBefore + entry.bytes();
            progress.at(bytesDone, bytesTotal());
        }
        missing(end + 1, view.end(), "no segment of the log holds them");
        return new LogVerification(segments.size(), batches, bytesDone, damage);
    }

    private long bytesTotal() {
        long total = 0;
        for (SegmentEntry.Sealed entry : view.segments()) {
            total += entry.bytes();
        }
        return total;
    }

    private void verify(SegmentEntry.Sealed entry, Bytes chainBefore) throws IOException {
        long number = entry.name().number();
        noteChanges(() -> keys.checkLine(entry));
        try (FileChannel channel = FileChannel.open(log.frames(number), StandardOpenOption.READ)) {
            Optional<LogView.Active> active =
                    view.active().filter(open -> open.name().equals(entry.name()));
            if (active.isPresent()) {
                walk(channel, entry, active.get().contentEnd(), new SegmentChain(chainBefore));
                return;
            }
            Optional<Footer> footer = log.readFooter(number);
            if (footer.isEmpty() || !footer.get().entry().equals(entry)) {
                found(number, "its FOOTER is damaged or missing; reopening makes it again");
            }
            if (channel.size() != entry.bytes()) {
                found(number, "it has " + channel.size() + " bytes, not " + entry.bytes());
            }
            long limit = footer.map(Footer::contentEnd).orElse(channel.size());
            Bytes before = footer.map(Footer::chainBefore).orElse(chainBefore);
            if (!before.equals(chainBefore)) {
                found(number, "it does not follow the segment before it");
            }
            SegmentChain chain = new SegmentChain(before);
            long framesBefore = frames;
            int damageBefore = damage.size();
            Optional<SegmentSeal> seal = walk(channel, entry, limit, chain);
            boolean isWhole =
                    damage.size() == damageBefore && frames - framesBefore == entry.frames();
            if (!chain.end().equals(entry.chain())) {
                noteOtherFrames(number, isWhole);
            } else if (seal.isEmpty()
                    && footer.isPresent()
                    && footer.get().origin() == Footer.Origin.SEALED) {
                found(number, "its SEAL is damaged");
            }
        } catch (NoSuchFileException absent) {
            missing(entry.first(), entry.last(), "segment " + number + " of the log is missing");
        }
    }

    /** Without a key each frame may have been changed, together with its sum. */
    private void noteOtherFrames(long number, boolean isWhole) {
        String what = "its frames are not those that were sealed";
        if (isWhole && keys.areThere()) {
            damage.add(ErrorCode.TAMPERED + ": segment " + number + " of the log: " + what);
        } else {
            found(number, what);
        }
    }

    private void noteChanges(Runnable check) {
        try {
            check.run();
        } catch (LoamException refused) {
            if (refused.code() != ErrorCode.TAMPERED) {
                throw refused;
            }
            damage.add(refused.toString());
        }
    }

    private Optional<SegmentSeal> walk(
            FileChannel channel, SegmentEntry.Sealed entry, long limit, SegmentChain chain)
            throws IOException {
        try (PayloadOpener opener = keys.opener(entry.name())) {
            if (opener.lacksKey()) {
                damage.add(PayloadOpener.missingKey(entry.name()));
            }
            return walk(channel, entry, limit, chain, opener);
        }
    }

    private void open(PayloadOpener opener, SegmentName name, SegmentCursor cursor, Frame frame) {
        if (opener.lacksKey()) {
            noteChanges(() -> keys.check(name, frame));
        } else {
            noteChanges(() -> opener.payload(cursor, frame));
        }
    }

    private Optional<SegmentSeal> walk(
            FileChannel channel,
            SegmentEntry.Sealed entry,
            long limit,
            SegmentChain chain,
            PayloadOpener opener)
            throws IOException {
        long number = entry.name().number();
        SegmentCursor cursor =
                new SegmentCursor(
                        channel, entry.name(), Math.min(limit, channel.size()), READ_AHEAD_BYTES);
        long bytesBefore = bytesDone;
        long expected = entry.first();
        Optional<SegmentSeal> seal = Optional.empty();
        for (Frame frame = cursor.next(expected); frame != null; frame = cursor.next(expected)) {
            // Opened before anything that it says of itself is believed.
            open(opener, entry.name(), cursor, frame);
            if (!cursor.believes(frame, expected)) {
                continue;
            }
            if (frame.next() - 1 > entry.last()) {
                break;
            }
            if (frame.kind() == Frame.SEAL && frame.payloadBytes() >= SegmentSeal.BYTES) {
                seal = Optional.of(SegmentSeal.decode(cursor.payload()));
                break;
            }
            missing(expected, frame.position() - 1, "segment " + number + " of the log is damaged");
            chain.add(cursor.buffer(), frame.start(), frame.bytes());
            expected = frame.next();
            batches += frame.count();
            frames++;
            if (frames % FRAMES_PER_REPORT == 0) {
                bytesDone = bytesBefore + cursor.endOffset();
                progress.at(bytesDone, bytesTotal());
            }
        }
        missing(expected, entry.last(), "segment " + number + " of the log lacks sound frames");
        return seal;
    }

    private void missing(long first, long last, String what) {
        if (first <= last) {
            damage.add(new PositionRange(first, last) + " cannot be read: " + what);
        }
    }

    private void found(long number, String what) {
        damage.add("segment " + number + " of the log: " + what);
    }
}
