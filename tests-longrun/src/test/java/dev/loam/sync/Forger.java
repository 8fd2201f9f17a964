package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lies in the language of the protocol: takes a frame that an honest peer would send, and gives one
 * that is well formed and says something else. It has no device's key, so that it signs nothing.
 */
public final class Forger {
    /** By which something is said to be further than it is. */
    private static final int STEPS_MAX = 3;

    private static final List<EndReason> REASONS = List.of(EndReason.values());

    private final SplittableRandom random;

    public Forger(SplittableRandom random) {
        this.random = random;
    }

    /** The same bytes where there is nothing to lie about. */
    public Bytes forged(Bytes frame) {
        return FrameCodec.tryDecode(frame).map(this::forged).map(FrameCodec::encode).orElse(frame);
    }

    private Frame forged(Frame frame) {
        return switch (frame) {
            case Frame.Hello hello -> forged(hello);
            case Frame.Plan(var vaults) -> forged(vaults);
            case Frame.Batches batches -> forged(batches);
            case Frame.Durable(var vault, var sequences) ->
                    new Frame.Durable(vault, shifted(sequences));
            case Frame.Parked(var vault, var ranges, long _) ->
                    new Frame.Parked(vault, ranges, random.nextLong(Amount.MAX));
            case Frame.Credit _ -> new Frame.Credit(1 + random.nextLong(Long.MAX_VALUE - 1));
            case Frame.Ping() -> new Frame.Pause(1 + random.nextLong(Frame.Pause.MILLIS_MAX));
            case Frame.Pause _ -> new Frame.Ping();
            case Frame.End _ -> new Frame.End(REASONS.get(random.nextInt(REASONS.size())));
            case Frame.Need(VaultId vault, List<Integer> chunks) ->
                    new Frame.Need(vault, chunks.isEmpty() ? List.of(0) : List.of());
            case Frame.Manifest _,
                    Frame.Chunk _,
                    Frame.Digests _,
                    Frame.Records _,
                    Frame.ForeignHello _ ->
                    frame;
        };
    }

    // ---- where it stands

    private Frame forged(Frame.Hello hello) {
        SortedMap<VaultId, Frame.Standing> vaults = new TreeMap<>();
        hello.vaults().forEach((vault, standing) -> vaults.put(vault, forged(standing)));
        return new Frame.Hello(hello.mode(), hello.scope(), vaults);
    }

    private Frame.Standing forged(Frame.Standing honest) {
        SortedMap<ActorId, Frame.Head> heads = new TreeMap<>(honest.heads());
        Optional<Bytes> digest = honest.digest();
        HistoryBounds bounds = honest.bounds();
        switch (random.nextInt(6)) {
            case 0 -> digest = Optional.of(noise(VaultSummary.DIGEST_BYTES));
            case 1 -> digest = Optional.empty();
            case 2 -> heads.replaceAll((actor, head) -> chance() ? shifted(head) : head);
            case 3 -> heads.replaceAll((actor, head) -> chance() ? otherHash(head) : head);
            case 4 -> heads.keySet().removeIf(actor -> chance());
            default ->
                    bounds =
                            new HistoryBounds(
                                    bounds.horizon(),
                                    bounds.excluded(),
                                    bounds.want() == HistoryBounds.Want.MISSING
                                            ? HistoryBounds.Want.SNAPSHOT
                                            : HistoryBounds.Want.MISSING);
        }
        TreeSet<ActorId> own = new TreeSet<>(honest.own());
        own.retainAll(heads.keySet());
        TreeSet<ActorId> excluded = new TreeSet<>(bounds.excluded());
        excluded.retainAll(heads.keySet());
        return new Frame.Standing(
                digest, heads, own, new HistoryBounds(bounds.horizon(), excluded, bounds.want()));
    }

    private Frame.Head shifted(Frame.Head head) {
        return new Frame.Head(shifted(head.sequence()), head.hashPrefix());
    }

    private Frame.Head otherHash(Frame.Head head) {
        return new Frame.Head(head.sequence(), noise(Frame.Head.PREFIX_BYTES));
    }

    private long shifted(long sequence) {
        return Math.max(1, sequence + random.nextInt(-STEPS_MAX, STEPS_MAX + 1));
    }

    private SortedMap<ActorId, Long> shifted(SortedMap<ActorId, Long> sequences) {
        SortedMap<ActorId, Long> others = new TreeMap<>(sequences);
        others.replaceAll((actor, sequence) -> shifted(sequence));
        return others;
    }

    private Frame forged(SortedMap<VaultId, Announcement> plan) {
        SortedMap<VaultId, Announcement> others = new TreeMap<>(plan);
        if (chance()) {
            others.clear();
        } else {
            others.replaceAll(
                    (vault, each) ->
                            new Announcement(
                                    each.ranges(), each.operations() + 1, each.bytes() * 2));
        }
        return new Frame.Plan(others);
    }

    // ---- what it sends

    private Frame forged(Frame.Batches honest) {
        List<SyncEntry> entries = new ArrayList<>(honest.entries());
        int at = random.nextInt(entries.size());
        SyncEntry entry = entries.get(at);
        SyncEntry other = entries.get(random.nextInt(entries.size()));
        switch (random.nextInt(6)) {
            case 0 -> entries.remove(at);
            case 1 -> entries.set(at, with(entry, otherContent(entry.batch()), entry.seal()));
            case 2 -> entries.set(at, with(entry, other.batch(), entry.seal()));
            case 3 -> entries.set(at, with(entry, entry.batch(), Optional.empty()));
            case 4 -> entries.set(at, with(entry, entry.batch(), other.seal()));
            default -> entries.set(at, with(entry, entry.batch(), Optional.of(noise(64))));
        }
        return entries.isEmpty() ? new Frame.Ping() : new Frame.Batches(honest.vault(), entries);
    }

    private static SyncEntry with(SyncEntry entry, Bytes batch, Optional<Bytes> seal) {
        return new SyncEntry(entry.actor(), entry.sequence(), batch, seal);
    }

    /** A batch in the one form that a batch can have, of which a value is another. */
    private static Bytes otherContent(Bytes encoded) {
        Batch batch = BatchCodec.decode(encoded);
        if (!batch.cuts().isEmpty()) {
            return encoded;
        }
        List<Part> parts = new ArrayList<>();
        for (Part part : batch.parts()) {
            parts.add(new Part(part.key(), part.operations().stream().map(Forger::other).toList()));
        }
        return BatchCodec.encode(
                new Batch(
                        batch.stamp(),
                        batch.firstCounter(),
                        batch.dependencies(),
                        parts,
                        batch.form()));
    }

    private static Operation other(Operation operation) {
        return switch (operation) {
            case Operation.Set(var field, Value.Text _, var overwritten, var lifetime) ->
                    new Operation.Set(field, new Value.Text("forged"), overwritten, lifetime);
            case Operation.Increment(var field, long amount, var lifetime) ->
                    new Operation.Increment(field, amount + 1, lifetime);
            case Operation.Delete() -> new Operation.Remove();
            case Operation.Ack() -> new Operation.Retire();
            case Operation.Suspend(var actor) -> new Operation.Revoke(actor);
            default -> operation;
        };
    }

    private boolean chance() {
        return random.nextBoolean();
    }

    private Bytes noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }
}
