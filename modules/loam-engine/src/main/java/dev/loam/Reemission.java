package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Dot;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes anew what was set aside, batch by batch, as the actor that a member has let in. The seed
 * of each new batch is made from the old one's mark: so a store that was killed in between knows
 * which are in its log, and writes none twice.
 */
final class Reemission {
    private static final int SEED_SIZE = 16;

    /** As many as surely fit a batch. */
    private static final int NOTES_MAX = 100;

    private final Store store;
    private final SetAside aside;

    private Reemission(Store store, SetAside aside) {
        this.store = store;
        this.aside = aside;
    }

    /** All that waits and can be written; what cannot yet, waits on. */
    static void run(Store store) {
        for (SetAside aside : SetAside.all(store)) {
            if (aside.isWaiting()) {
                new Reemission(store, aside).run();
            }
        }
    }

    private void run() {
        VaultState vault = store.state().vault(aside.vault());
        Optional<ActorId> own = ControlBatch.author(store, vault);
        if (own.isEmpty() || store.ownActors().wantsSnapshot(vault)) {
            return;
        }
        store.write(this::endPredecessor);
        Set<Bytes> written = marksOf(own.get());
        VersionVector saw = aside.saw();
        for (SetAside.Item item : aside.items()) {
            // Set aside for a snapshot that was not taken, or brought by another since.
            if (SetAside.lacks(vault, item.id())) {
                store.write(stage -> write(stage, item, saw, written));
            }
        }
        for (SetAside.Whole record : aside.records()) {
            store.write(stage -> note(stage, record, written));
        }
        store.forceBeforeTelling();
        aside.written();
    }

    /**
     * Before anything is written anew nothing of what it was first written as may count any more.
     * Mostly who let this store in has seen to that.
     */
    private Optional<Position> endPredecessor(Stage stage) {
        VaultState vault = stage.vault(aside.vault());
        store.ownActors()
                .before(vault)
                .filter(vault::inGoodStanding)
                .ifPresent(
                        before ->
                                ControlBatch.stage(
                                        store,
                                        stage,
                                        vault.id(),
                                        List.of(new Operation.Suspend(before))));
        return Optional.empty();
    }

    private Set<Bytes> marksOf(ActorId own) {
        Set<Bytes> marks = new HashSet<>();
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    if (entry.id().vault().equals(aside.vault())
                            && entry.id().actor().equals(own)) {
                        marks.add(BatchCodec.decode(entry.batch()).mark());
                    }
                }
            }
        }
        return marks;
    }

    private Optional<Position> write(
            Stage stage, SetAside.Item item, VersionVector saw, Set<Bytes> written) {
        Batch old = BatchCodec.decode(item.batch());
        if (item.author() != SetAside.Author.FOREIGN) {
            letInToRevoke(stage, old);
        }
        VaultState vault = stage.vault(aside.vault());
        Stage.Draft draft = draft(stage, vault);
        DotSequence dots = draft.dots();
        List<Part> parts = new ArrayList<>();
        List<InboxNote> notes = new ArrayList<>();
        PrimitiveIterator.OfLong counters = old.partCounters();
        for (Part part : old.parts()) {
            long counter = counters.nextLong();
            if (part.isControl()) {
                if (item.author() != SetAside.Author.FOREIGN) {
                    parts.addAll(revoking(vault, part));
                }
                continue;
            }
            RecordId record = new RecordId(aside.vault(), part.key());
            RecordRebase rebase =
                    new RecordRebase(
                            record,
                            new RecordRebase.Old(old.stamp(), old.firstCounter(), saw),
                            item.before().getOrDefault(part.key(), RecordState.EMPTY),
                            stage.record(record),
                            draft,
                            dots);
            for (Operation operation : part.operations()) {
                Dot dot = new Dot(item.id().actor(), counter++);
                switch (item.author()) {
                    case OWN -> rebase.take(dot, operation);
                    case SENT -> rebase.takeSent(dot, operation);
                    case FOREIGN -> rebase.refuse(dot, operation);
                }
            }
            if (!rebase.operations().isEmpty()) {
                parts.add(new Part(part.key(), rebase.operations()));
            }
            notes.addAll(rebase.notes());
        }
        Bytes seed = seed(old.mark(), 0);
        if (!parts.isEmpty() && !written.contains(Batch.mark(seed))) {
            stage.stage(draft.id(), draft.batch(parts, seed));
        }
        writeNotes(stage, new Origin(item.id().actor(), old.stamp()), notes, old.mark(), written);
        return Optional.empty();
    }

    /**
     * Of what concerns the vault only revocations are written anew: whoever was stolen stays shut
     * out. At most one part, and none if the others have heard of them.
     */
    private static List<Part> revoking(VaultState vault, Part control) {
        List<Operation> again = new ArrayList<>();
        for (Operation operation : control.operations()) {
            if (operation instanceof Operation.Revoke(ActorId revoked)) {
                Revocation.of(vault, revoked).stream()
                        .filter(each -> !again.contains(each))
                        .forEach(again::add);
            }
        }
        return again.isEmpty() ? List.of() : List.of(new Part("", again));
    }

    /**
     * Whom this store had let in and revoked, before anybody heard of either: an exclusion needs to
     * name somebody who is known, and the device may be paired with others.
     */
    private void letInToRevoke(Stage stage, Batch old) {
        for (Operation.Control control : VaultState.controls(old)) {
            if (control instanceof Operation.Revoke(ActorId revoked)
                    && !stage.vault(aside.vault()).hasEnrolled(revoked)) {
                enrolment(revoked)
                        .ifPresent(
                                enrol ->
                                        ControlBatch.stage(
                                                store, stage, aside.vault(), List.of(enrol)));
            }
        }
    }

    /** As this store had written it, without what it replaced. */
    private Optional<Operation.Enrol> enrolment(ActorId actor) {
        return aside.items().stream()
                .flatMap(item -> VaultState.controls(BatchCodec.decode(item.batch())).stream())
                .filter(Operation.Enrol.class::isInstance)
                .map(Operation.Enrol.class::cast)
                .map(enrol -> new Operation.Enrol(enrol.devicePublicKey(), enrol.nonce()))
                .filter(
                        enrol ->
                                actor.equals(
                                        ActorId.of(
                                                DeviceId.of(enrol.devicePublicKey()),
                                                aside.vault(),
                                                enrol.nonce())))
                .findFirst();
    }

    /** What a record held comes into the inbox as far as it holds that no more. */
    private Optional<Position> note(Stage stage, SetAside.Whole record, Set<Bytes> written) {
        RecordState now = stage.record(new RecordId(aside.vault(), record.key()));
        List<InboxNote> notes = InboxNote.ofWhatIsMissing(record.key(), record.state(), now);
        Bytes line = Tally.hash(Bytes.ofUtf8(record.line()));
        Stamp time = draft(stage, stage.vault(aside.vault())).stamp();
        writeNotes(stage, new Origin(record.actor(), time), notes, line, written);
        return Optional.empty();
    }

    /** Who wrote what comes into the inbox, and when. */
    private record Origin(ActorId author, Stamp stamp) {}

    private Stage.Draft draft(Stage stage, VaultState vault) {
        return stage.draft(
                vault.id(), store.ownActor(vault), store.environment().now().toEpochMilli());
    }

    /**
     * @param source from which the seeds are made, and the keys: two devices that take a note of
     *     one operation write it under one key, and of two operations under two
     */
    private void writeNotes(
            Stage stage, Origin origin, List<InboxNote> notes, Bytes source, Set<Bytes> written) {
        String prefix = Inbox.PREFIX + seed(source, 1).toHex() + "-";
        for (int from = 0; from < notes.size(); from += NOTES_MAX) {
            Bytes seed = seed(source, 1 + from / NOTES_MAX);
            if (!written.contains(Batch.mark(seed))) {
                int to = Math.min(notes.size(), from + NOTES_MAX);
                writeNotes(stage, origin, prefix, notes.subList(from, to), seed);
            }
        }
    }

    private void writeNotes(
            Stage stage, Origin origin, String prefix, List<InboxNote> notes, Bytes seed) {
        VaultState vault = stage.vault(aside.vault());
        Stage.Draft draft = draft(stage, vault);
        // By key, as the parts of a batch must be.
        TreeMap<String, Part> parts = new TreeMap<>();
        for (InboxNote note : notes) {
            List<Operation> operations = new ArrayList<>();
            String key = prefix + String.format(Locale.ROOT, "%03d", note.place());
            Inbox.fields(note, origin.author(), origin.stamp(), vault.purges(note.key()))
                    .forEach((field, value) -> operations.add(set(operations, field, value)));
            parts.put(key, new Part(key, operations));
        }
        stage.stage(draft.id(), draft.batch(List.copyOf(parts.values()), seed));
    }

    private static Operation set(List<Operation> before, FieldName field, Value value) {
        Lifetime lifetime = before.isEmpty() ? Lifetime.FRESH : Lifetime.CURRENT;
        return new Operation.Set(field, value, List.of(), lifetime);
    }

    private static Bytes seed(Bytes old, int number) {
        byte[] content = new byte[old.size() + 1];
        old.copyTo(content, 0);
        content[old.size()] = (byte) number;
        return Tally.hash(Bytes.adopt(content)).slice(0, SEED_SIZE);
    }
}
