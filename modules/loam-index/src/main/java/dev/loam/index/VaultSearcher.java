package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;

/**
 * A searcher whose statistics are those of the living documents of one vault. For one search, in
 * one thread: it keeps what it has counted.
 */
final class VaultSearcher extends IndexSearcher {
    private final OpenReader reader;
    private final VaultId vault;
    private final Map<Term, Integer> documents = new HashMap<>();
    private final Map<String, CollectionStatistics> fields = new HashMap<>();

    VaultSearcher(OpenReader reader, VaultId vault) {
        super(reader.lucene());
        this.reader = reader;
        this.vault = vault;
        setSimilarity(WordSearch.SIMILARITY);
        setQueryCache(null);
    }

    OpenReader reader() {
        return reader;
    }

    VaultId vault() {
        return vault;
    }

    /** How many documents of the vault have the term; may be none. */
    int documents(Term term) throws IOException {
        Integer known = documents.get(term);
        if (known == null) {
            known = reader.statistics().documents(reader, vault, term.field(), term.bytes());
            documents.put(term, known);
        }
        return known;
    }

    boolean isAlone() throws IOException {
        return StatisticsCache.isAlone(reader, vault);
    }

    /** At least 1 in each count: Lucene refuses zero, and such a term scores nothing here. */
    @Override
    public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
            throws IOException {
        long holders = Math.max(1, documents(term));
        return new TermStatistics(term.bytes(), holders, holders);
    }

    @Override
    public CollectionStatistics collectionStatistics(String field) throws IOException {
        CollectionStatistics known = fields.get(field);
        if (known == null) {
            known = countField(field);
            fields.put(field, known);
        }
        return known;
    }

    private CollectionStatistics countField(String field) throws IOException {
        FieldCount count = reader.statistics().field(reader, vault, field);
        long holders = Math.max(1, count.documents());
        long words = Math.max(holders, count.words());
        return new CollectionStatistics(field, holders, holders, words, words);
    }
}
