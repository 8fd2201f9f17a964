package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The living records of a vault here that a snapshot does not have as they are. Both sides come in
 * the order of their keys, so that neither has to be held as a whole. One thread.
 */
final class OtherRecords {
    private static final int SCAN_RECORDS = 500;

    private final VaultId vault;
    private final IndexSnapshot ours;
    private final List<StoredRecord> others = new ArrayList<>();
    private List<StoredRecord> page;
    private int next;

    private OtherRecords(VaultId vault, IndexSnapshot ours) {
        this.vault = vault;
        this.ours = ours;
        this.page = ours.scan(vault, "", Optional.empty(), SCAN_RECORDS);
    }

    static List<StoredRecord> of(Store store, SnapshotHead head, SnapshotFiles chunks) {
        try (IndexSnapshot ours = store.snapshot()) {
            OtherRecords records = new OtherRecords(head.state().id(), ours);
            SnapshotContent.read(chunks, head, records::compare, entry -> {});
            records.takeRest();
            return records.others;
        }
    }

    private void compare(StoredRecord theirs) {
        if (!RecordState.reread(theirs.state()).isAlive()) {
            return;
        }
        Optional<StoredRecord> own = peek();
        while (own.isPresent() && order(own.get(), theirs) < 0) {
            others.add(take());
            own = peek();
        }
        if (own.isPresent() && order(own.get(), theirs) == 0) {
            StoredRecord same = take();
            if (!content(same).equals(content(theirs))) {
                others.add(same);
            }
        }
    }

    private static int order(StoredRecord one, StoredRecord other) {
        return Bytes.ofUtf8(one.id().key()).compareTo(Bytes.ofUtf8(other.id().key()));
    }

    private static Bytes content(StoredRecord record) {
        return RecordState.reread(record.state()).contentHash(record.id());
    }

    private void takeRest() {
        while (peek().isPresent()) {
            others.add(take());
        }
    }

    private Optional<StoredRecord> peek() {
        if (next == page.size() && !page.isEmpty()) {
            page = ours.scan(vault, "", Optional.of(page.getLast().id().key()), SCAN_RECORDS);
            next = 0;
        }
        return next == page.size() ? Optional.empty() : Optional.of(page.get(next));
    }

    private StoredRecord take() {
        return page.get(next++);
    }
}
