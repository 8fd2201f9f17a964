package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads an audit trail from its beginning: each seal, each link of the chain, and that it reaches
 * what the device has vouched for. Behind a damaged place it goes on with what can be read.
 */
final class AuditWalk {
    /** More places than these are not named. */
    static final int DAMAGE_MAX = 100;

    private final AuditFolder folder;
    private final DeviceIdentity device;
    private final Optional<AuditHead> remembered;
    private final Consumer<AuditEntry> sink;

    // How far the trail reached when the walk was made.
    private final SortedSet<Long> files;
    private final int lastFileBytes;
    private final Optional<SignedHead> signed;

    private final List<String> notes = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();

    /** Hashes of the entries that something outside the trail names. */
    private final Map<Long, Bytes> named = new TreeMap<>();

    private AuditHead reached;
    private long entries;

    /** Whether what comes next need not follow {@link #reached}: why has been told. */
    private boolean isBroken;

    private Optional<Rest> rest = Optional.empty();
    private Optional<Long> begunAt = Optional.empty();
    private boolean isRestored;

    /** Bytes at the end of a file that are no entry. */
    private record Rest(long file, long keptBytes, long lostBytes) {
        boolean mayBeOfACrash() {
            return lostBytes <= AuditFile.FRAME_BYTES_MAX;
        }

        String place() {
            return AuditWalk.place(file, keptBytes);
        }
    }

    /**
     * Made while nothing is recorded. It reads what is there now, also while more is.
     *
     * @param remembered a head that was kept somewhere else
     */
    AuditWalk(
            AuditFolder folder,
            DeviceIdentity device,
            Optional<AuditHead> remembered,
            Consumer<AuditEntry> sink) {
        this.folder = folder;
        this.device = device;
        this.remembered = remembered;
        this.sink = sink;
        this.reached = new AuditHead(0, ChainedEntry.beginning(folder.id()));
        this.files = folder.files();
        this.lastFileBytes =
                files.isEmpty() ? 0 : folder.read(files.last()).map(AuditFile::bytes).orElse(0);
        this.signed = signedHead();
    }

    private static String place(long file, long offset) {
        return AuditFolder.fileName(file) + ", byte " + offset;
    }

    AuditReport run() {
        named.put(0L, reached.hash());
        signed.ifPresent(each -> named.putIfAbsent(each.head().number(), Bytes.EMPTY));
        remembered.ifPresent(each -> named.putIfAbsent(each.number(), Bytes.EMPTY));
        long expected = 1;
        for (long file : files) {
            if (file != expected) {
                broken("file " + AuditFolder.fileName(expected) + " is missing");
            }
            expected = file + 1;
            read(file);
        }
        endOfLast();
        signed.ifPresent(this::check);
        remembered.ifPresent(each -> compare(each, "the head that was given"));
        checkBeginning();
        return new AuditReport(entries, reached, notes, damage);
    }

    private Optional<SignedHead> signedHead() {
        try {
            Optional<SignedHead> head = folder.head();
            if (head.isEmpty() && !files.isEmpty()) {
                damaged("the signed head is missing");
            }
            return head;
        } catch (LoamException unreadable) {
            damaged("the signed head cannot be read: " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private void read(long number) {
        int bytesMax = number == files.last() ? lastFileBytes : Integer.MAX_VALUE;
        Optional<AuditFile> found = folder.read(number, bytesMax);
        if (found.isEmpty()) {
            broken("file " + AuditFolder.fileName(number) + " was removed while it was read");
            return;
        }
        AuditFile file = found.get();
        file.fault()
                .ifPresent(fault -> broken("file " + AuditFolder.fileName(number) + ": " + fault));
        for (AuditFile.Frame frame : file.frames()) {
            Optional<ChainedEntry> entry = open(number, frame);
            entry.ifPresent(each -> take(number, frame.offset(), each));
        }
        if (file.fault().isEmpty() && file.lostBytes() > 0) {
            rest = Optional.of(new Rest(number, file.wholeBytes(), file.lostBytes()));
        }
    }

    private Optional<ChainedEntry> open(long file, AuditFile.Frame frame) {
        if (frame.stored().isEmpty()) {
            broken(place(file, frame.offset()) + ": an event is damaged");
            return Optional.empty();
        }
        try {
            return Optional.of(folder.open(file, frame.stored().get()));
        } catch (LoamException altered) {
            broken(
                    place(file, frame.offset())
                            + ": an event was altered, or is not this store's ("
                            + altered.code()
                            + ")");
            return Optional.empty();
        }
    }

    private void take(long file, long offset, ChainedEntry chained) {
        AuditEntry entry = chained.entry();
        settleRest(chained);
        boolean follows =
                entry.number() == reached.number() + 1 && chained.previous().equals(reached.hash());
        if (!follows && !isBroken) {
            damaged(
                    place(file, offset)
                            + ": event "
                            + entry.number()
                            + " does not follow event "
                            + reached.number());
        }
        isBroken = false;
        reached = new AuditHead(entry.number(), chained.hash());
        named.computeIfPresent(entry.number(), (_, _) -> reached.hash());
        entries++;
        weigh(entry);
        sink.accept(entry);
    }

    /** What is behind the last entry of a file is of no weight if the next file says so. */
    private void settleRest(ChainedEntry next) {
        if (rest.isEmpty()) {
            return;
        }
        Rest left = rest.get();
        rest = Optional.empty();
        boolean isTold =
                next.entry().event() instanceof AuditEvent.Resumed resumed
                        && resumed.file() == left.file()
                        && resumed.keptBytes() == left.keptBytes();
        if (!isTold || !left.mayBeOfACrash()) {
            broken(left.place() + ": " + left.lostBytes() + " bytes that are no event");
        }
    }

    private void endOfLast() {
        rest.ifPresent(
                left -> {
                    String found =
                            left.place()
                                    + ": the trail ends in "
                                    + left.lostBytes()
                                    + " bytes that are no event";
                    if (left.mayBeOfACrash()) {
                        notes.add(found + ", as a crash leaves them");
                    } else {
                        damaged(found);
                    }
                });
    }

    private void weigh(AuditEntry entry) {
        String at = " (event " + entry.number() + ", " + entry.time() + ")";
        switch (entry.event()) {
            case AuditEvent.OfTrail event -> weigh(event, entry.number(), at);
            case AuditEvent.Restored _ -> isRestored = true;
            case AuditEvent.OfKeys _,
                    AuditEvent.OfPeers _,
                    AuditEvent.OfStore _,
                    AuditEvent.Unknown _ -> {
                // Says nothing of the trail itself.
            }
        }
    }

    private void weigh(AuditEvent.OfTrail event, long number, String at) {
        switch (event) {
            case AuditEvent.Begun(long position) -> begunAt = Optional.of(position);
            case AuditEvent.Resumed resumed -> weigh(resumed, number, at);
            case AuditEvent.HeadLost() -> damaged("the signed head was missing or unreadable" + at);
            case AuditEvent.Unrecorded(long count) ->
                    notes.add(count + " events before could not be written" + at);
        }
    }

    private void weigh(AuditEvent.Resumed resumed, long number, String at) {
        if (resumed.signed() >= number) {
            damaged(
                    "events up to "
                            + resumed.signed()
                            + " had been signed, and were missing or others when the trail went on"
                            + at);
            return;
        }
        String lost =
                place(resumed.file(), resumed.keptBytes()) + ": " + resumed.lostBytes() + " bytes";
        if (resumed.lostBytes() > AuditFile.FRAME_BYTES_MAX) {
            damaged(lost + " could not be read when the trail went on" + at);
        } else {
            notes.add(lost + " that are no whole event were left out, as after a crash" + at);
        }
    }

    private void check(SignedHead signed) {
        if (!signed.isOf(folder.id(), device)) {
            damaged("the signature of the head is not this device's");
        }
        compare(signed.head(), "the signed head");
    }

    private void compare(AuditHead head, String what) {
        Optional<Bytes> found = Optional.ofNullable(named.get(head.number()));
        if (head.number() > reached.number()) {
            damaged(
                    what
                            + " is of event "
                            + head.number()
                            + ", and the trail ends with event "
                            + reached.number());
        } else if (!found.equals(Optional.of(head.hash()))) {
            damaged("event " + head.number() + " is not the one that " + what + " is of");
        }
    }

    /** A sealed store's trail begins with it. */
    private void checkBeginning() {
        begunAt.filter(position -> position > 0 && !isRestored)
                .ifPresent(
                        position -> {
                            String found =
                                    "the trail was begun when the log held "
                                            + position
                                            + " batches";
                            if (folder.isSealed()) {
                                damaged(found + ": what was before was taken away");
                            } else {
                                notes.add(found + ": of what was before, it does not tell");
                            }
                        });
    }

    private void broken(String where) {
        damaged(where);
        isBroken = true;
    }

    private void damaged(String where) {
        if (damage.size() < DAMAGE_MAX) {
            damage.add(where);
        }
    }
}
