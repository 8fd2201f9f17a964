package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.log.LogSealing;
import java.util.Optional;
import java.util.Set;

/**
 * Seals the frames of a log by the keys of its store. A segment's row in the table of keys notes in
 * which epoch it was begun and, once it has ended, where and with which chain.
 */
final class SealedLog implements LogSealing {
    private static final int CHAIN_BYTES = 32;

    private final StoreKeys keys;

    SealedLog(StoreKeys keys) {
        this.keys = keys;
    }

    @Override
    public StoreId store() {
        return keys.store();
    }

    @Override
    public LogSealing.Sealer begin(Bytes segmentId) {
        return FrameSealer.begin(keys, segmentId);
    }

    @Override
    public Optional<LogSealing.Opener> opener(Bytes segmentId) {
        return FrameOpener.of(keys, segmentId);
    }

    @Override
    public void ended(Bytes segmentId, SegmentEnd end) {
        keys.change(
                table -> {
                    SegmentNote note = SegmentNote.decode(table.note(segmentId).orElseThrow());
                    return table.withNote(
                            segmentId, new SegmentNote(note.epoch(), Optional.of(end)).encode());
                });
    }

    @Override
    public Optional<SegmentEnd> end(Bytes segmentId) {
        return keys.look(table -> table.note(segmentId))
                .map(SegmentNote::decode)
                .flatMap(SegmentNote::end);
    }

    @Override
    public void keepOnly(Set<Bytes> segmentIds) {
        keys.keepOnly(segmentIds);
    }

    @Override
    public Bytes authenticate(Bytes text) {
        return keys.authenticateManifest(text);
    }

    /**
     * What the table of keys notes of a segment.
     *
     * @param epoch of the master key when it was begun
     * @param end once it has ended
     */
    record SegmentNote(long epoch, Optional<SegmentEnd> end) {
        Bytes encode() {
            ByteWriter to = new ByteWriter().varint(epoch);
            end.ifPresent(
                    each -> to.varint(each.lastPosition()).varint(each.frames()).raw(each.chain()));
            return to.toBytes();
        }

        static SegmentNote decode(Bytes note) {
            ByteReader from = ByteReader.of("the note of a segment's key", note);
            long epoch = from.varint();
            Optional<SegmentEnd> end =
                    from.isAtEnd()
                            ? Optional.empty()
                            : Optional.of(
                                    new SegmentEnd(
                                            from.varint(), from.varint(), from.raw(CHAIN_BYTES)));
            from.expectEnd();
            return new SegmentNote(epoch, end);
        }
    }
}
