package dev.loam.index;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Takes texts apart into the same words as Lucene's {@code EnglishAnalyzer}. Its filters look at
 * one token at a time, so that what becomes of a token is remembered: texts repeat their words, and
 * to stem one is dearer than to find it. For one thread.
 */
final class Words {
    /** Places of the memory, a power of two. Tokens that share one displace each other. */
    private static final int REMEMBERED = 1 << 14;

    private static final int REMEMBERED_CHARS_MAX = 32;

    private static final int HASH_FACTOR = 0x9E3779B9;
    private static final int HASH_SHIFT = Integer.SIZE - 14;

    /** A token and its word; no word for one that is not indexed. */
    private static final class Known {
        private final char[] token;
        private final @Nullable BytesRef word;

        Known(char[] token, @Nullable BytesRef word) {
            this.token = token;
            this.word = word;
        }

        boolean is(char[] buffer, int length) {
            return Arrays.equals(token, 0, token.length, buffer, 0, length);
        }
    }

    /** A stream of the one token that it was given. */
    private static final class OneToken extends TokenStream {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
        private boolean waiting;

        void give(char[] buffer, int length) {
            clearAttributes();
            term.copyBuffer(buffer, 0, length);
            waiting = true;
        }

        @Override
        public boolean incrementToken() {
            boolean given = waiting;
            waiting = false;
            return given;
        }
    }

    private final StandardTokenizer tokenizer = new StandardTokenizer();
    private final CharTermAttribute token = tokenizer.addAttribute(CharTermAttribute.class);
    private final OneToken one = new OneToken();
    private final TokenStream filtered =
            new PorterStemFilter(
                    new StopFilter(
                            new LowerCaseFilter(new EnglishPossessiveFilter(one)),
                            EnglishAnalyzer.getDefaultStopSet()));
    private final TermToBytesRefAttribute word =
            filtered.addAttribute(TermToBytesRefAttribute.class);
    private final @Nullable Known[] known = new @Nullable Known[REMEMBERED];

    /** The words in the order of the text. Nobody may write to them. */
    List<BytesRef> of(String text) throws IOException {
        List<BytesRef> words = new ArrayList<>();
        tokenizer.setReader(new StringReader(text));
        try (tokenizer) {
            tokenizer.reset();
            while (tokenizer.incrementToken()) {
                BytesRef found = word(token.buffer(), token.length());
                if (found != null) {
                    words.add(found);
                }
            }
            tokenizer.end();
        }
        return words;
    }

    private @Nullable BytesRef word(char[] buffer, int length) throws IOException {
        if (length > REMEMBERED_CHARS_MAX) {
            return filter(buffer, length);
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + buffer[i];
        }
        int place = (hash * HASH_FACTOR) >>> HASH_SHIFT;
        Known there = known[place];
        if (there == null || !there.is(buffer, length)) {
            there = new Known(Arrays.copyOf(buffer, length), filter(buffer, length));
            known[place] = there;
        }
        return there.word;
    }

    private @Nullable BytesRef filter(char[] buffer, int length) throws IOException {
        one.give(buffer, length);
        return filtered.incrementToken() ? BytesRef.deepCopyOf(word.getBytesRef()) : null;
    }
}
