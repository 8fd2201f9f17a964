package dev.loam;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.DeviceIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail of a store: entries that are only ever added, each behind the hash of the one
 * before. An event is on the disk when {@link #record} returns. Nothing is written before the first
 * event, and nothing that is there is ever written again but the head, which the device signs.
 *
 * <p>Any thread; what comes together is recorded one after the other.
 */
final class AuditTrail implements AutoCloseable {
    /** So many entries may lie behind the signed head. */
    static final int SIGN_EVERY = 100;

    /** And for so long, while the store is open. */
    static final long SIGN_AFTER_MILLIS = 300_000;

    private final AuditFolder folder;
    private final Environment environment;
    private final DeviceIdentity device;
    private final LongSupplier logEnd;

    /** Guards what follows; held while the trail is written, or read. */
    private final ReentrantLock appending = new ReentrantLock();

    /** Null until the trail is first asked for: opening a store need not read it. */
    private @Nullable AuditTail tail;

    private long signedAtMillis;
    private long unrecorded;
    private boolean isDoubtful;
    private boolean isClosed;

    /**
     * @param logEnd how many batches the store's log holds
     */
    AuditTrail(
            StoreFolder folder,
            StoreId store,
            Environment environment,
            DeviceIdentity device,
            LongSupplier logEnd) {
        this.folder = new AuditFolder(folder, store);
        this.environment = environment;
        this.device = device;
        this.logEnd = logEnd;
        this.signedAtMillis = environment.backgroundMillis();
    }

    /**
     * Adds an event; on the disk when it returns. What changes something is recorded when it is
     * done and before that is answered; what lets something out, before it does.
     *
     * @throws LoamException {@code DISK_FULL}, {@code PERMISSIONS}, {@code IO_FAILED}: the next
     *     event that is recorded tells that this one was not. Where it is unknown what the file
     *     holds, none is until a reopen
     */
    void record(AuditEvent event) {
        record(List.of(event));
    }

    /** The same of several, with one force. */
    void record(List<AuditEvent> events) {
        undisturbed(
                () -> {
                    try {
                        append(events);
                    } catch (LoamException failed) {
                        unrecorded += events.size();
                        throw failed;
                    }
                    return events;
                });
    }

    /** Alone, and without an interrupt of the thread, which would close what it writes to. */
    private <R> R undisturbed(Supplier<R> work) {
        boolean wasInterrupted = false;
        appending.lock();
        try {
            wasInterrupted = Thread.interrupted();
            return work.get();
        } finally {
            appending.unlock();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void append(List<AuditEvent> events) {
        refuse();
        AuditTail from = tail();
        List<AuditEvent> all = new ArrayList<>(from.owed());
        if (unrecorded > 0) {
            all.add(new AuditEvent.Unrecorded(unrecorded));
        }
        all.addAll(events);
        if (all.isEmpty()) {
            return;
        }
        boolean isNew = from.needsNewFile();
        if (from.file() == 0 && !folder.hasHead()) {
            // Before the first entry, so that a trail without a head is one that lost it.
            sign(from.head());
        }
        tail = isNew ? begin(from, all) : goOn(from, all);
        unrecorded = 0;
        AuditTail now = tail();
        if (now.head().number() - now.signed() >= SIGN_EVERY || !from.owed().isEmpty()) {
            signIfPossible();
        }
    }

    private AuditTail begin(AuditTail from, List<AuditEvent> events) {
        long file = from.file() + 1;
        Frames frames = frames(from, file, events);
        Bytes content =
                new ByteWriter()
                        .raw(AuditFile.header(folder.id(), file))
                        .raw(frames.bytes())
                        .toBytes();
        folder.begin(file, content);
        return from.after(file, content.size(), frames.head().hash(), frames.head().number());
    }

    private AuditTail goOn(AuditTail from, List<AuditEvent> events) {
        Frames frames = frames(from, from.file(), events);
        try {
            folder.append(from.file(), from.bytes(), frames.bytes());
        } catch (LoamException failed) {
            isDoubtful = failed.code() == ErrorCode.IO_FAILED;
            throw failed;
        }
        return from.after(
                from.file(),
                from.bytes() + frames.bytes().size(),
                frames.head().hash(),
                frames.head().number());
    }

    private record Frames(Bytes bytes, AuditHead head) {}

    private Frames frames(AuditTail from, long file, List<AuditEvent> events) {
        Instant now = Instant.ofEpochMilli(environment.now().toEpochMilli());
        ByteWriter bytes = new ByteWriter();
        AuditHead head = from.head();
        for (AuditEvent event : events) {
            AuditEntry entry = new AuditEntry(head.number() + 1, now, event);
            ChainedEntry chained = new ChainedEntry(head.hash(), entry);
            bytes.raw(folder.framed(file, chained));
            head = new AuditHead(entry.number(), chained.hash());
        }
        return new Frames(bytes.toBytes(), head);
    }

    private AuditTail tail() {
        AuditTail known = tail;
        if (known == null) {
            known = AuditTail.find(folder, logEnd.getAsLong());
            tail = known;
        }
        return known;
    }

    private void refuse() {
        if (isClosed) {
            throw new LoamException(ErrorCode.CLOSED, "the store of this audit trail is closed");
        }
        if (isDoubtful) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the audit trail failed to be written before; reopen the store, which finds"
                            + " out what it holds");
        }
    }

    /**
     * Reads all of it, checks it, and has the device vouch for it if it is sound.
     *
     * @param remembered a head that was kept somewhere else
     * @param sink of what is read, also of what is behind a damaged place
     */
    AuditReport read(Optional<AuditHead> remembered, Consumer<AuditEntry> sink) {
        AuditReport report =
                undisturbed(() -> new AuditWalk(folder, device, remembered, sink)).run();
        if (report.isSound()) {
            undisturbed(
                    () -> {
                        if (!isClosed && !isDoubtful && tail().file() > 0) {
                            // What a crash left is told of before the device vouches for it.
                            append(List.of());
                            signIfPossible();
                        }
                        return report;
                    });
        }
        return report;
    }

    /** Has the device vouch for what it has not vouched for in a while. */
    void signIfDue() {
        undisturbed(
                () -> {
                    long age = environment.backgroundMillis() - signedAtMillis;
                    if (isInUse() && age >= SIGN_AFTER_MILLIS) {
                        signIfPossible();
                    }
                    return age;
                });
    }

    private boolean isInUse() {
        return !isClosed && !isDoubtful && tail != null;
    }

    private void signIfPossible() {
        AuditTail now = tail();
        if (now.file() > 0 && now.head().number() > now.signed()) {
            try {
                sign(now.head());
                tail = now.signedNow();
            } catch (LoamException notSigned) {
                // The entries are on the disk; the next one is signed with them.
            }
        }
    }

    private void sign(AuditHead head) {
        Instant now = Instant.ofEpochMilli(environment.now().toEpochMilli());
        folder.write(SignedHead.sign(folder.id(), head, now, device));
        signedAtMillis = environment.backgroundMillis();
    }

    /** Has the device vouch for what was recorded; nothing is recorded any more. */
    @Override
    public void close() {
        undisturbed(
                () -> {
                    if (isInUse()) {
                        signIfPossible();
                    }
                    isClosed = true;
                    return isClosed;
                });
    }
}
