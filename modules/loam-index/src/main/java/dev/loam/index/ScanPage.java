package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.lucene.util.BytesRef;

/**
 * Reads living records in the order of their keys' bytes, pending ones in place of indexed ones.
 */
final class ScanPage {
    /** Which records a scan returns. */
    enum Kind {
        LIVING(Fields.LIVING),
        CONFLICTED(Fields.CONFLICTED);

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        private boolean holds(PendingRecord record, Projector projector) {
            return switch (this) {
                case LIVING -> record.isAlive(projector);
                case CONFLICTED -> record.isConflicted(projector);
            };
        }
    }

    /**
     * Which keys a scan returns.
     *
     * @param after only what comes after this key
     */
    record Range(VaultId vault, String keyPrefix, Optional<String> after) {}

    private final View view;
    private final Projector projector;
    private final Kind kind;
    private final Bytes prefix;
    private final Bytes from;

    private ScanPage(View view, Projector projector, Kind kind, Bytes prefix, Bytes from) {
        this.view = view;
        this.projector = projector;
        this.kind = kind;
        this.prefix = prefix;
        this.from = from;
    }

    static List<StoredRecord> read(
            View view, Projector projector, Kind kind, Range range, int limit) throws IOException {
        VaultId vault = range.vault();
        Bytes prefix = new RecordId(vault, range.keyPrefix()).toBytes();
        // The least string of bytes after a key is the key and a zero.
        Bytes from =
                range.after()
                        .map(key -> new RecordId(vault, key + "\0").toBytes())
                        .filter(next -> next.compareTo(prefix) > 0)
                        .orElse(prefix);
        return new ScanPage(view, projector, kind, prefix, from).read(limit);
    }

    private List<StoredRecord> read(int limit) throws IOException {
        LiveTerms indexed = LiveTerms.of(view.reader().lucene(), kind.field);
        indexed.seek(new BytesRef(from.toArray()));
        PendingWalk pending = new PendingWalk(view.pending(), from);
        List<StoredRecord> page = new ArrayList<>();
        Optional<Bytes> nextIndexed = advance(indexed);
        Optional<PendingRecord> nextPending = advance(pending);
        while (page.size() < limit && (nextIndexed.isPresent() || nextPending.isPresent())) {
            int order = compare(nextIndexed, nextPending);
            if (order < 0) {
                Bytes id = nextIndexed.orElseThrow();
                page.add(new StoredRecord(RecordId.fromBytes(id), indexed.found().state()));
            } else {
                PendingRecord record = nextPending.orElseThrow();
                if (kind.holds(record, projector)) {
                    page.add(new StoredRecord(record.id(), record.state()));
                }
                nextPending = advance(pending);
            }
            if (order <= 0) {
                nextIndexed = advance(indexed);
            }
        }
        return page;
    }

    private Optional<Bytes> advance(LiveTerms indexed) throws IOException {
        if (!indexed.advance()) {
            return Optional.empty();
        }
        BytesRef term = indexed.term();
        return within(Bytes.copyOf(term.bytes, term.offset, term.length));
    }

    private Optional<PendingRecord> advance(PendingWalk pending) {
        return pending.next().filter(record -> within(record.idBytes()).isPresent());
    }

    private Optional<Bytes> within(Bytes id) {
        return id.size() >= prefix.size() && id.slice(0, prefix.size()).equals(prefix)
                ? Optional.of(id)
                : Optional.empty();
    }

    /** What is absent comes last. */
    private static int compare(Optional<Bytes> indexed, Optional<PendingRecord> pending) {
        if (indexed.isEmpty() || pending.isEmpty()) {
            return indexed.isEmpty() ? 1 : -1;
        }
        return indexed.get().compareTo(pending.get().idBytes());
    }

    /** The pending records in the order of their ids, the newest state of each. */
    private static final class PendingWalk {
        private final List<Generation> newestFirst;
        private final int[] next;

        PendingWalk(List<Generation> newestFirst, Bytes from) {
            this.newestFirst = newestFirst;
            next = newestFirst.stream().mapToInt(g -> g.lowerBound(from)).toArray();
        }

        Optional<PendingRecord> next() {
            TreeMap<Bytes, PendingRecord> least = new TreeMap<>();
            for (int i = 0; i < next.length; i++) {
                if (next[i] < newestFirst.get(i).size()) {
                    PendingRecord record = newestFirst.get(i).record(next[i]);
                    least.putIfAbsent(record.idBytes(), record);
                }
            }
            if (least.isEmpty()) {
                return Optional.empty();
            }
            PendingRecord first = least.firstEntry().getValue();
            for (int i = 0; i < next.length; i++) {
                Generation generation = newestFirst.get(i);
                if (next[i] < generation.size()
                        && generation.record(next[i]).idBytes().equals(first.idBytes())) {
                    next[i]++;
                }
            }
            return Optional.of(first);
        }
    }
}
