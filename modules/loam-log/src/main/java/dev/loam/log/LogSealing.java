package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.util.Optional;
import java.util.Set;

/**
 * Seals the payloads that a log writes, and opens those that it reads. The keys are the caller's:
 * the log knows none, and neither how they are kept nor with which algorithm they seal.
 *
 * <p>Each segment has a key of its own, which is made before anything of the segment is on the disk
 * and used by one {@link Sealer} only. A segment that has no key was therefore never written by
 * whoever has these keys.
 *
 * <p>Methods throw {@link dev.loam.core.LoamException} for what is expected to fail, above all
 * {@code DISK_FULL} and {@code IO_FAILED}; what they were to remember may then be remembered or
 * not, and may be told again.
 */
public interface LogSealing {
    /** The store whose keys these are: a new log takes this id; a log of another is refused. */
    StoreId store();

    /**
     * Makes the key of a segment that is about to be made; durable when it returns. The writer's
     * thread, never at the same time as {@link #keepOnly}.
     *
     * @param segmentId 16 random bytes that no segment had before
     */
    Sealer begin(Bytes segmentId);

    /** For one thread at a time; empty if there is no key for that segment. Any thread. */
    Optional<Opener> opener(Bytes segmentId);

    /**
     * Remembers durably how a segment ended, before the log's list says that it did. Told again
     * where the list could not be written, and then the same. The writer's thread, or the one that
     * opens the log.
     */
    void ended(Bytes segmentId, SegmentEnd end);

    /** How it ended; empty if that was never told, or there is no such segment. Any thread. */
    Optional<SegmentEnd> end(Bytes segmentId);

    /**
     * The segments that have keys and are not among these are gone: their keys may go. Durable when
     * it returns. The writer's thread, or the one that opens the log.
     */
    void keepOnly(Set<Bytes> segmentIds);

    /** 32 bytes that nobody without the store's keys can make for this text. Any thread. */
    Bytes authenticate(Bytes text);

    /**
     * What a segment holds once it gets no more entries.
     *
     * @param lastPosition that it takes
     * @param frames in it, its HEAD included and its SEAL not
     * @param chain SHA-256 over the chain of the segment before and over these frames
     */
    record SegmentEnd(long lastPosition, long frames, Bytes chain) {}

    /** Seals the payloads of one segment. For one thread at a time. */
    interface Sealer extends AutoCloseable {
        /** By how much a sealed payload is longer, at most 64; the same for all. */
        int overheadBytes();

        /**
         * @param associated what the payload is bound to: 36 bytes of the frame's header
         */
        Bytes seal(Bytes associated, Bytes payload);

        /** Lets go of the key. Idempotent; throws nothing. */
        @Override
        void close();
    }

    /** Opens the payloads of one segment. For one thread at a time. */
    interface Opener extends AutoCloseable {
        /** Empty unless exactly these bytes were sealed under this key, whatever they are. */
        Optional<Bytes> open(Bytes associated, Bytes sealed);

        /** Lets go of the key. Idempotent; throws nothing. */
        @Override
        void close();
    }
}
