package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.search.DocIdSetIterator;

/** Counts over what a segment was written with, deleted since or not: they never change. */
final class WrittenCounts {
    /** Bounds the memory of one segment's counts; beyond it they begin anew. */
    private static final int COUNTS_MAX = 16_384;

    private record FieldKey(VaultId vault, String field) {}

    private final ConcurrentHashMap<FieldKey, FieldCount> fields = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TermKey, Integer> terms = new ConcurrentHashMap<>();

    FieldCount field(LeafReader leaf, VaultId vault, String field) throws IOException {
        FieldKey key = new FieldKey(vault, field);
        FieldCount known = fields.get(key);
        if (known == null) {
            known = countField(leaf, vault, field);
            put(fields, key, known);
        }
        return known;
    }

    /**
     * How many documents of the term's vault have it.
     *
     * @param holders all documents of the segment that have the term
     */
    int documents(LeafReader leaf, TermKey key, PostingsEnum holders) throws IOException {
        Integer known = terms.get(key);
        if (known == null) {
            VaultMembers members = VaultMembers.of(leaf, key.vault());
            int count = 0;
            for (int document = holders.nextDoc();
                    document != DocIdSetIterator.NO_MORE_DOCS;
                    document = holders.nextDoc()) {
                count += members.contains(document) ? 1 : 0;
            }
            known = count;
            put(terms, key, known);
        }
        return known;
    }

    private static FieldCount countField(LeafReader leaf, VaultId vault, String field)
            throws IOException {
        NumericDocValues norms = leaf.getNormValues(field);
        if (norms == null) {
            return FieldCount.NONE;
        }
        VaultMembers members = VaultMembers.of(leaf, vault);
        long documents = 0;
        long words = 0;
        for (int document = members.next();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = members.next()) {
            if (norms.advanceExact(document)) {
                int length = FieldCount.words(norms.longValue());
                documents += length > 0 ? 1 : 0;
                words += length;
            }
        }
        return new FieldCount(documents, words);
    }

    static <K, V> void put(ConcurrentHashMap<K, V> counts, K key, V count) {
        if (counts.size() >= COUNTS_MAX) {
            counts.clear();
        }
        counts.put(key, count);
    }
}
