package dev.loam.index;

import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** A filter as Lucene's queries. */
final class FilterQuery {
    private FilterQuery() {}

    static Query vault(VaultId vault) {
        return new TermQuery(new Term(Fields.VAULT, VaultMembers.term(vault)));
    }

    /** All of which must match; none for a filter that lets all pass. */
    static List<Query> clauses(SearchFilter filter) {
        List<Query> clauses = new ArrayList<>();
        for (String tag : filter.tags()) {
            clauses.add(new TermQuery(new Term(Fields.TAG, DocumentMapper.tagTerm(tag))));
        }
        for (Map.Entry<String, String> keyword : filter.keywords().entrySet()) {
            BytesRef term = DocumentMapper.keywordTerm(keyword.getKey(), keyword.getValue());
            clauses.add(new TermQuery(new Term(Fields.KEYWORD, term)));
        }
        if (filter.fromMillis().isPresent() || filter.toMillis().isPresent()) {
            clauses.add(
                    times(
                            filter.fromMillis().orElse(Long.MIN_VALUE),
                            filter.toMillis().isPresent(),
                            filter.toMillis().orElse(0)));
        }
        return clauses;
    }

    /** One query for all of them; empty for none. */
    static Optional<Query> all(List<Query> clauses) {
        if (clauses.size() <= 1) {
            return clauses.stream().findFirst();
        }
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        clauses.forEach(clause -> all.add(clause, Occur.FILTER));
        return Optional.of(all.build());
    }

    private static Query times(long from, boolean bounded, long exclusive) {
        if (bounded && exclusive == Long.MIN_VALUE) {
            return new MatchNoDocsQuery("before the first millisecond");
        }
        return LongField.newRangeQuery(Fields.TIME, from, bounded ? exclusive - 1 : Long.MAX_VALUE);
    }
}
