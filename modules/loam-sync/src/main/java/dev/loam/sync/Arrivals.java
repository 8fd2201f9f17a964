package dev.loam.sync;

import dev.loam.core.ActorId;
import java.util.ArrayDeque;
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
    static final Arrivals NONE = new Arrivals(null, null, new TreeSet<>());

    private record Link(SyncEntry entry, @Nullable Link before) {}

    private final @Nullable Link ready;
    private final @Nullable Link waiting;
    private final SortedSet<ActorId> unsealed;

    private Arrivals(@Nullable Link ready, @Nullable Link waiting, SortedSet<ActorId> unsealed) {
        this.ready = ready;
        this.waiting = waiting;
        this.unsealed = unsealed;
    }

    Arrivals with(List<SyncEntry> arrived) {
        Link readyNow = ready;
        Link waitingNow = waiting;
        SortedSet<ActorId> unsealedNow = new TreeSet<>(unsealed);
        for (SyncEntry entry : arrived) {
            waitingNow = new Link(entry, waitingNow);
            if (!entry.isSealed()) {
                unsealedNow.add(entry.actor());
                continue;
            }
            unsealedNow.remove(entry.actor());
            if (unsealedNow.isEmpty()) {
                for (SyncEntry covered : inOrder(waitingNow)) {
                    readyNow = new Link(covered, readyNow);
                }
                waitingNow = null;
            }
        }
        return new Arrivals(readyNow, waitingNow, unsealedNow);
    }

    boolean hasReady() {
        return ready != null;
    }

    boolean isEmpty() {
        return ready == null && waiting == null;
    }

    boolean hasWaiting() {
        return waiting != null;
    }

    List<SyncEntry> ready() {
        return List.copyOf(inOrder(ready));
    }

    Arrivals withoutReady() {
        return new Arrivals(null, waiting, unsealed);
    }

    private static Deque<SyncEntry> inOrder(@Nullable Link last) {
        Deque<SyncEntry> entries = new ArrayDeque<>();
        for (Link link = last; link != null; link = link.before()) {
            entries.addFirst(link.entry());
        }
        return entries;
    }
}
