package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a sealed log, or that it has none: which frames and lists may be in it then, and what
 * is said of others. Sums that are right do not tell who wrote a frame; only that it opens does.
 *
 * <p>{@code CORRUPT} is what a disk may have done, {@code TAMPERED} what takes somebody who makes
 * the sums right again.
 */
final class LogKeys {
    static final LogKeys NONE = new LogKeys(Optional.empty());

    static final int MAC_BYTES = 32;

    private final Optional<LogSealing> sealing;

    LogKeys(Optional<LogSealing> sealing) {
        this.sealing = sealing;
    }

    /** Whether the payloads are sealed. */
    boolean areThere() {
        return sealing.isPresent();
    }

    /** Whose keys these are. */
    Optional<StoreId> store() {
        return sealing.map(LogSealing::store);
    }

    /** Makes the key of a segment before there is anything else of it. */
    Optional<LogSealing.Sealer> begin(SegmentName name) {
        Optional<LogSealing.Sealer> sealer = sealing.map(keys -> keys.begin(name.id()));
        sealer.ifPresent(
                made ->
                        Invariant.check(
                                made.overheadBytes() >= 0
                                        && made.overheadBytes() <= Frame.OVERHEAD_BYTES_MAX,
                                "a sealed payload is {0} bytes longer",
                                made.overheadBytes()));
        return sealer;
    }

    /** For one thread at a time; to be closed. */
    PayloadOpener opener(SegmentName name) {
        return new PayloadOpener(this, name, sealing.flatMap(keys -> keys.opener(name.id())));
    }

    /** Whether a segment can be read: a plain one, or one that has a key. */
    boolean canOpen(SegmentName name) {
        try (PayloadOpener opener = opener(name)) {
            return !opener.lacksKey();
        }
    }

    /**
     * Refuses a frame that cannot be one of this log's, without opening it.
     *
     * @throws LoamException {@code KEY_MISSING} if it is sealed and there are no keys, {@code
     *     TAMPERED} if it is not, though it says something that only a sealed one may
     */
    void check(SegmentName name, Frame frame) {
        if (sealing.isEmpty()) {
            if (frame.isSealed()) {
                throw keyMissing("segment " + name.number() + " of the log is sealed");
            }
        } else if (!frame.isSealed() && (frame.holdsPayload() || frame.count() > 0)) {
            throw changed(name, frame);
        }
    }

    /** The same for a segment of which there is only the HEAD. */
    void check(SegmentHead head) {
        if (sealing.isEmpty() && head.isSealed()) {
            throw keyMissing("segment " + head.name().number() + " of the log is sealed");
        }
    }

    static LoamException keyMissing(String what) {
        return new LoamException(
                ErrorCode.KEY_MISSING,
                what + ", and no key was given. Open the store with its key");
    }

    static LoamException notEncrypted(String what) {
        return new LoamException(
                ErrorCode.NOT_ENCRYPTED,
                what
                        + " is not sealed, though a key was given. Open the store without one if it"
                        + " never had one; if it had, its files were exchanged");
    }

    /**
     * @throws LoamException {@code WRONG_KEY} if a log of this store is not the one of these keys
     */
    void refuseOther(StoreId found) {
        Optional<StoreId> own = store();
        if (own.isPresent() && !own.get().equals(found)) {
            throw new LoamException(
                    ErrorCode.WRONG_KEY,
                    "the log is that of store "
                            + found
                            + ", the keys are those of store "
                            + own.get()
                            + ". Put back the log or the keys, so that they belong together");
        }
    }

    /** Of a frame with a right sum that nobody with the key has written. */
    static LoamException changed(SegmentName name, Frame frame) {
        return tampered(
                "segment "
                        + name.number()
                        + " of the log was changed at position "
                        + frame.position()
                        + " by somebody who does not have its key");
    }

    static LoamException tampered(String what) {
        return new LoamException(
                ErrorCode.TAMPERED,
                what
                        + ". Use nothing of it; find out who wrote to the disk, then put the store"
                        + " back from a backup or a peer");
    }

    /** What the list of segments carries, if it is a sealed log's. */
    Optional<Bytes> authenticate(Bytes text) {
        Optional<Bytes> mac = sealing.map(keys -> keys.authenticate(text));
        mac.ifPresent(made -> Invariant.check(made.size() == MAC_BYTES, "MAC {0}", made.size()));
        return mac;
    }

    /** How the segment ended, if that is remembered. */
    Optional<LogSealing.SegmentEnd> end(SegmentName name) {
        return sealing.flatMap(keys -> keys.end(name.id()));
    }

    /** Has it remembered how a segment ended, before the list says so. */
    void ended(SegmentEntry.Sealed entry) {
        sealing.ifPresent(keys -> keys.ended(entry.name().id(), endOf(entry)));
    }

    static LogSealing.SegmentEnd endOf(SegmentEntry.Sealed entry) {
        return new LogSealing.SegmentEnd(entry.last(), entry.frames(), entry.chain());
    }

    /**
     * Compares a line of the list with what is remembered. They were written one after the other,
     * and a crash between the two leaves a line that says that the segment is open.
     *
     * @throws LoamException {@code TAMPERED} if they differ
     */
    void checkLine(SegmentEntry.Sealed listed) {
        Optional<LogSealing.SegmentEnd> end = end(listed.name());
        if (end.isPresent() && !end.get().equals(endOf(listed))) {
            throw tampered(
                    "segment "
                            + listed.name().number()
                            + " of the log ended otherwise than the log's MANIFEST says");
        }
    }

    /**
     * Compares what was found in a segment with what is remembered, or listed: where all frames are
     * sound and without a gap, and there are as many, a disk has changed nothing.
     *
     * @throws LoamException {@code TAMPERED} if they differ all the same
     */
    void refuseChanged(SegmentName name, SegmentSurvey found, LogSealing.SegmentEnd end) {
        boolean isWhole =
                found.holes().isEmpty()
                        && found.last() == end.lastPosition()
                        && found.frames() == end.frames();
        if (areThere() && isWhole && !found.chain().equals(end.chain())) {
            throw tampered(
                    "segment " + name.number() + " of the log holds other frames than it did");
        }
    }

    /**
     * Lets go of the keys of all other segments. What was set aside is kept for somebody to look
     * at, and nobody could without its key: then all keys stay.
     */
    void keepOnly(LogDirectory log, Set<Bytes> ids) throws IOException {
        if (areThere() && log.setAside().isEmpty()) {
            sealing.get().keepOnly(Set.copyOf(ids));
        }
    }

    static Set<Bytes> idsOf(Manifest manifest) {
        Set<Bytes> ids = new HashSet<>();
        manifest.segments().forEach(entry -> ids.add(entry.name().id()));
        return ids;
    }
}
