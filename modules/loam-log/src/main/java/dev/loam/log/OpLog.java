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
import java.util.random.RandomGenerator;

/**
 * A store's ground state: payloads of bytes at contiguous positions from 1 on. One thread writes,
 * any number of threads read.
 *
 * <p>What {@link #append} returned for is on the disk and survives the end of the process and of
 * the machine. A payload is there whole or not at all; of a group that was never acknowledged some
 * first payloads may be there after a crash.
 *
 * <p>If a write fails in a way that leaves its outcome unknown, it and all later ones fail with
 * {@code IO_FAILED}, while reading goes on; opening the store anew reads the disk and ends that.
 * The writer's thread must never be interrupted: an interrupt closes the file under the write.
 */
public final class OpLog implements AutoCloseable {
    private final Path store;
    private final StoreLock lock;
    private final LogDirectory log;
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
     *     opening would make the loss worse, {@code IO_FAILED}
     */
    public static OpLog open(Path store, LogOptions options) {
        SegmentAppender.Factory appenders = ChronicleGate.enter(options.openJdkPackages());
        return open(store, options, new DiskFiles(), appenders, new SecureRandom());
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
                long expected = options.expectedAtLeast().get().number();
                Recovered recovered = Opening.run(files, store, expected, random);
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
     * Appends payloads at the positions that follow, and returns when all are on the disk. The
     * first thread that calls this is the writer for as long as the log is open.
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

    /** The last durable position. Any thread. */
    public Position end() {
        return new Position(writer.view().end());
    }

    /** The items behind {@code position} up to the present {@link #end}. Any thread. */
    public LogReader readAfter(Position position) {
        refuseClosed();
        return new LogReader(log, writer.view(), position);
    }

    /**
     * Reads everything up to the present end and compares checksums, positions and chains. Changes
     * nothing. Any thread.
     *
     * @throws LoamException {@code IO_FAILED}, {@code PERMISSIONS}, {@code FORMAT_VERSION} if a
     *     file cannot be read at all
     */
    public LogVerification verify(LogVerification.Progress progress) {
        refuseClosed();
        try {
            return new LogVerifier(log, writer.view(), progress).run();
        } catch (IOException fault) {
            throw DiskFault.reading("verifying the log", store, fault);
        }
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
        try {
            return new QuickVerifier(log, writer.view()).run();
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

    /** Bytes of all segments' files. Any thread. */
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
