package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;

/** A searcher whose statistics are those of the living documents of one vault. */
final class VaultSearcher extends IndexSearcher {
    private final OpenReader reader;
    private final VaultId vault;

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
        return reader.statistics().documents(reader, vault, term.field(), term.bytes());
    }

    boolean isAlone() throws IOException {
        return StatisticsCache.isAlone(reader, vault);
    }

    /** At least 1 in each count: Lucene refuses zero, and such a term scores nothing here. */
    @Override
    public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
            throws IOException {
        long documents = Math.max(1, documents(term));
        return new TermStatistics(term.bytes(), documents, documents);
    }

    @Override
    public CollectionStatistics collectionStatistics(String field) throws IOException {
        FieldCount count = reader.statistics().field(reader, vault, field);
        long documents = Math.max(1, count.documents());
        long words = Math.max(documents, count.words());
        return new CollectionStatistics(field, documents, documents, words, words);
    }
}
