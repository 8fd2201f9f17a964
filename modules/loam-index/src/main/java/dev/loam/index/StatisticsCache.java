package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.SmallFloat;
import org.jspecify.annotations.Nullable;

/**
 * Counts words over the living documents of one vault, so that neither deleted documents that are
 * not merged away yet nor other vaults move a score, and an index built anew gives the same scores.
 *
 * <p>Counts are kept per segment and its deletions for as long as a reader has them open; a refresh
 * counts anew only in segments that are new or have lost documents.
 */
final class StatisticsCache {
    /** Bounds the memory of one segment's counts; beyond it they begin anew. */
    private static final int COUNTS_MAX = 16_384;

    /**
     * Words of a field.
     *
     * @param documents that have at least one
     * @param words in all, each document's as its stored length says, which Lucene rounds
     */
    record FieldCount(long documents, long words) {
        static final FieldCount NONE = new FieldCount(0, 0);

        FieldCount plus(FieldCount other) {
            return new FieldCount(documents + other.documents, words + other.words);
        }
    }

    private record FieldKey(VaultId vault, String field) {}

    private record TermKey(VaultId vault, String field, Bytes term) {}

    private static final class Segment {
        private final ConcurrentHashMap<FieldKey, FieldCount> fields = new ConcurrentHashMap<>();
        private final ConcurrentHashMap<TermKey, Integer> terms = new ConcurrentHashMap<>();
    }

    private final ConcurrentHashMap<IndexReader.CacheKey, Segment> segments =
            new ConcurrentHashMap<>();

    FieldCount field(OpenReader reader, VaultId vault, String field) throws IOException {
        FieldKey key = new FieldKey(vault, field);
        FieldCount sum = FieldCount.NONE;
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            Segment segment = segment(leaf);
            FieldCount count = segment.fields.get(key);
            if (count == null) {
                count = countField(leaf, vault, field);
                put(segment.fields, key, count);
            }
            sum = sum.plus(count);
        }
        return sum;
    }

    /** How many living documents of the vault have the term. */
    int documents(OpenReader reader, VaultId vault, String field, BytesRef term)
            throws IOException {
        TermKey key = new TermKey(vault, field, Bytes.copyOf(term.bytes, term.offset, term.length));
        int sum = 0;
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            Segment segment = segment(leaf);
            Integer count = segment.terms.get(key);
            if (count == null) {
                count = countTerm(leaf, vault, field, term);
                put(segment.terms, key, count);
            }
            sum += count;
        }
        return sum;
    }

    /** Whether no living document with words is of another vault. */
    static boolean isAlone(OpenReader reader, VaultId vault) throws IOException {
        for (LeafReaderContext context : reader.leaves()) {
            Terms vaults = context.reader().terms(Fields.VAULT);
            if (vaults != null && (vaults.size() != 1 || !isIn(vaults, vault))) {
                return false;
            }
        }
        return true;
    }

    private Segment segment(LeafReader leaf) {
        IndexReader.CacheHelper helper = leaf.getReaderCacheHelper();
        Segment known = segments.get(helper.getKey());
        if (known != null) {
            return known;
        }
        Segment segment = new Segment();
        Segment other = segments.putIfAbsent(helper.getKey(), segment);
        if (other != null) {
            return other;
        }
        helper.addClosedListener(segments::remove);
        return segment;
    }

    private static <K, V> void put(ConcurrentHashMap<K, V> counts, K key, V count) {
        if (counts.size() >= COUNTS_MAX) {
            counts.clear();
        }
        counts.put(key, count);
    }

    private static FieldCount countField(LeafReader leaf, VaultId vault, String field)
            throws IOException {
        NumericDocValues lengths = leaf.getNormValues(field);
        DocIdSetIterator members = members(leaf, vault);
        if (lengths == null || members == null) {
            return FieldCount.NONE;
        }
        Bits live = leaf.getLiveDocs();
        long documents = 0;
        long words = 0;
        for (int document = members.nextDoc();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = members.nextDoc()) {
            if ((live == null || live.get(document)) && lengths.advanceExact(document)) {
                int length = SmallFloat.byte4ToInt((byte) lengths.longValue());
                documents += length > 0 ? 1 : 0;
                words += length;
            }
        }
        return new FieldCount(documents, words);
    }

    private static int countTerm(LeafReader leaf, VaultId vault, String field, BytesRef term)
            throws IOException {
        Terms terms = leaf.terms(field);
        Terms vaults = leaf.terms(Fields.VAULT);
        if (terms == null || vaults == null) {
            return 0;
        }
        TermsEnum walk = terms.iterator();
        if (!walk.seekExact(term)) {
            return 0;
        }
        Bits live = leaf.getLiveDocs();
        boolean alone = vaults.size() == 1 && isIn(vaults, vault);
        if (alone && live == null) {
            return walk.docFreq();
        }
        PostingsEnum holders = walk.postings(null, PostingsEnum.NONE);
        DocIdSetIterator members = alone ? null : members(leaf, vault);
        if (!alone && members == null) {
            return 0;
        }
        int count = 0;
        for (int document = holders.nextDoc();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = holders.nextDoc()) {
            if ((live == null || live.get(document)) && isAt(members, document)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isAt(@Nullable DocIdSetIterator members, int document)
            throws IOException {
        if (members == null) {
            return true;
        }
        int at = members.docID() < document ? members.advance(document) : members.docID();
        return at == document;
    }

    /** Documents of the vault, deleted ones too; null if there are none. */
    private static @Nullable DocIdSetIterator members(LeafReader leaf, VaultId vault)
            throws IOException {
        Terms vaults = leaf.terms(Fields.VAULT);
        if (vaults == null) {
            return null;
        }
        TermsEnum walk = vaults.iterator();
        return walk.seekExact(term(vault)) ? walk.postings(null, PostingsEnum.NONE) : null;
    }

    private static boolean isIn(Terms vaults, VaultId vault) throws IOException {
        return vaults.iterator().seekExact(term(vault));
    }

    private static BytesRef term(VaultId vault) {
        return new BytesRef(vault.bytes().toArray());
    }
}
