package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocomoCommandTest {
    private static final String FILE =
            """
            [{"sample_id": "c1",
              "conversation": {
                "session_1_date_time": "1:00 pm on 1 May, 2023",
                "session_1": [
                  {"speaker": "Ada", "dia_id": "D1:1", "text": "The quince blossomed early."},
                  {"speaker": "Ben", "dia_id": "D1:2", "text": "My bicycle has a flat tyre."}],
                "session_2_date_time": "2:00 pm on 2 May, 2023",
                "session_2": [
                  {"speaker": "Ada", "dia_id": "D2:1", "text": "The kettle is broken."}]},
              "qa": [
                {"question": "quince", "evidence": ["D1:1"], "category": 4},
                {"question": "zeppelin", "evidence": ["D2:1"], "category": 5},
                {"question": "nothing", "evidence": ["D7:1"], "category": 1}]}]
            """;

    @TempDir private Path home;

    @Test
    void questionsAreAskedScoredAndSummedUp() throws IOException {
        Path file = Files.writeString(home.resolve("locomo.json"), FILE);

        Run run = Run.of(home, "eval", "locomo", file.toString(), "--no-model", "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.document().members())
                .containsEntry("turns", new JsonValue.Whole(3))
                .containsEntry("skipped", new JsonValue.Whole(1))
                .containsEntry("model", new JsonValue.Text("none"));
        List<JsonValue> rows = run.elements("rows");
        assertThat(rows)
                .extracting(row -> text(row, "pipeline") + " " + text(row, "category"))
                .containsExactly(
                        "grep all",
                        "grep all but 5",
                        "grep 4",
                        "grep 5",
                        "words all",
                        "words all but 5",
                        "words 4",
                        "words 5");
        for (int pipeline : new int[] {0, 4}) {
            assertThat(((JsonObject) rows.get(pipeline)).members())
                    .containsEntry("questions", new JsonValue.Whole(2))
                    .containsEntry("mrr", new JsonValue.Real(0.5));
            assertThat(((JsonObject) rows.get(pipeline + 1)).members())
                    .containsEntry("recallAt1", new JsonValue.Real(1));
        }
        assertThat(home.resolve(".loam")).doesNotExist();
    }

    private static String text(JsonValue row, String name) {
        JsonValue value = ((JsonObject) row).member(name).orElseThrow();
        return ((JsonValue.Text) value).text();
    }
}
