package dev.loam.log;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who reads which view of the log. What a compaction has replaced is deleted when the last reader
 * that may still come to it has closed.
 */
final class Leases {
    /** A view that is being read. Idempotent to close. */
    final class Lease implements AutoCloseable {
        private final LogView view;

        private Lease(LogView view) {
            this.view = view;
        }

        LogView view() {
            return view;
        }

        @Override
        public void close() {
            release(this);
        }
    }

    private record Waiting(Set<Lease> readers, Runnable deletion) {}

    private final Set<Lease> open = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Takes the view under the lock: a deletion either sees the lease or precedes the view. */
    synchronized Lease take(Supplier<LogView> current) {
        Lease lease = new Lease(current.get());
        open.add(lease);
        return lease;
    }

    /** Runs {@code deletion} once all that is read now is closed; at once if nothing is. */
    void afterPresent(Runnable deletion) {
        synchronized (this) {
            if (!open.isEmpty()) {
                waiting.add(new Waiting(new HashSet<>(open), deletion));
                return;
            }
        }
        deletion.run();
    }

    private void release(Lease lease) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            if (!open.remove(lease)) {
                return;
            }
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting next = each.next();
                next.readers().remove(lease);
                if (next.readers().isEmpty()) {
                    each.remove();
                    due.add(next.deletion());
                }
            }
        }
        due.forEach(Runnable::run);
    }
}
