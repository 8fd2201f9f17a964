package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import java.util.List;

/**
 * What was forgotten, by key, and nothing of what it was.
 *
 * @param keys in the order in which they were named
 * @param purge the batch that says so to all devices
 * @param batchesCut out of which something was cut in this store's log
 */
public record ForgetReceipt(List<String> keys, BatchId purge, int batchesCut) {
    public ForgetReceipt {
        keys = List.copyOf(keys);
    }

    /** What an audit trail tells of it: no key. */
    AuditEvent event() {
        Bytes id = new ByteWriter().raw(purge.actor().bytes()).fixed64(purge.sequence()).toBytes();
        return new AuditEvent.Forgotten(id, purge.vault(), keys.size());
    }

    static ForgetReceipt of(List<Receipt> receipts, Forgetting.Outcome outcome) {
        return new ForgetReceipt(
                receipts.stream().map(Receipt::key).toList(),
                receipts.getFirst().batch(),
                outcome.batches());
    }
}
