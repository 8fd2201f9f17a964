package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What reading every frame of a segment found. Where the positions have a gap, the segment goes on
 * behind it only if the missing ones are known to have been on the disk: then they are a hole, that
 * is damage. Otherwise the segment ends before the gap: what follows was never acknowledged.
 *
 * @param last position, {@code first} - 1 if there is none
 * @param frames that count, without the SEAL
 * @param contentEnd offset behind the last frame that counts
 * @param discarded sound frames behind the end
 * @param vouched up to which the frames say that all was on the disk
 */
record SegmentSurvey(
        long last,
        long frames,
        long contentEnd,
        Bytes chain,
        List<PositionRange> holes,
        PositionOffsets offsets,
        Optional<SegmentSeal> seal,
        long discarded,
        long vouched) {
    private static final int READ_AHEAD_BYTES = 1 << 20;

    SegmentSurvey {
        holes = List.copyOf(holes);
    }

    /**
     * @param requiredLast a position up to which nothing may be missing without being damage
     * @param highestLast positions above it do not belong to the segment
     * @throws dev.loam.core.LoamException as {@link LogKeys#check(SegmentName, Frame)}
     */
    static SegmentSurvey of(
            FileChannel channel,
            SegmentHead head,
            LogKeys keys,
            long requiredLast,
            long highestLast)
            throws IOException {
        SegmentCursor cursor =
                new SegmentCursor(channel, head.name(), channel.size(), READ_AHEAD_BYTES);
        Extent extent = extentOf(cursor, head, keys, requiredLast, highestLast);
        cursor.seek(0);
        return measure(cursor, head, extent);
    }

    boolean isEmpty(SegmentHead head) {
        return last < head.firstPosition();
    }

    /**
     * The footer of this segment under a line of the manifest, which may know of positions that are
     * not there any more.
     */
    Footer footer(SegmentHead head, Footer.Origin origin, SegmentEntry.Sealed entry) {
        List<PositionRange> missing = new ArrayList<>(holes);
        if (last < entry.last()) {
            missing.add(new PositionRange(last + 1, entry.last()));
        }
        return new Footer(
                head.store(), origin, entry, head.chainBefore(), contentEnd, missing, offsets);
    }

    /** Where the segment ends, and what is missing before that. */
    private record Extent(long last, List<PositionRange> holes, long discarded, long vouched) {}

    private static Extent extentOf(
            SegmentCursor cursor,
            SegmentHead head,
            LogKeys keys,
            long requiredLast,
            long highestLast)
            throws IOException {
        long first = head.firstPosition();
        List<PositionRange> runs = new ArrayList<>();
        long vouched = 0;
        long expected = first;
        for (Frame frame = cursor.next(expected); frame != null; frame = cursor.next(expected)) {
            keys.check(head.name(), frame);
            if (!cursor.believes(frame, expected)) {
                continue;
            }
            vouched = Math.max(vouched, frame.vouchedThrough());
            if (frame.count() > 0) {
                boolean goesOn = !runs.isEmpty() && runs.getLast().last() + 1 == frame.position();
                long from = goesOn ? runs.removeLast().first() : frame.position();
                runs.add(new PositionRange(from, frame.next() - 1));
            }
            expected = frame.next();
        }
        long required = Math.min(Math.max(vouched, requiredLast), highestLast);
        List<PositionRange> holes = new ArrayList<>();
        long last = first - 1;
        long discarded = 0;
        for (PositionRange run : runs) {
            boolean isAdjacent = run.first() == last + 1;
            boolean belongs =
                    run.first() <= highestLast && (isAdjacent || run.first() <= required + 1);
            if (discarded > 0 || !belongs) {
                discarded += run.last() - run.first() + 1;
                continue;
            }
            if (!isAdjacent) {
                holes.add(new PositionRange(last + 1, run.first() - 1));
            }
            last = Math.min(run.last(), highestLast);
        }
        long vouchedLast = Math.min(vouched, highestLast);
        if (last < vouchedLast) {
            holes.add(new PositionRange(last + 1, vouchedLast));
            last = vouchedLast;
        }
        return new Extent(last, holes, discarded, vouched);
    }

    private static SegmentSurvey measure(SegmentCursor cursor, SegmentHead head, Extent extent)
            throws IOException {
        SegmentChain chain = new SegmentChain(head.chainBefore());
        PositionOffsets offsets = PositionOffsets.empty(head.firstPosition());
        long frames = 0;
        long contentEnd = 0;
        Optional<SegmentSeal> seal = Optional.empty();
        long expected = head.firstPosition();
        for (Frame frame = cursor.nextBelieved(expected);
                frame != null && frame.next() - 1 <= extent.last();
                frame = cursor.nextBelieved(expected)) {
            contentEnd = cursor.endOffset();
            expected = frame.next();
            if (frame.kind() == Frame.SEAL && frame.payloadBytes() >= SegmentSeal.BYTES) {
                seal = Optional.of(SegmentSeal.decode(cursor.payload()));
                break;
            }
            chain.add(cursor.buffer(), frame.start(), frame.bytes());
            frames++;
            if (frame.count() > 0) {
                offsets = offsets.with(frame.position(), cursor.wordOffset());
            }
        }
        return new SegmentSurvey(
                extent.last(),
                frames,
                contentEnd,
                chain.end(),
                extent.holes(),
                offsets,
                seal,
                extent.discarded(),
                extent.vouched());
    }

    /**
     * Shows the entries of a range, as far as they are sound, in their order.
     *
     * @throws dev.loam.core.LoamException as {@link PayloadOpener#payload}
     */
    static void visit(
            FileChannel channel,
            SegmentHead head,
            PayloadOpener opener,
            PositionRange range,
            LogTail judge)
            throws IOException {
        SegmentCursor cursor =
                new SegmentCursor(channel, head.name(), channel.size(), READ_AHEAD_BYTES);
        long expected = head.firstPosition();
        for (Frame frame = cursor.nextBelieved(expected);
                frame != null && frame.position() <= range.last();
                frame = cursor.nextBelieved(expected)) {
            if (frame.kind() == Frame.BATCH && frame.position() >= range.first()) {
                judge.entry(new Position(frame.position()), opener.payload(cursor, frame));
            }
            expected = frame.next();
        }
    }
}
