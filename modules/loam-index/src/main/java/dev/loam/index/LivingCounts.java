package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/** Counts over the living documents of a segment: what it was written with less what is deleted. */
final class LivingCounts {
    private final WrittenCounts written;
    private final int[] deleted;
    private final ConcurrentHashMap<TermKey, Integer> terms = new ConcurrentHashMap<>();

    LivingCounts(WrittenCounts written, LeafReader leaf) {
        this.written = written;
        this.deleted = deleted(leaf);
    }

    FieldCount field(LeafReader leaf, VaultId vault, String field) throws IOException {
        FieldCount count = written.field(leaf, vault, field);
        return deleted.length == 0 ? count : count.minus(deletedField(leaf, vault, field));
    }

    int documents(LeafReader leaf, TermKey key) throws IOException {
        Integer known = terms.get(key);
        if (known == null) {
            known = count(leaf, key);
            WrittenCounts.put(terms, key, known);
        }
        return known;
    }

    private int count(LeafReader leaf, TermKey key) throws IOException {
        Terms words = leaf.terms(key.field());
        if (words == null) {
            return 0;
        }
        TermsEnum walk = words.iterator();
        if (!walk.seekExact(key.toTerm())) {
            return 0;
        }
        int count =
                VaultMembers.areAll(leaf, key.vault())
                        ? walk.docFreq()
                        : written.documents(leaf, key, postings(walk));
        if (count == 0 || deleted.length == 0) {
            return count;
        }
        return walk.docFreq() < deleted.length
                ? livingDocuments(leaf, key.vault(), postings(walk))
                : count - deletedDocuments(leaf, key.vault(), postings(walk));
    }

    private static int livingDocuments(LeafReader leaf, VaultId vault, PostingsEnum holders)
            throws IOException {
        VaultMembers members = VaultMembers.of(leaf, vault);
        Bits live = leaf.getLiveDocs();
        int count = 0;
        for (int document = RecordLookup.firstLive(holders, live);
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = RecordLookup.firstLive(holders, live)) {
            count += members.contains(document) ? 1 : 0;
        }
        return count;
    }

    private int deletedDocuments(LeafReader leaf, VaultId vault, PostingsEnum holders)
            throws IOException {
        VaultMembers members = VaultMembers.of(leaf, vault);
        int count = 0;
        for (int document : deleted) {
            if (VaultMembers.isAt(holders, document) && members.contains(document)) {
                count++;
            }
        }
        return count;
    }

    private FieldCount deletedField(LeafReader leaf, VaultId vault, String field)
            throws IOException {
        NumericDocValues norms = leaf.getNormValues(field);
        if (norms == null) {
            return FieldCount.NONE;
        }
        VaultMembers members = VaultMembers.of(leaf, vault);
        long documents = 0;
        long words = 0;
        for (int document : deleted) {
            if (members.contains(document) && norms.advanceExact(document)) {
                int length = FieldCount.words(norms.longValue());
                documents += length > 0 ? 1 : 0;
                words += length;
            }
        }
        return new FieldCount(documents, words);
    }

    private static PostingsEnum postings(TermsEnum walk) throws IOException {
        return walk.postings(null, PostingsEnum.NONE);
    }

    private static int[] deleted(LeafReader leaf) {
        Bits live = leaf.getLiveDocs();
        int[] deleted = new int[live == null ? 0 : leaf.numDeletedDocs()];
        int document = 0;
        for (int i = 0; i < deleted.length; i++, document++) {
            while (live.get(document)) {
                document++;
            }
            deleted[i] = document;
        }
        return deleted;
    }
}
