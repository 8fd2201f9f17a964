package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Appends groups, and begins and ends segments. Owned by one thread.
 *
 * <p>A failure before anything of a group is appended, as on a full disk, leaves the log as it was
 * and may be tried again. After any other failure the end of the active segment is unknown, and
 * forcing again could call good what never reached the disk: all writes are refused from then on,
 * and only opening anew, which reads the disk, ends that.
 */
final class LogWriter {
    private final StoreFiles files;
    private final SegmentAppender.Factory appenders;
    private final LogDirectory log;
    private final LogOptions options;
    private final RandomGenerator random;
    private final Leases leases = new Leases();

    /** What opening could not write on a full disk; done before the next append. */
    private final Deque<Repair> repairs;

    private final Reserve reserve;
    private Manifest manifest;
    private @Nullable ActiveSegment active;
    private @Nullable Throwable poison;
    private @Nullable Thread writer;
    private volatile LogView view;

    /** Follows the view's end; at times behind it, never above it. */
    private volatile long forced;

    LogWriter(
            StoreFiles files,
            SegmentAppender.Factory appenders,
            LogOptions options,
            RandomGenerator random,
            Recovered recovered) {
        this.files = files;
        this.appenders = appenders;
        this.log = recovered.log();
        this.options = options;
        this.random = random;
        this.repairs = new ArrayDeque<>(recovered.repairs());
        this.reserve = new Reserve(files, log);
        this.manifest = recovered.manifest();
        this.view = new LogView(recovered.end(), finished(), Optional.empty());
        this.forced = recovered.end();
    }

    /** Any thread. */
    LogView view() {
        return view;
    }

    /** The last position that is known to be on the disk. Any thread. */
    long forced() {
        return forced;
    }

    /** May be called at any time by the writer; what it frees is allocated again with a segment. */
    Reserve reserve() {
        return reserve;
    }

    long append(List<Bytes> payloads) {
        refuseSecondWriter();
        refuseAfterFailure();
        if (payloads.isEmpty()) {
            return view.end();
        }
        Group group = new Group(payloads);
        ActiveSegment segment = prepare(group);
        try {
            segment.append(group, forced);
            if (options.forcesGroups()) {
                segment.force();
            }
        } catch (Throwable unknownOutcome) {
            throw poisoned(unknownOutcome);
        }
        long end = view.end() + group.frames();
        view = new LogView(end, view.sealed(), Optional.of(segment.view()));
        if (options.forcesGroups()) {
            forced = end;
        }
        return end;
    }

    /**
     * Forces what is not yet on the disk. If all is, sees to it that a frame vouches for the last
     * group: a group that came after would have done so.
     */
    void force() {
        refuseSecondWriter();
        refuseAfterFailure();
        ActiveSegment segment = active;
        if (segment == null) {
            return;
        }
        try {
            if (forced < view.end()) {
                segment.force();
            } else if (!segment.isVouchedFor()) {
                segment.mark();
            }
        } catch (Throwable unknownOutcome) {
            throw poisoned(unknownOutcome);
        }
        forced = view.end();
        view = new LogView(forced, view.sealed(), Optional.of(segment.view()));
    }

    private ActiveSegment prepare(Group group) {
        try {
            repair();
            ActiveSegment segment = active;
            if (segment != null && !segment.takes(group, options)) {
                finish(segment);
                segment = null;
            }
            if (segment == null) {
                segment = begin(group);
            }
            segment.prepare(group);
            return segment;
        } catch (IOException refused) {
            throw failed("writing the log", refused);
        } catch (LoamException told) {
            throw told;
        } catch (Throwable failed) {
            throw poisoned(failed);
        }
    }

    /** Ends what an opening found unfinished and had no room to end. */
    private void repair() throws IOException {
        while (!repairs.isEmpty()) {
            repairs.getFirst().run();
            repairs.removeFirst();
        }
    }

    /** The present view, kept on the disk until the lease is closed. Any thread. */
    Leases.Lease lease() {
        return leases.take(this::view);
    }

    /** Seals the active segment, if anything is in it. */
    void roll() {
        refuseSecondWriter();
        refuseAfterFailure();
        ActiveSegment segment = active;
        if (segment == null || segment.isEmpty()) {
            return;
        }
        try {
            finish(segment);
        } catch (IOException refused) {
            throw failed("sealing a segment", refused);
        }
    }

    /** See {@link OpLog#draft}. */
    SegmentDraft draft(long last, int largestPayloadBytes) {
        refuseSecondWriter();
        refuseAfterFailure();
        SegmentEntry.Sealed first = view.sealed().getFirst();
        SegmentEntry.Sealed end =
                view.sealed().stream()
                        .filter(entry -> entry.last() == last)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no sealed segment ends at " + last));
        SegmentHead head =
                new SegmentHead(
                        manifest.store(),
                        new SegmentName(manifest.nextNumber(), newId()),
                        first.first(),
                        SegmentChain.START,
                        ActiveSegment.blockBytesFor(Frame.HEADER_BYTES + largestPayloadBytes),
                        last);
        manifest = manifest.withNumberTaken();
        try {
            return draft(head, end.chainAfter());
        } catch (IOException refused) {
            throw DiskFault.writing("compacting the log", log.path(), refused);
        }
    }

    /** See {@link OpLog#draftWithMore}. */
    SegmentDraft draftWithMore(int more, int largestPayloadBytes) {
        refuseSecondWriter();
        refuseAfterFailure();
        Invariant.check(more > 0, "{0} positions more", more);
        roll();
        if (active != null) {
            throw new LoamException(
                    ErrorCode.OVERLOADED,
                    "the log is about to begin a segment that it could not write to before; write"
                            + " something, then try again");
        }
        List<SegmentEntry.Sealed> sealed = view.sealed();
        SegmentHead head =
                new SegmentHead(
                        manifest.store(),
                        new SegmentName(manifest.nextNumber(), newId()),
                        sealed.isEmpty() ? view.end() + 1 : sealed.getFirst().first(),
                        SegmentChain.START,
                        ActiveSegment.blockBytesFor(Frame.HEADER_BYTES + largestPayloadBytes),
                        view.end() + more);
        manifest = manifest.withNumberTaken();
        try {
            return draft(head, manifest.lastChain());
        } catch (IOException refused) {
            throw DiskFault.writing("compacting the log", log.path(), refused);
        }
    }

    private SegmentDraft draft(SegmentHead head, Bytes replacedChain) throws IOException {
        // Of a segment that was replaced nothing could be ended, and the list would name it again.
        repair();
        LogDirectory own = new LogDirectory(log.draft(head.name().number()));
        files.createDirectory(own.path());
        try {
            ActiveSegment segment = create(own, head);
            return new SegmentDraft(files, log, own, head, replacedChain, segment);
        } catch (Throwable refused) {
            files.deleteDirectory(own.path());
            throw refused;
        }
    }

    /** See {@link OpLog#replace}. */
    void replace(SegmentDraft draft) {
        refuseSecondWriter();
        refuseAfterFailure();
        SegmentEntry.Sealed compacted = draft.entry();
        Manifest before = manifest;
        Manifest changed = before.replacing(compacted);
        try {
            draft.putInPlace();
            replace(log.manifest(), changed.encode());
        } catch (IOException refused) {
            throw failed("replacing segments", refused);
        }
        manifest = changed;
        forced = Math.max(forced, compacted.last());
        view = new LogView(Math.max(view.end(), compacted.last()), finished(), view.active());
        List<Long> gone = new ArrayList<>();
        for (SegmentEntry entry : before.segments()) {
            if (entry.first() <= compacted.last()) {
                gone.add(entry.name().number());
            }
        }
        leases.afterPresent(() -> drop(gone));
    }

    private void drop(List<Long> numbers) {
        try {
            for (long number : numbers) {
                files.rename(log.segment(number), log.dropped(number));
                files.deleteDirectory(log.dropped(number));
            }
        } catch (IOException leftForTheNextOpening) {
            // No list names them any more.
            return;
        }
    }

    private LoamException failed(String doing, IOException refused) {
        return DiskFault.isDiskFull(log.path(), refused)
                ? DiskFault.writing(doing, log.path(), refused)
                : poisoned(refused);
    }

    private Bytes newId() {
        byte[] id = new byte[SegmentName.ID_BYTES];
        random.nextBytes(id);
        return Bytes.adopt(id);
    }

    private ActiveSegment begin(Group group) throws IOException {
        SegmentHead head =
                new SegmentHead(
                        manifest.store(),
                        new SegmentName(manifest.nextNumber(), newId()),
                        view.end() + 1,
                        manifest.lastChain(),
                        ActiveSegment.blockBytesFor(group.largestFrameBytes()));
        reserve.allocate();
        ActiveSegment segment = create(log, head);
        try {
            Manifest changed = manifest.with(segment.entry());
            files.replace(log.manifest(), changed.encode());
            manifest = changed;
            active = segment;
            view = new LogView(view.end(), view.sealed(), Optional.of(segment.view()));
            return segment;
        } catch (IOException | RuntimeException refused) {
            segment.abandon();
            files.deleteDirectory(log.segment(head.name().number()));
            throw refused;
        }
    }

    /** Chronicle maps the file, and a full disk under a mapping is an error of the JVM. */
    private ActiveSegment create(LogDirectory within, SegmentHead head) throws IOException {
        try {
            return ActiveSegment.create(
                    files, appenders, within.segment(head.name().number()), head);
        } catch (RuntimeException | Error failed) {
            if (failed instanceof InternalError || DiskFault.isDiskFull(log.path(), failed)) {
                throw new IOException("no space left for a segment", failed);
            }
            throw failed;
        }
    }

    private void finish(ActiveSegment segment) throws IOException {
        Footer footer;
        try {
            footer = segment.seal(forced);
        } catch (Throwable unknownOutcome) {
            throw poisoned(unknownOutcome);
        }
        forced = view.end();
        replace(log.footer(footer.entry().name().number()), footer.encode());
        Manifest changed = manifest.with(footer.entry());
        replace(log.manifest(), changed.encode());
        manifest = changed;
        active = null;
        view = new LogView(view.end(), finished(), Optional.empty());
    }

    /** Ends on a full disk too, with the room that was kept for it. */
    private void replace(Path file, Bytes content) throws IOException {
        try {
            files.replace(file, content);
        } catch (IOException refused) {
            if (!DiskFault.isDiskFull(log.path(), refused) || !reserve.free()) {
                throw refused;
            }
            files.replace(file, content);
        }
    }

    private List<SegmentEntry.Sealed> finished() {
        List<SegmentEntry.Sealed> all = new ArrayList<>();
        for (SegmentEntry entry : manifest.segments()) {
            if (entry instanceof SegmentEntry.Sealed sealed) {
                all.add(sealed);
            }
        }
        return all;
    }

    /** Seals what was written, so that the next opening reads no frame. */
    void close() {
        ActiveSegment segment = active;
        if (segment == null) {
            return;
        }
        try {
            if (poison != null) {
                segment.abandon();
            } else if (segment.isEmpty()) {
                discard(segment);
            } else {
                finish(segment);
            }
        } catch (IOException refused) {
            throw DiskFault.writing("closing the log", log.path(), refused);
        } finally {
            active = null;
            release(segment);
        }
    }

    private void discard(ActiveSegment segment) throws IOException {
        segment.abandon();
        manifest = manifest.without(segment.entry().name());
        replace(log.manifest(), manifest.encode());
        files.deleteDirectory(log.segment(segment.entry().name().number()));
    }

    /**
     * What is closed already stays so; what could not be sealed is recovered at the next opening.
     */
    private void release(ActiveSegment segment) {
        try {
            segment.abandon();
        } catch (IOException alreadyTold) {
            return;
        }
    }

    /** Another thread may take over when the writer has ended. */
    private void refuseSecondWriter() {
        Thread current = Thread.currentThread();
        Thread known = writer;
        if (known == null || !known.isAlive()) {
            writer = current;
        } else {
            Invariant.check(known.equals(current), "thread {0} writes, {1} may", current, known);
        }
    }

    private void refuseAfterFailure() {
        Throwable cause = poison;
        if (cause != null) {
            throw failure(log.path(), cause);
        }
    }

    private LoamException poisoned(Throwable cause) {
        if (poison == null) {
            poison = cause;
        }
        return failure(log.path(), poison);
    }

    private static LoamException failure(Path path, Throwable cause) {
        return new LoamException(
                ErrorCode.IO_FAILED,
                "a write to "
                        + path
                        + " failed, and what it left is unknown ("
                        + cause.getClass().getSimpleName()
                        + ": "
                        + cause.getMessage()
                        + "). Reads go on; reopen the store to write again",
                cause);
    }
}
