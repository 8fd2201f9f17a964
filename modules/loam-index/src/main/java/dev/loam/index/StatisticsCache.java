package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.util.BytesRef;

/**
 * Counts words over the living documents of one vault, so that neither deleted documents that are
 * not merged away yet nor other vaults move a score, and an index built anew gives the same scores.
 *
 * <p>What a segment was written with is counted once in its life. What of it is deleted is counted
 * once per set of deletions, so a refresh costs what it changed.
 */
final class StatisticsCache {
    private final ConcurrentHashMap<IndexReader.CacheKey, WrittenCounts> written =
            new ConcurrentHashMap<>();
    private final ConcurrentHashMap<IndexReader.CacheKey, LivingCounts> living =
            new ConcurrentHashMap<>();

    FieldCount field(OpenReader reader, VaultId vault, String field) throws IOException {
        FieldCount sum = FieldCount.NONE;
        for (LeafReaderContext context : reader.leaves()) {
            sum = sum.plus(living(context.reader()).field(context.reader(), vault, field));
        }
        return sum;
    }

    /** How many living documents of the vault have the term. */
    int documents(OpenReader reader, VaultId vault, String field, BytesRef term)
            throws IOException {
        TermKey key = TermKey.of(vault, field, term);
        int sum = 0;
        for (LeafReaderContext context : reader.leaves()) {
            sum += living(context.reader()).documents(context.reader(), key);
        }
        return sum;
    }

    /** Whether no document with words is of another vault. */
    static boolean isAlone(OpenReader reader, VaultId vault) throws IOException {
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            Terms vaults = leaf.terms(Fields.VAULT);
            if (vaults != null && !VaultMembers.areAll(leaf, vault)) {
                return false;
            }
        }
        return true;
    }

    private LivingCounts living(LeafReader leaf) {
        IndexReader.CacheHelper helper = leaf.getReaderCacheHelper();
        LivingCounts known = living.get(helper.getKey());
        if (known != null) {
            return known;
        }
        LivingCounts counts = new LivingCounts(written(leaf), leaf);
        LivingCounts other = living.putIfAbsent(helper.getKey(), counts);
        if (other != null) {
            return other;
        }
        helper.addClosedListener(living::remove);
        return counts;
    }

    private WrittenCounts written(LeafReader leaf) {
        IndexReader.CacheHelper helper = leaf.getCoreCacheHelper();
        WrittenCounts counts = new WrittenCounts();
        WrittenCounts known = written.putIfAbsent(helper.getKey(), counts);
        if (known != null) {
            return known;
        }
        helper.addClosedListener(written::remove);
        return counts;
    }
}
