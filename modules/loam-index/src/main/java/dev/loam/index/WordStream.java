package dev.loam.index;

import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/** Gives words that are known already to Lucene, as often as asked. For one thread. */
final class WordStream extends TokenStream {
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private List<BytesRef> words = List.of();
    private int next;

    /** This stream with other words. */
    WordStream of(List<BytesRef> others) {
        words = others;
        next = 0;
        return this;
    }

    @Override
    public void reset() {
        next = 0;
    }

    @Override
    public boolean incrementToken() {
        if (next == words.size()) {
            return false;
        }
        clearAttributes();
        term.setBytesRef(words.get(next++));
        return true;
    }
}
