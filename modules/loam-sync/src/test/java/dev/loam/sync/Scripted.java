package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A session whose peer and driver are the test itself. */
final class Scripted {
    static final VaultId VAULT = ModelStore.vault(0);
    static final ActorId ANNE = ModelStore.actor(0);
    static final ActorId BERT = ModelStore.actor(1);

    private static final long ANY_BYTES = 1 << 30;

    SyncSession session = SyncSession.create();

    /** Those of the last step. */
    List<SyncEffect> effects = List.of();

    /** What the session holds of {@link #VAULT} as {@code summary} tells it. */
    static Scripted started(VaultSummary... summary) {
        return new Scripted().takes(new SyncInput.Started(LocalSummary.of(List.of(summary))));
    }

    /**
     * Past both PLANs: this side has Anne's batches, its own, up to a number; the peer has Bert's.
     */
    static Scripted moving(long annes, long berts) {
        Scripted scripted =
                started(anne(annes)).hears(hello(VAULT, Optional.empty(), heads(BERT, berts)));
        return scripted.hears(berts == 0 ? Frame.Plan.NOTHING : plan(BERT, 0, berts));
    }

    /** Of any number of bytes. */
    static Frame.Plan plan(ActorId actor, long after, long through) {
        return plan(VAULT, actor, new SequenceRange(after, through), ANY_BYTES);
    }

    static Frame.Plan plan(VaultId vault, ActorId actor, SequenceRange range, long bytes) {
        BatchRanges ranges = new BatchRanges(new TreeMap<>(Map.of(actor, range)));
        return new Frame.Plan(
                new TreeMap<>(
                        Map.of(vault, new Announcement(ranges, ranges.batches() * 2, bytes))));
    }

    static VaultSummary anne(long sequence) {
        return new VaultSummary(VAULT, Optional.empty(), heads(ANNE, sequence), own(ANNE));
    }

    static SortedMap<ActorId, ActorHead> heads(ActorId actor, long sequence) {
        SortedMap<ActorId, ActorHead> heads = new TreeMap<>();
        if (sequence > 0) {
            heads.put(actor, new ActorHead(sequence, hash(1)));
        }
        return heads;
    }

    static SortedSet<ActorId> own(ActorId actor) {
        return new TreeSet<>(Set.of(actor));
    }

    static ChainHash hash(int value) {
        return new ChainHash(ModelStore.filled(ChainHash.SIZE, value));
    }

    static Frame.Hello hello(
            VaultId vault, Optional<Bytes> digest, SortedMap<ActorId, ActorHead> heads) {
        return Frame.Hello.of(
                LocalSummary.of(List.of(new VaultSummary(vault, digest, heads, new TreeSet<>()))));
    }

    static SyncEntry open(ActorId actor, long sequence, int size) {
        return new SyncEntry(actor, sequence, ModelStore.filled(size, 5), Optional.empty());
    }

    static SyncEntry sealed(ActorId actor, long sequence, int size) {
        Bytes seal = ModelStore.filled(SyncEntry.SEAL_BYTES, 6);
        return new SyncEntry(actor, sequence, ModelStore.filled(size, 5), Optional.of(seal));
    }

    static Frame.Batches batches(SyncEntry... entries) {
        return new Frame.Batches(VAULT, List.of(entries));
    }

    Scripted hears(Frame frame) {
        return takes(new SyncInput.FrameReceived(FrameCodec.encode(frame)));
    }

    Scripted takes(SyncInput input) {
        return takes(input, Encounter.NOON);
    }

    Scripted takes(SyncInput input, Instant now) {
        Step step = session.step(input, now);
        session = step.next();
        effects = step.effects();
        Optional<SyncEffect.Measure> measure =
                effects.stream()
                        .filter(SyncEffect.Measure.class::isInstance)
                        .map(SyncEffect.Measure.class::cast)
                        .findFirst();
        if (measure.isPresent()) {
            List<SyncEffect> before = effects;
            takes(new SyncInput.Measured(amounts(measure.get())), now);
            effects = Stream.concat(before.stream(), effects.stream()).toList();
        }
        return this;
    }

    /** Two operations and a hundred bytes a batch. */
    private static SortedMap<VaultId, Amount> amounts(SyncEffect.Measure measure) {
        SortedMap<VaultId, Amount> amounts = new TreeMap<>();
        measure.batches()
                .forEach(
                        (vault, ranges) -> {
                            long count = ranges.batches();
                            amounts.put(vault, new Amount(count, count * 2, count * 100));
                        });
        return amounts;
    }

    /** The frames that the last step sent. */
    List<Frame> frames() {
        return effects.stream()
                .filter(SyncEffect.Send.class::isInstance)
                .map(effect -> FrameCodec.decode(((SyncEffect.Send) effect).frame()))
                .toList();
    }

    /** What the last step asked to be applied. */
    List<SyncEntry> toApply() {
        return effects.stream()
                .filter(SyncEffect.Apply.class::isInstance)
                .flatMap(effect -> ((SyncEffect.Apply) effect).entries().stream())
                .toList();
    }

    boolean asksToRead() {
        return effects.stream().anyMatch(SyncEffect.Read.class::isInstance);
    }

    /** Why the last step ended the session, if it did. */
    Optional<EndReason> end() {
        return effects.stream()
                .filter(SyncEffect.Finish.class::isInstance)
                .map(effect -> ((SyncEffect.Finish) effect).reason())
                .findFirst();
    }
}
