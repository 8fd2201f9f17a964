package dev.loam.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.util.BytesRef;

/** Finds by words, scored with BM25. */
final class WordSearch {
    private static final float SATURATION = 1.2f;
    private static final float LENGTH_WEIGHT = 0.75f;
    static final Similarity SIMILARITY = new BM25Similarity(SATURATION, LENGTH_WEIGHT);

    /** Rarer terms say more; Lucene refuses more than 1,024 clauses. */
    private static final int TERMS_MAX = 64;

    private static final Analyzer ANALYZER = new EnglishAnalyzer();

    /** A term and in how many documents it is. */
    private record Counted(Term term, int documents) {}

    private WordSearch() {}

    /** The distinct words of a query in their order, as they are indexed. */
    static SortedSet<BytesRef> words(String query) throws IOException {
        SortedSet<BytesRef> words = new TreeSet<>();
        try (TokenStream tokens = ANALYZER.tokenStream(Fields.TEXT, query)) {
            TermToBytesRefAttribute word = tokens.addAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                words.add(BytesRef.deepCopyOf(word.getBytesRef()));
            }
            tokens.end();
        }
        return words;
    }

    static List<Candidate> search(
            VaultSearcher searcher,
            String field,
            SortedSet<BytesRef> words,
            List<Query> filters,
            int limit)
            throws IOException {
        List<Counted> rarest = rarest(searcher, field, words);
        if (rarest.isEmpty()) {
            return List.of();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder().setMinimumNumberShouldMatch(1);
        rarest.forEach(counted -> query.add(new TermQuery(counted.term()), Occur.SHOULD));
        filters.forEach(filter -> query.add(filter, Occur.FILTER));
        return searcher.search(query.build(), HitCollector.into(new TopHits(limit)))
                .candidates(score -> score);
    }

    private static List<Counted> rarest(
            VaultSearcher searcher, String field, SortedSet<BytesRef> words) throws IOException {
        List<Counted> counted = new ArrayList<>();
        for (BytesRef word : words) {
            Term term = new Term(field, word);
            int documents = searcher.documents(term);
            if (documents > 0) {
                counted.add(new Counted(term, documents));
            }
        }
        counted.sort(Comparator.comparingInt(Counted::documents).thenComparing(Counted::term));
        return counted.subList(0, Math.min(TERMS_MAX, counted.size()));
    }
}
