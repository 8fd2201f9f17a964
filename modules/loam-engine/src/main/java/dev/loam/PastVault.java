package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import java.time.Instant;
import java.util.Optional;

/**
 * A vault as it was at some moment: by the operations, of all devices, that are here now and that
 * were made then or before by the hybrid clock. So it shows what a device that had been online all
 * the time would have shown, and a batch that arrived late is in it. Any thread.
 */
public final class PastVault {
    private final Store store;
    private final String vault;
    private final Instant time;

    PastVault(Store store, String vault, Instant time) {
        this.store = store;
        this.vault = vault;
        this.time = time;
    }

    public Instant time() {
        return time;
    }

    /**
     * The memory under {@code key} as it was. Costs what was ever written to it, not what the store
     * holds.
     *
     * @throws LoamException {@code HISTORY_GONE} if operations of that time have been compacted
     *     away; {@code CORRUPT} if a part of the log is damaged that may have held some
     */
    public Optional<Memory> get(String key) {
        Limits.checkKey(key);
        return store.state()
                .named(vault)
                .flatMap(known -> read(key, store.past(new RecordId(known.id(), key))));
    }

    private Optional<Memory> read(String key, RecordPast past) {
        if (!past.complete()) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "a part of the log is damaged that may have held changes of this memory;"
                            + " `loam verify` says which. Its present state can be read");
        }
        refuseBefore(past);
        RecordState then = past.asOf(time.toEpochMilli());
        return then.isAlive() ? Optional.of(MemoryLayout.read(key, then)) : Optional.empty();
    }

    private void refuseBefore(RecordPast past) {
        past.base()
                .map(base -> Instant.ofEpochMilli(base.until().millis()))
                .filter(time::isBefore)
                .ifPresent(
                        until -> {
                            throw new LoamException(
                                    ErrorCode.HISTORY_GONE,
                                    "what this memory was before "
                                            + until
                                            + " has been compacted away; ask for a later time");
                        });
    }
}
