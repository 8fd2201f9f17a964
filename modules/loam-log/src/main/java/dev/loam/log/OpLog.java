package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A store's ground state: payloads of bytes at contiguous positions from 1 on. One thread writes,
 * any number of threads read.
 *
 * <p>What {@link #append} returned for survives the end of the process. What is at or before {@link
 * #forced} is on the disk and survives the end of the machine too; that is all of it unless {@link
 * LogOptions#forcesGroups} says otherwise. After a crash the log ends at or behind {@link #forced},
 * without a gap, and positions behind its end are given out again: nobody outside the store may be
 * told of a position that is not forced.
 *
 * <p>A payload is there whole or not at all; of a group that was never acknowledged some first
 * payloads may be there after a crash.
 *
 * <p>If a write fails in a way that leaves its outcome unknown, it and all later ones fail with
 * {@code IO_FAILED}, while reading goes on; opening the store anew reads the disk and ends that.
 * The writer's thread must never be interrupted: an interrupt closes the file under the write.
 */
public final class OpLog implements AutoCloseable {
    private final Path store;
    private final StoreLock lock;
    private final LogDirectory log;
    private final LogKeys keys;
    private final StoreId id;
    private final OpenedLog report;
    private final LogWriter writer;
    private final Annexes annexes;
    private volatile boolean isClosed;

    private OpLog(
            Path store, StoreLock lock, StoreFiles files, Recovered recovered, LogWriter writer) {
        this.store = store;
        this.lock = lock;
        this.log = recovered.log();
        this.keys = recovered.keys();
        this.id = recovered.manifest().store();
        this.report = recovered.report();
        this.writer = writer;
        this.annexes = new Annexes(files, log);
    }

    /**
     * Takes the store's lock, then makes the store or finds out what is in it. Damage does not keep
     * it from opening: it is in the {@link #report} and an item of every reader.
     *
     * @param store its directory; made if absent, together with its parents
     * @throws LoamException {@code STORE_BUSY} naming the process that has it, {@code NOT_A_STORE},
     *     {@code FORMAT_VERSION}, {@code PERMISSIONS}, {@code DISK_FULL} if a new store cannot be
     *     made, {@code INVALID_CONFIG} with the flags that the JVM lacks, {@code CORRUPT} if
     *     opening would make the loss worse, {@code IO_FAILED}; {@code KEY_MISSING} if the log is
     *     sealed and there are no keys, {@code NOT_ENCRYPTED} if it is not and there are, {@code
     *     WRONG_KEY} if they are another store's, {@code TAMPERED} if somebody without them has
     *     changed it: in these cases it is left as it was
     */
    public static OpLog open(Path store, LogOptions options) {
        return open(store, options, UnaryOperator.identity());
    }

    /**
     * The same on a disk of which more is known, or that does less than the system's.
     *
     * @param disk gives what is called in place of the file system it is given
     */
    public static OpLog open(Path store, LogOptions options, UnaryOperator<StoreFiles> disk) {
        SegmentAppender.Factory appenders = ChronicleGate.enter(options.openJdkPackages());
        return open(store, options, disk.apply(new DiskFiles()), appenders, new SecureRandom());
    }

    static OpLog open(
            Path given,
            LogOptions options,
            StoreFiles files,
            SegmentAppender.Factory appenders,
            RandomGenerator random) {
        try {
            Path store = StoreDirectory.require(given, files);
            StoreLock lock = StoreLock.acquire(store);
            try {
                Recovered recovered = Opening.run(files, store, options, random);
                LogWriter writer = new LogWriter(files, appenders, options, random, recovered);
                return new OpLog(store, lock, files, recovered, writer);
            } catch (Throwable refused) {
                lock.close();
                throw refused;
            }
        } catch (IOException refused) {
            throw DiskFault.writing("opening the store", given, refused);
        } catch (UncheckedIOException refused) {
            throw DiskFault.writing(
                    "opening the store", given, Objects.requireNonNull(refused.getCause()));
        }
    }

    /** The store's identity, made with it. */
    public StoreId store() {
        return id;
    }

    /** What opening found and did. */
    public OpenedLog report() {
        return report;
    }

    /**
     * Appends payloads at the positions that follow, reads them back and, if {@link
     * LogOptions#forcesGroups}, forces them. The first thread that calls this is the writer until
     * it ends.
     *
     * @param payloads up to 4,096, each up to 4 MiB and 64 KiB; with none, nothing happens
     * @return the last position
     * @throws LoamException {@code LIMIT_EXCEEDED} or {@code DISK_FULL}: nothing was written and
     *     the log goes on; {@code IO_FAILED}: whether it was written is unknown, and the log takes
     *     no more; {@code CLOSED}
     */
    public Position append(List<Bytes> payloads) {
        refuseClosed();
        return new Position(writer.append(payloads));
    }

    /**
     * Returns when all that was appended is on the disk. If it was already and no later group came,
     * a MARK is appended and forced, so that damage to the last group is told from a torn write; on
     * a log that ends with a MARK, or to which nothing was appended, nothing happens. The writer's
     * thread.
     *
     * @throws LoamException {@code IO_FAILED}: what is on the disk is unknown, and the log takes no
     *     more; {@code CLOSED}
     */
    public void force() {
        refuseClosed();
        writer.force();
    }

    /** The last position that readers see. Any thread. */
    public Position end() {
        return new Position(writer.view().end());
    }

    /** The last position known to be on the disk, {@link #end} or before it. Any thread. */
    public Position forced() {
        return new Position(writer.forced());
    }

    /**
     * Gives the room of {@code RESERVE} back to a full disk, for work that ends with more room than
     * it began with. It is taken again when a segment begins and there is plenty. The writer's
     * thread.
     *
     * @return false if there was nothing to give back
     * @throws LoamException {@code IO_FAILED}, {@code CLOSED}
     */
    public boolean freeReserve() {
        refuseClosed();
        try {
            return writer.reserve().free();
        } catch (IOException fault) {
            throw DiskFault.reading("freeing the reserve", store, fault);
        }
    }

    /** The items behind {@code position} up to the present {@link #end}. Any thread. */
    public LogReader readAfter(Position position) {
        refuseClosed();
        return new LogReader(log, keys, writer.lease(), position);
    }

    /** Keeps the segments that are sealed now on the disk, to be read one by one. Any thread. */
    public LogPin pin() {
        refuseClosed();
        return new LogPin(log, keys, writer.lease());
    }

    /**
     * Reads everything up to the present end, opens what is sealed, and compares checksums,
     * positions and chains. Changes nothing. Any thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}, {@code FORMAT_VERSION} if a
     *     file cannot be read at all; {@code KEY_MISSING} as {@link LogReader#next}
     */
    public LogVerification verify(LogVerification.Progress progress) {
        refuseClosed();
        try (Leases.Lease lease = writer.lease()) {
            return new LogVerifier(log, keys, lease.view(), progress).run();
        } catch (IOException fault) {
            throw DiskFault.reading("verifying the log", store, fault);
        }
    }

    /**
     * Seals the active segment, so that all that was appended can be compacted. Writer's thread.
     *
     * @throws LoamException {@code DISK_FULL}: nothing changed; {@code IO_FAILED} as {@link
     *     #append}
     */
    public void roll() {
        refuseClosed();
        writer.roll();
    }

    /**
     * Deletes what openings have set aside, which nobody reads: for what must be nowhere any more.
     * Durable when it returns. Writer's thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}: some of it may be left
     */
    public void deleteSetAside() {
        refuseClosed();
        writer.deleteSetAside();
    }

    /** The last positions of the sealed segments, ascending: where a compaction may end. */
    public List<Position> sealedEnds() {
        return writer.view().sealed().stream().map(entry -> new Position(entry.last())).toList();
    }

    /**
     * Whether a sealed segment has bytes behind its last entry, which were never acknowledged and
     * are no entry: a power cut leaves them, and only a compaction takes them away. Writer's
     * thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}
     */
    public boolean hasResidue() {
        refuseClosed();
        return writer.hasResidue();
    }

    /** Bytes of the files of the sealed segments through the one that ends with {@code last}. */
    public long sealedBytes(Position last) {
        return writer.view().sealed().stream()
                .filter(entry -> entry.last() <= last.number())
                .mapToLong(SegmentEntry.Sealed::bytes)
                .sum();
    }

    /** The last position that a compaction has rewritten; the start if there was none. */
    public Position compactedThrough() {
        return writer.view().sealed().stream()
                .limit(1)
                .filter(SegmentEntry.Sealed::isCompacted)
                .map(entry -> new Position(entry.last()))
                .findFirst()
                .orElse(Position.START);
    }

    /**
     * The states of a compacted segment at one place. Any thread.
     *
     * @param segment its number
     * @param place as {@link LogItem.States} told it
     * @return empty if they are damaged, or the segment has been replaced meanwhile
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS} if the file cannot be read;
     *     {@code TAMPERED}, {@code KEY_MISSING} as {@link LogReader#next}
     */
    public Optional<Bytes> statesAt(long segment, long place) {
        refuseClosed();
        try (Leases.Lease lease = writer.lease()) {
            return LogReader.statesAt(log, keys, lease.view(), segment, place);
        } catch (IOException fault) {
            throw DiskFault.reading("reading the log", store, fault);
        }
    }

    /**
     * Begins a segment that is to stand for all from the log's first position through {@code last}.
     * Writer's thread; what is done with the draft may be done by another one.
     *
     * @param last one of {@link #sealedEnds}
     * @param largestPayloadBytes of what will be added to it
     * @throws LoamException {@code DISK_FULL}, {@code IO_FAILED}: the log is as it was
     */
    public SegmentDraft draft(Position last, int largestPayloadBytes) {
        refuseClosed();
        return writer.draft(last.number(), largestPayloadBytes);
    }

    /**
     * Begins a segment that is to stand for the whole log, and to add positions behind it: what was
     * appended is sealed. Nothing may be appended before the draft has been listed or closed.
     * Writer's thread.
     *
     * @param more positions behind {@link #end}, at least one
     * @param largestPayloadBytes of what will be added to it
     * @throws LoamException {@code DISK_FULL}, {@code IO_FAILED}, {@code OVERLOADED}: the log is as
     *     it was
     */
    public SegmentDraft draftWithMore(int more, int largestPayloadBytes) {
        refuseClosed();
        return writer.draftWithMore(more, largestPayloadBytes);
    }

    /**
     * Lists a sealed draft, which the caller has read back and found right, in place of the
     * segments that it stands for; from then on it alone counts. Killed at any moment, the log is
     * either as before or as after. The old files are deleted when the last reader that may come to
     * them is closed. Writer's thread.
     *
     * @throws LoamException {@code CORRUPT} if positions are missing between the segments; {@code
     *     DISK_FULL}: the log is as it was; {@code IO_FAILED} as {@link #append}
     */
    public void replace(SegmentDraft draft) {
        refuseClosed();
        writer.replace(draft);
    }

    /**
     * Compares the list of segments with their files' lengths and footers, and reads no payload:
     * what is sound by this may still be damaged inside. {@code bytes} counts what was read.
     * Changes nothing. Any thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}, {@code FORMAT_VERSION} if a
     *     file cannot be read at all
     */
    public LogVerification verifyQuickly() {
        refuseClosed();
        try (Leases.Lease lease = writer.lease()) {
            return new QuickVerifier(log, keys, lease.view()).run();
        } catch (IOException fault) {
            throw DiskFault.reading("verifying the log", store, fault);
        }
    }

    /**
     * The segments in the order of their positions, the last one perhaps still being written. There
     * may be gaps between them where the log is damaged. Any thread.
     */
    public List<SegmentInfo> segments() {
        return writer.view().infos();
    }

    /** The segment that is being written, once it holds something. Any thread. */
    public Optional<SegmentInfo> activeSegment() {
        return writer.view().activeInfo();
    }

    /**
     * What {@link #writeAnnex} was last given for the segment. Empty if there is none, or if it is
     * damaged, of a newer form or of another segment: it is derived, and to be made again. Any
     * thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS} if it is there and cannot be
     *     read
     */
    public Optional<Bytes> annex(long segment) {
        refuseClosed();
        return annexes.read(writer.view(), segment);
    }

    /**
     * Keeps something that was derived from a segment beside it, until the segment goes. To be
     * called when the segment gets no more entries. Durable when it returns. Any thread, one at a
     * time for each segment.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such segment (any more), {@code
     *     DISK_FULL}, {@code IO_FAILED}: there is the annex before it, or none
     */
    public void writeAnnex(long segment, Bytes content) {
        refuseClosed();
        annexes.write(writer.view(), segment, content);
    }

    /** Segments, with the one that is being written. Any thread. */
    public int segmentCount() {
        return writer.view().segmentCount();
    }

    /** Bytes of all segments' files; {@code RESERVE} is none. Any thread. */
    public long sizeBytes() {
        return writer.view().sizeBytes();
    }

    /**
     * Seals what was written and lets the store go. To be called when the writer has ended, or by
     * it. Idempotent; lets the store go even if sealing fails, which costs the next opening a scan
     * and nothing else.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            writer.close();
        } finally {
            release();
        }
    }

    private void release() {
        try {
            lock.close();
        } catch (IOException fault) {
            throw DiskFault.reading("closing the store", store, fault);
        }
    }

    private void refuseClosed() {
        if (isClosed) {
            throw new LoamException(
                    ErrorCode.CLOSED, "the log of " + store + " is closed. Open the store again");
        }
    }
}
