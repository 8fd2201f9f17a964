package dev.loam.sync;

import dev.loam.core.ActorId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A vault's entries that came and are not applied, in the order in which they came. Those up to the
 * last point at which the latest entry of every actor is sealed are <em>ready</em>: each is covered
 * by a seal at or before that point. The others wait for theirs.
 *
 * <p>Persistent: both runs are linked from their last entry back, so that an entry is added without
 * copying those before it, and moves at most once.
 */
final class Arrivals {
    /** Entries that are applied at once, as far as seals allow. */
    static final int GROUP_MAX = 1_000;

    /**
     * Entries that may wait for seals, well above what a sender that seals every hundredth batch
     * keeps waiting. They are applied at once, and a store writes no more at once than 4,096.
     */
    static final int WAITING_MAX = 4_000;

    static final Arrivals NONE = new Arrivals(null, List.of(), new TreeSet<>());

    /** Entries none of which can be applied without the others, linked from the last back. */
    private record Piece(List<SyncEntry> entries, @Nullable Piece before) {}

    private final @Nullable Piece ready;
    private final List<List<SyncEntry>> waiting;
    private final SortedSet<ActorId> unsealed;

    private Arrivals(
            @Nullable Piece ready, List<List<SyncEntry>> waiting, SortedSet<ActorId> unsealed) {
        this.ready = ready;
        this.waiting = waiting;
        this.unsealed = unsealed;
    }

    Arrivals with(List<SyncEntry> arrived) {
        Piece readyNow = ready;
        List<List<SyncEntry>> waitingNow = waiting;
        SortedSet<ActorId> unsealedNow = new TreeSet<>(unsealed);
        int from = 0;
        for (int i = 0; i < arrived.size(); i++) {
            SyncEntry entry = arrived.get(i);
            if (!entry.isSealed()) {
                unsealedNow.add(entry.actor());
                continue;
            }
            unsealedNow.remove(entry.actor());
            if (unsealedNow.isEmpty()) {
                List<SyncEntry> covered = flat(waitingNow, arrived.subList(from, i + 1));
                readyNow = new Piece(covered, readyNow);
                waitingNow = List.of();
                from = i + 1;
            }
        }
        if (from < arrived.size()) {
            List<List<SyncEntry>> more = new ArrayList<>(waitingNow);
            more.add(arrived.subList(from, arrived.size()));
            waitingNow = List.copyOf(more);
        }
        return new Arrivals(readyNow, waitingNow, unsealedNow);
    }

    private static List<SyncEntry> flat(List<List<SyncEntry>> frames, List<SyncEntry> last) {
        List<SyncEntry> all = new ArrayList<>();
        frames.forEach(all::addAll);
        all.addAll(last);
        return all;
    }

    boolean hasReady() {
        return ready != null;
    }

    boolean isEmpty() {
        return ready == null && waiting.isEmpty();
    }

    /** How many wait for a seal. */
    int waiting() {
        return waiting.stream().mapToInt(List::size).sum();
    }

    /** The first that can be applied at once. */
    List<SyncEntry> ready() {
        List<SyncEntry> group = new ArrayList<>();
        for (Piece piece : inOrder()) {
            if (!group.isEmpty() && group.size() + piece.entries().size() > GROUP_MAX) {
                break;
            }
            group.addAll(piece.entries());
        }
        return List.copyOf(group);
    }

    /** Without the first {@code count}, which {@link #ready} gave. */
    Arrivals without(int count) {
        int left = count;
        Piece kept = null;
        for (Piece piece : inOrder()) {
            if (left > 0) {
                left -= piece.entries().size();
            } else {
                kept = new Piece(piece.entries(), kept);
            }
        }
        return new Arrivals(kept, waiting, unsealed);
    }

    private Deque<Piece> inOrder() {
        Deque<Piece> pieces = new ArrayDeque<>();
        for (Piece piece = ready; piece != null; piece = piece.before()) {
            pieces.addFirst(piece);
        }
        return pieces;
    }
}
