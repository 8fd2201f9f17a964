package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What peers say to one another; {@code docs/formats/sync.md} has the bytes. */
sealed interface Frame {
    /** Where the sender stands in each vault. First from each side, once. */
    record Hello(Terms.Mode mode, Terms.Scope scope, SortedMap<VaultId, Standing> vaults)
            implements Frame {
        static Hello of(LocalSummary local) {
            return of(local, Terms.ONCE);
        }

        static Hello of(LocalSummary local, Terms terms) {
            SortedMap<VaultId, Standing> standings = new TreeMap<>();
            local.vaults().forEach((vault, summary) -> standings.put(vault, Standing.of(summary)));
            return new Hello(terms.mode(), terms.scope(), standings);
        }

        Standing standing(VaultId vault) {
            return vaults.getOrDefault(vault, Standing.EMPTY);
        }
    }

    /** A HELLO of a version that this code does not speak; nothing more of it is understood. */
    record ForeignHello(long version) implements Frame {}

    /**
     * What the sender will send, for each vault of which it will send any: after its HELLO, once,
     * and in a live session again whenever there is news.
     */
    record Plan(SortedMap<VaultId, Announcement> vaults) implements Frame {
        static final Plan NOTHING = new Plan(new TreeMap<>());

        static Plan of(VaultRanges ranges, SortedMap<VaultId, Amount> amounts) {
            SortedMap<VaultId, Announcement> vaults = new TreeMap<>();
            ranges.vaults()
                    .forEach(
                            (vault, each) ->
                                    vaults.put(
                                            vault,
                                            Announcement.of(
                                                    each,
                                                    amounts.getOrDefault(vault, Amount.ZERO))));
            return new Plan(vaults);
        }

        VaultRanges ranges() {
            VaultRanges ranges = VaultRanges.NONE;
            for (Map.Entry<VaultId, Announcement> entry : vaults.entrySet()) {
                ranges = ranges.with(entry.getKey(), entry.getValue().ranges());
            }
            return ranges;
        }

        Amount amount() {
            return vaults.values().stream()
                    .map(Announcement::amount)
                    .reduce(Amount.ZERO, Amount::plus);
        }
    }

    record Batches(VaultId vault, List<SyncEntry> entries) implements Frame {}

    /** Of what came in this session, how far the sender has each actor's durably. */
    record Durable(VaultId vault, SortedMap<ActorId, Long> sequences) implements Frame {}

    /**
     * Of what came in this session, batches that the sender may not take yet; it keeps none of
     * them.
     *
     * @param aheadMillis by how much a stamp is ahead of the sender's clock; zero if none is
     */
    record Parked(VaultId vault, BatchRanges ranges, long aheadMillis) implements Frame {}

    /** Weight that the sender will take beyond what it granted before. */
    record Credit(long weight) implements Frame {}

    /** The sender is there, and has nothing to say. */
    record Ping() implements Frame {}

    /** The sender holds back what it owes, by its own limit of bandwidth, for that long. */
    record Pause(long millis) implements Frame {
        static final long MILLIS_MAX = 600_000;
    }

    /** What the sender's records of a vault add up to, for each range that has any. */
    record Digests(VaultId vault, SortedMap<Integer, RangeSum> sums) implements Frame {}

    /** The first eight bytes of the content hashes of the sender's records in some ranges. */
    record Records(VaultId vault, SortedMap<String, Long> records) implements Frame {
        static final int RECORDS_MAX = SyncEffect.ListRecords.RECORDS_MAX;
    }

    record End(EndReason reason) implements Frame {}

    /** What concerns a snapshot. The side that lacks settled batches takes one, from the other. */
    sealed interface OfSnapshot extends Frame {
        VaultId vault();
    }

    /**
     * The snapshot that the sender has made.
     *
     * @param head what its driver says of it, hashes of the chunks included
     * @param chunks how many there are
     * @param bytes of all of them
     */
    record Manifest(VaultId vault, int chunks, long bytes, Bytes head) implements OfSnapshot {
        static final int CHUNKS_MAX = 1 << 16;
        static final int HEAD_BYTES_MAX = 4 << 20;
    }

    /** The chunks that the sender lacks, ascending; none once it has taken the snapshot over. */
    record Need(VaultId vault, List<Integer> chunks) implements OfSnapshot {
        public Need {
            chunks = List.copyOf(chunks);
        }
    }

    record Chunk(VaultId vault, int index, Bytes content) implements OfSnapshot {}

    /**
     * A side's place in a vault.
     *
     * @param own those of the actors in {@code heads} as which the side itself writes
     */
    record Standing(
            Optional<Bytes> digest,
            SortedMap<ActorId, Head> heads,
            SortedSet<ActorId> own,
            HistoryBounds bounds) {
        static final Standing EMPTY = new Standing(Optional.empty(), new TreeMap<>());

        Standing(Optional<Bytes> digest, SortedMap<ActorId, Head> heads) {
            this(digest, heads, new TreeSet<>(), HistoryBounds.NONE);
        }

        static Standing of(VaultSummary summary) {
            SortedMap<ActorId, Head> heads = new TreeMap<>();
            summary.heads().forEach((actor, head) -> heads.put(actor, Head.of(head)));
            SortedSet<ActorId> own = new TreeSet<>(summary.own());
            own.retainAll(heads.keySet());
            return new Standing(summary.digest(), heads, own, summary.bounds());
        }

        /** How far each actor is applied there, those included that are only told as settled. */
        SortedMap<ActorId, Long> applied() {
            SortedMap<ActorId, Long> applied = new TreeMap<>(bounds.horizon());
            frontier().forEach((actor, sequence) -> applied.merge(actor, sequence, Math::max));
            return applied;
        }

        boolean wantsSnapshot() {
            return bounds.want() == HistoryBounds.Want.SNAPSHOT;
        }

        SortedMap<ActorId, Long> frontier() {
            SortedMap<ActorId, Long> frontier = new TreeMap<>();
            heads.forEach((actor, head) -> frontier.put(actor, head.sequence()));
            return frontier;
        }
    }

    /**
     * @param hashPrefix enough of the chain hash to notice, not to prove, that histories differ
     */
    record Head(long sequence, Bytes hashPrefix) {
        static final int PREFIX_BYTES = 4;

        static Head of(ActorHead head) {
            return new Head(head.sequence(), prefix(head.hash()));
        }

        private static Bytes prefix(ChainHash hash) {
            return hash.bytes().slice(0, PREFIX_BYTES);
        }
    }
}
