package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.StoredRecord;
import dev.loam.sync.RangeSum;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Looks for the records in which this store differs from a peer's. Reads all of a vault: only after
 * two digests have differed that must not. What is written meanwhile may be named, too.
 */
final class RecordSurvey {
    private static final int PAGE = 500;

    private final Store store;
    private final MessageDigest sha256;

    RecordSurvey(Store store) {
        this.store = store;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }

    SyncInput.Surveyed survey(SyncEffect.Survey survey) {
        TreeMap<Integer, RangeSum> sums = new TreeMap<>();
        each(
                survey.vault(),
                (key, hash) -> sums.merge(rangeOf(key), RangeSum.of(hash), RangeSum::plus));
        return new SyncInput.Surveyed(survey.vault(), sums);
    }

    SyncInput.RecordsListed list(SyncEffect.ListRecords list) {
        TreeMap<String, Long> records = new TreeMap<>();
        each(
                list.vault(),
                (key, hash) -> {
                    if (list.ranges().contains(rangeOf(key))) {
                        records.put(key, hash);
                        if (records.size() > SyncEffect.ListRecords.RECORDS_MAX) {
                            records.pollLastEntry();
                        }
                    }
                });
        return new SyncInput.RecordsListed(list.vault(), records);
    }

    private void each(VaultId vault, BiConsumer<String, Long> consumer) {
        try (IndexSnapshot snapshot = store.snapshot()) {
            Optional<String> after = Optional.empty();
            List<StoredRecord> page;
            do {
                page = snapshot.scan(vault, "", after, PAGE);
                for (StoredRecord record : page) {
                    Bytes hash = RecordState.decode(record.state()).contentHash(record.id());
                    consumer.accept(record.id().key(), hash.asBuffer().getLong());
                    after = Optional.of(record.id().key());
                }
            } while (page.size() == PAGE);
        }
    }

    /** The first twelve bits. */
    private int rangeOf(String key) {
        byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
        return (hash[0] & 0xff) << 4 | (hash[1] & 0xff) >>> 4;
    }
}
