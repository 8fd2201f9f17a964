package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final SegmentMaker maker;
    private final LogDirectory log;
    private final LogKeys keys;
    private final LogOptions options;
    private final RandomGenerator random;
    private final Leases leases = new Leases();

    /** What opening could not write on a full disk; done before the next append. */
    private final Deque<Repair> repairs;

    /**
     * Ids of segments that are read or written though the list does not name them: drafts, and what
     * they replaced while somebody still reads it. Their keys stay.
     */
    private final Set<Bytes> unlisted = ConcurrentHashMap.newKeySet();

    /** Whether segments have gone whose keys have not. Set by whoever read them last. */
    private volatile boolean hasKeysToDrop;

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
        this.log = recovered.log();
        this.keys = recovered.keys();
        this.maker = new SegmentMaker(files, appenders, log, keys);
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
            dropKeys();
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
                        0,
                        last);
        manifest = manifest.withNumberTaken();
        try {
            return draft(head, largestPayloadBytes, end.chainAfter());
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
                        0,
                        view.end() + more);
        manifest = manifest.withNumberTaken();
        try {
            return draft(head, largestPayloadBytes, manifest.lastChain());
        } catch (IOException refused) {
            throw DiskFault.writing("compacting the log", log.path(), refused);
        }
    }

    private SegmentDraft draft(SegmentHead head, int largestPayloadBytes, Bytes replacedChain)
            throws IOException {
        // Of a segment that was replaced nothing could be ended, and the list would name it again.
        repair();
        LogDirectory own = new LogDirectory(log.draft(head.name().number()));
        files.createDirectory(own.path());
        try {
            ActiveSegment segment = maker.make(own, head, largestPayloadBytes);
            unlisted.add(head.name().id());
            return new SegmentDraft(files, log, own, keys, replacedChain, segment);
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
            // Where the list is lost, what was moved counts if it is as the keys remember.
            remember(compacted);
            draft.putInPlace();
            replace(log.manifest(), changed.encode(keys));
        } catch (IOException refused) {
            throw failed("replacing segments", refused);
        }
        List<SegmentName> gone = new ArrayList<>();
        for (SegmentEntry entry : before.segments()) {
            if (entry.first() <= compacted.last()) {
                gone.add(entry.name());
                unlisted.add(entry.name().id());
            }
        }
        manifest = changed;
        forced = Math.max(forced, compacted.last());
        view = new LogView(Math.max(view.end(), compacted.last()), finished(), view.active());
        leases.afterPresent(() -> drop(gone));
        dropKeys();
    }

    private void drop(List<SegmentName> segments) {
        try {
            for (SegmentName segment : segments) {
                files.rename(log.segment(segment.number()), log.dropped(segment.number()));
                files.deleteDirectory(log.dropped(segment.number()));
                unlisted.remove(segment.id());
            }
        } catch (IOException leftForTheNextOpening) {
            // No list names them any more.
            return;
        }
        hasKeysToDrop = true;
    }

    boolean hasResidue() {
        for (SegmentEntry.Sealed entry : view.sealed()) {
            Path file = log.frames(entry.name().number());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long end = log.readFooter(entry.name().number()).map(Footer::contentEnd).orElse(0L);
                if (SegmentFile.endOfContent(channel) > end) {
                    return true;
                }
            } catch (IOException refused) {
                throw DiskFault.reading("looking at the end", file, refused);
            }
        }
        return false;
    }

    void deleteSetAside() {
        try {
            for (Path aside : log.setAside()) {
                files.deleteDirectory(aside);
                hasKeysToDrop = true;
            }
        } catch (IOException refused) {
            throw DiskFault.writing("deleting what was set aside", log.path(), refused);
        }
        dropKeys();
    }

    /** By the thread that makes keys, so that none is dropped that was just made. */
    private void dropKeys() {
        if (!hasKeysToDrop) {
            return;
        }
        hasKeysToDrop = false;
        Set<Bytes> kept = LogKeys.idsOf(manifest);
        kept.addAll(unlisted);
        try {
            keys.keepOnly(log, kept);
        } catch (IOException | LoamException leftForTheNextOpening) {
            // They open nothing that is still there.
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
                        0);
        reserve.allocate();
        ActiveSegment segment = maker.make(log, head, group.largestPayloadBytes());
        try {
            Manifest changed = manifest.with(segment.entry());
            files.replace(log.manifest(), changed.encode(keys));
            manifest = changed;
            active = segment;
            view = new LogView(view.end(), view.sealed(), Optional.of(segment.view()));
            return segment;
        } catch (Throwable refused) {
            segment.abandon();
            files.deleteDirectory(log.segment(head.name().number()));
            throw refused;
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
        remember(footer.entry());
        Manifest changed = manifest.with(footer.entry());
        replace(log.manifest(), changed.encode(keys));
        manifest = changed;
        active = null;
        view = new LogView(view.end(), finished(), Optional.empty());
    }

    /** Has the keys remember how a segment ended, on a full disk too. */
    private void remember(SegmentEntry.Sealed ended) throws IOException {
        try {
            keys.ended(ended);
        } catch (LoamException refused) {
            if (refused.code() != ErrorCode.DISK_FULL || !reserve.free()) {
                throw refused;
            }
            keys.ended(ended);
        }
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
                dropKeys();
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
        replace(log.manifest(), manifest.encode(keys));
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
        ActiveSegment segment = active;
        if (segment != null) {
            segment.forgetKey();
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
