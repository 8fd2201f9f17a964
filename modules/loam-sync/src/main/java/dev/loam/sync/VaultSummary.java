package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far this store holds a vault. The heads must be a causally closed frontier of which every
 * batch is durable, and for each foreign actor the last batch must have a seal that {@link
 * SyncEffect.Read} can return.
 *
 * @param digest of the vault's state at exactly these heads, 32 bytes; empty if the state holds
 *     more than the heads say, and is then compared with nothing
 * @param heads the actors of whom at least one batch is held
 * @param own this device's actors in the vault, whether they have written or not: a peer that holds
 *     more of them than we do proves that our store was rolled back or copied
 * @param bounds what is not held any more, or not taken any more
 */
public record VaultSummary(
        VaultId vault,
        Optional<Bytes> digest,
        SortedMap<ActorId, ActorHead> heads,
        SortedSet<ActorId> own,
        HistoryBounds bounds) {
    public static final int DIGEST_BYTES = 32;

    public VaultSummary {
        heads = Collections.unmodifiableSortedMap(new TreeMap<>(heads));
        own = Collections.unmodifiableSortedSet(new TreeSet<>(own));
        Invariant.check(
                digest.isEmpty() || digest.get().size() == DIGEST_BYTES, "Digest of a wrong size");
    }

    /** Of a vault in which nothing was ever settled. */
    public VaultSummary(
            VaultId vault,
            Optional<Bytes> digest,
            SortedMap<ActorId, ActorHead> heads,
            SortedSet<ActorId> own) {
        this(vault, digest, heads, own, HistoryBounds.NONE);
    }

    /** The number of each actor's last batch. */
    SortedMap<ActorId, Long> frontier() {
        SortedMap<ActorId, Long> frontier = new TreeMap<>();
        heads.forEach((actor, head) -> frontier.put(actor, head.sequence()));
        return frontier;
    }

    /** The summary of a vault whose heads describe its state exactly. */
    public static VaultSummary of(
            VaultId vault, Bytes digest, SortedMap<ActorId, ActorHead> heads, Set<ActorId> own) {
        return new VaultSummary(vault, Optional.of(digest), heads, new TreeSet<>(own));
    }
}
