package dev.loam;

import dev.loam.core.LoamException;
import dev.loam.core.RecordState;
import dev.loam.core.VaultState;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A vault as it is at one moment. Keeps files open until it is closed; what is written meanwhile is
 * not seen. Any thread.
 */
public final class VaultView implements AutoCloseable {
    private static final int PAGE = 100;

    private final Optional<VaultState> vault;
    private final IndexSnapshot snapshot;

    VaultView(Optional<VaultState> vault, IndexSnapshot snapshot) {
        this.vault = vault;
        this.snapshot = snapshot;
    }

    /** Whether there is such a vault; if not, it has no memories. */
    public boolean exists() {
        return vault.isPresent();
    }

    /**
     * Gives all memories in the order of the keys' bytes. Holds no more than {@value #PAGE} at a
     * time. What {@code each} throws ends it.
     *
     * @throws LoamException {@code CORRUPT}, {@code IO_FAILED} if the index cannot be read
     */
    public void forEach(Consumer<StoredMemory> each) {
        Optional<String> after = Optional.empty();
        List<StoredRecord> page = page(after);
        while (!page.isEmpty()) {
            for (StoredRecord record : page) {
                String key = record.id().key();
                each.accept(StoredMemory.of(key, RecordState.decode(record.state())));
            }
            after = Optional.of(page.getLast().id().key());
            page = page(after);
        }
    }

    private List<StoredRecord> page(Optional<String> after) {
        return vault.map(known -> snapshot.scan(known.id(), "", after, PAGE)).orElse(List.of());
    }

    /** Idempotent. */
    @Override
    public void close() {
        snapshot.close();
    }
}
