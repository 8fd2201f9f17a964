package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.junit.jupiter.api.Test;

class WordsTest {
    private final Words words = new Words();

    private static List<String> analyzed(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (EnglishAnalyzer analyzer = new EnglishAnalyzer();
                TokenStream tokens = analyzer.tokenStream(Fields.TEXT, text)) {
            TermToBytesRefAttribute word = tokens.addAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                found.add(word.getBytesRef().utf8ToString());
            }
        }
        return found;
    }

    private void assertAnalyzed(String text) throws IOException {
        assertThat(words.of(text)).map(each -> each.utf8ToString()).isEqualTo(analyzed(text));
    }

    @Test
    void sentencesBecomeTheWordsOfTheEnglishAnalyzer() throws IOException {
        List<String> texts =
                List.of(
                        "",
                        "The Cats' whiskers and the cat's whisker were RUNNING, weren't they?",
                        "It is 3.14 o'clock; e-mail ann@example.org or see https://example.org/a_b",
                        "Crème brûlée İstanbul ΣΊΣΥΦΟΣ straße 東京都 한국어 👍🏽",
                        "a".repeat(700) + " " + "word ".repeat(300));
        for (int again = 0; again < 2; again++) {
            for (String text : texts) {
                assertAnalyzed(text);
            }
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces =
                Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(
                                6,
                                Arbitraries.of(
                                        "running",
                                        "Run",
                                        "runs",
                                        "the",
                                        "THE",
                                        "it's",
                                        "flies",
                                        "happily",
                                        "relational",
                                        "sky",
                                        "co-op",
                                        "1,000",
                                        "x")),
                        net.jqwik.api.Tuple.of(2, Arbitraries.strings().alpha().ofMaxLength(12)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));
        return pieces.list().ofMaxSize(40).map(each -> String.join(" ", each));
    }

    @Property(tries = 500)
    void anyTextBecomesTheWordsOfTheEnglishAnalyzer(@ForAll("texts") String text)
            throws IOException {
        assertAnalyzed(text);
        assertAnalyzed(text);
    }
}
