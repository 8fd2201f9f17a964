package dev.loam.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import dev.loam.Embedder.Purpose;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // load() runs before each test
final class BgeSmallTest {
    private BgeSmall embedder;

    @BeforeAll
    void load() {
        embedder = BgeSmall.load();
    }

    @AfterAll
    void close() {
        embedder.close();
    }

    @Test
    void theModelsNameCoversFilesPoolingNormalisationPrefixAndLength() throws Exception {
        String recipe =
                String.join(
                        "\n",
                        sha256(resource(ModelFile.MODEL)),
                        sha256(resource(ModelFile.TOKENIZER)),
                        "pooling=first token",
                        "normalisation=euclidean",
                        "query prefix=" + BgeSmall.QUERY_PREFIX,
                        "tokens max=" + BgeSmall.TOKENS_MAX,
                        "");
        String digits = sha256(recipe.getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        assertThat(embedder.model())
                .isEqualTo("bge-small-en-v1.5-q/" + digits)
                .matches("[A-Za-z0-9._/-]{1,128}");
    }

    @Test
    void sameTextGivesTheSameVectorWhateverItsCompany() {
        List<float[]> together = embedder.embed(Sentences.TWENTY, Purpose.PASSAGE);
        for (int i = 0; i < Sentences.TWENTY.size(); i++) {
            assertThat(passage(Sentences.TWENTY.get(i))).containsExactly(together.get(i));
        }
    }

    @Test
    void noTextsGiveNoVectors() {
        assertThat(embedder.embed(List.of(), Purpose.QUERY)).isEmpty();
    }

    @Test
    void passagesAgreeWithTheReferenceImplementation() {
        var reference = new BgeSmallEnV15QuantizedEmbeddingModel();
        for (String sentence : Sentences.TWENTY) {
            assertThat(passage(sentence))
                    .as(sentence)
                    .containsExactly(reference.embed(sentence).content().vector(), within(1e-4f));
        }
    }

    @Test
    void queriesAreEmbeddedBehindTheModelsPrefix() {
        String question = "where does Caroline live?";
        assertThat(query(question))
                .containsExactly(passage(BgeSmall.QUERY_PREFIX + question))
                .isNotEqualTo(passage(question));
    }

    @Test
    void aQuestionIsNearerToItsAnswerThanToOtherSentences() {
        float[] question = query("In which city does Caroline live now?");
        double answer = cosine(question, passage("Caroline moved to Lisbon in the spring."));
        for (String other :
                List.of(
                        "The build fails on Windows since Tuesday.",
                        "He is allergic to peanuts.",
                        "Interest rates rose by a quarter of a point.")) {
            assertThat(answer).isGreaterThan(cosine(question, passage(other)) + 0.1);
        }
    }

    @Test
    void sentencesOfOneMeaningAreNearerThanSentencesOfSharedWords() {
        float[] sentence = passage("The physician examined the child.");
        assertThat(cosine(sentence, passage("A doctor looked at a young patient.")))
                .isGreaterThan(cosine(sentence, passage("The child examined the frog.")));
    }

    static List<String> strangeTexts() {
        return List.of(
                "",
                " \t\r\n",
                "\0",
                "before\0after",
                "🦾🎉👩‍👩‍👧‍👦",
                "\ud83e",
                "\udd16 lone surrogates \ud83e",
                "\u202eright to left\u0301\u0301\u0301",
                "a".repeat(100_000),
                "word ".repeat(20_000),
                "🎉".repeat(50_000),
                "!".repeat(100_000),
                "\u0301".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("strangeTexts")
    void strangeTextsHaveAVectorOfUnitLength(String text) {
        for (Purpose purpose : Purpose.values()) {
            float[] vector = embedder.embed(List.of(text), purpose).getFirst();
            assertThat(vector).hasSize(embedder.dimension());
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void ofALongTextTheFirst512TokensCount() {
        float[] whole = passage("word ".repeat(20_000));
        assertThat(whole).containsExactly(passage("word ".repeat(510)));
        assertThat(whole).isNotEqualTo(passage("word ".repeat(509)));
    }

    @Test
    void fourThreadsAtOnceGetTheVectorsOfOne() throws Exception {
        List<float[]> alone = embedder.embed(Sentences.TWENTY, Purpose.PASSAGE);
        for (List<float[]> vectors : embedInThreads(4)) {
            for (int i = 0; i < alone.size(); i++) {
                assertThat(vectors.get(i)).containsExactly(alone.get(i));
            }
        }
    }

    private List<List<float[]>> embedInThreads(int threads)
            throws InterruptedException, ExecutionException {
        List<List<float[]>> results = new ArrayList<>();
        Callable<List<float[]>> task = () -> embedder.embed(Sentences.TWENTY, Purpose.PASSAGE);
        try (var executor = Executors.newFixedThreadPool(threads)) {
            for (Future<List<float[]>> vectors :
                    executor.invokeAll(Collections.nCopies(threads, task))) {
                results.add(vectors.get());
            }
        }
        return results;
    }

    @Test
    void aClosedEmbedderRefusesAndClosesAgainInPeaceAndLeavesOthersAlone() {
        BgeSmall other = BgeSmall.load();
        other.close();
        other.close();
        assertThatThrownBy(() -> other.embed(List.of("text"), Purpose.PASSAGE))
                .isInstanceOfSatisfying(
                        LoamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        assertThat(other.model()).isEqualTo(embedder.model());
        assertThat(passage("still here")).hasSize(384);
    }

    private float[] passage(String text) {
        return embedder.embed(List.of(text), Purpose.PASSAGE).getFirst();
    }

    private float[] query(String text) {
        return embedder.embed(List.of(text), Purpose.QUERY).getFirst();
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static byte[] resource(ModelFile file) throws IOException {
        try (InputStream in = BgeSmallTest.class.getResourceAsStream("/" + file.name())) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
