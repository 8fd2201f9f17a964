package dev.loam.embed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

final class WordPieceTokenizerTest {
    private static final int TOKENS_MAX = 512;

    private static final WordPieceTokenizer TOKENIZER = tokenizer();
    private static final HuggingFaceTokenizer REFERENCE = reference();

    @Test
    void everyPieceOfTheVocabularyIsKnownByItsNumber() throws IOException {
        Vocabulary vocabulary = Vocabulary.load();
        assertThat(vocabulary.size()).isEqualTo(30_522);
        assertThat(vocabulary.start("[PAD]")).isZero();
        assertThat(vocabulary.start("hello")).isEqualTo(7592);
        assertThat(vocabulary.start("\"")).isEqualTo(1000);
        assertThat(vocabulary.start("\\")).isEqualTo(1032);
        assertThat(vocabulary.start("##")).isEqualTo(Vocabulary.ABSENT);
        assertThat(vocabulary.continuation("ing")).isEqualTo(2075);
        assertThat(vocabulary.continuation("～")).isEqualTo(30_521);
    }

    @Test
    void sentencesAreCutAsTheReferenceCutsThem() {
        for (String sentence : Sentences.TWENTY) {
            assertThat(tokens(sentence)).as(sentence).containsExactly(referenceTokens(sentence));
        }
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.BOUNDED)
    void textsAreCutAsTheReferenceCutsThem(@ForAll("texts") String text) {
        assertThat(tokens(text)).containsExactly(referenceTokens(text));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> letters =
                Arbitraries.strings()
                        .withCharRange('a', 'f')
                        .withCharRange(' ', '~')
                        .withCharRange('\0', '\u0400')
                        .withCharRange('\u0300', '\u036f')
                        .withCharRange('\u1e00', '\u1eff')
                        .withCharRange('\u2000', '\u206f')
                        .withCharRange('\u3040', '\u30ff')
                        .withCharRange('\u4e00', '\u9fcc')
                        .withCharRange('\uac00', '\ud7a3')
                        .ofMaxLength(12);
        Arbitrary<String> words =
                Arbitraries.of(
                        "tokenization", "re", "the", "İstanbul", "ΟΔΟΣ", "🎉", "1,000", "don't");
        return Arbitraries.oneOf(letters, words)
                .list()
                .ofMaxSize(12)
                .flatMap(
                        parts ->
                                Arbitraries.of("", " ", "\n", "-")
                                        .map(joint -> String.join(joint, parts)));
    }

    /** One text for 64 characters: the call into the reference costs more than its work. */
    @Test
    void allButSomeCharactersAddedSince2015AreCutAsTheReferenceCutsThem() {
        List<Integer> different = new ArrayList<>();
        for (int first = 0; first <= Character.MAX_CODE_POINT; first += 64) {
            // Of the planes without letters or with ideographs alone a sample is enough.
            if (first >= 0x20000 && first % 0x1000 != 0) {
                continue;
            }
            if (!agree(first, first + 64)) {
                for (int codePoint = first; codePoint < first + 64; codePoint++) {
                    if (!agree(codePoint, codePoint + 1)) {
                        different.add(codePoint);
                    }
                }
            }
        }
        assertThat(different).hasSizeBetween(1, 1_000).allMatch(codePoint -> codePoint > 0x600);
    }

    private static boolean agree(int first, int end) {
        StringBuilder text = new StringBuilder();
        for (int codePoint = first; codePoint < end; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.append("ab").appendCodePoint(codePoint).append("cd ");
            }
        }
        return Arrays.equals(tokens(text.toString()), referenceTokens(text.toString()));
    }

    @Test
    void aWordOfOneHundredLettersIsReadAndOneAboveIsUnknown() {
        assertThat(tokens("a".repeat(100))).containsExactly(referenceTokens("a".repeat(100)));
        assertThat(tokens("a".repeat(100))).doesNotContain(100);
        assertThat(tokens("a".repeat(101))).containsExactly(101, 100, 102);
    }

    @Test
    void theBoundHoldsAtItsEdgeAndOneAbove() {
        assertThat(TOKENIZER.encode("a b c", 5)).containsExactly(tokens("a b c"));
        assertThat(TOKENIZER.encode("a b c", 4)).containsExactly(tokens("a b"));
        assertThat(TOKENIZER.encode("a b c", 2)).containsExactly(101, 102);
        assertThat(tokens("tokenization ".repeat(600)))
                .containsExactly(referenceTokens("tokenization ".repeat(600)));
    }

    @Test
    void namesOfSpecialTokensAreText() {
        assertThat(tokens("[SEP]")).hasSize(5).startsWith(101).endsWith(102);
    }

    private static long[] tokens(String text) {
        return TOKENIZER.encode(text, TOKENS_MAX);
    }

    private static long[] referenceTokens(String text) {
        return REFERENCE.encode(text).getIds();
    }

    private static WordPieceTokenizer tokenizer() {
        try {
            return new WordPieceTokenizer(Vocabulary.load());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HuggingFaceTokenizer reference() {
        try (InputStream json =
                Vocabulary.class.getResourceAsStream("/" + ModelFile.TOKENIZER.name())) {
            return HuggingFaceTokenizer.newInstance(
                    json,
                    Map.of("truncation", "true", "padding", "false", "maxLength", "" + TOKENS_MAX));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
