package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocomoReaderTest {
    private static final String FILE =
            """
            [{"qa": [
                {"question": "Which tree?", "answer": "An oak", "evidence": ["D1:2"], "category": 4},
                {"question": "When?", "answer": 2020, "evidence": ["D2:1; D1:1 D1:2", "D9:9", "D1:01", "D1:2"], "category": 2},
                {"question": "Never?", "adversarial_answer": "no", "evidence": [], "category": 5}],
              "sample_id": "garden-1",
              "conversation": {
                "speaker_a": "Ada", "speaker_b": "Ben",
                "session_10_date_time": "12:05 am on 1 January, 2024",
                "session_10": [{"speaker": "Ada", "dia_id": "D10:1", "text": "Happy new year!"}],
                "session_1_date_time": "1:56 pm on 8 May, 2023",
                "session_1": [
                  {"speaker": "Ada", "dia_id": "D1:1", "text": "Hello?"},
                  {"speaker": "Ben", "dia_id": "D1:2", "text": "We planted it.", "blip_caption": "a photo of an oak", "query": "oak", "img_url": ["x"]}],
                "session_2_date_time": "10:00 AM on 9 May, 2023",
                "session_2": [{"speaker": "Ben", "dia_id": "D2:1", "text": "Rain."}],
                "session_3_date_time": "10:00 am on 10 May, 2023"}},
             {"sample_id": "garden-2", "conversation": {
                "session_1_date_time": "1:00 pm on 8 May, 2023",
                "session_1": [{"speaker": "Eve", "dia_id": "D1:1", "text": "Hi"}]}}]
            """;

    @Test
    void turnsComeInTheOrderOfSessionsAndTheirKeysSortLikewise() {
        LocomoConversation conversation = first();
        List<String> keys = conversation.turns().stream().map(turn -> turn.memory().key()).toList();
        assertThat(keys).containsExactly("D01:001", "D01:002", "D02:001", "D10:001").isSorted();
        assertThat(conversation.turns())
                .extracting(LocomoTurn::session)
                .containsExactly("session_01", "session_01", "session_02", "session_10");
    }

    @Test
    void aTurnIsRememberedWithSpeakerCaptionSessionAndTime() {
        LocomoTurn turn = first().turns().get(1);
        assertThat(turn.memory().text())
                .isEqualTo("Ben: We planted it. [shares a photo of an oak]");
        assertThat(turn.memory().time()).contains(Instant.parse("2023-05-08T13:56:00Z"));
        assertThat(turn.memory().fields())
                .containsOnlyKeys(FieldName.SESSION, new FieldName("speaker"))
                .containsEntry(FieldName.SESSION, new Value.Text("session_01"))
                .containsEntry(new FieldName("speaker"), new Value.Text("Ben"));
        assertThat(first().turns().get(3).memory().time())
                .contains(Instant.parse("2024-01-01T00:05:00Z"));
    }

    @Test
    void goldIsTheSetOfTurnsWhoseIdsExistLiterally() {
        LocomoConversation conversation = first();
        assertThat(conversation.questions())
                .extracting(conversation::gold)
                .satisfiesExactly(
                        gold -> assertThat(gold).containsExactly("D01:002"),
                        gold -> assertThat(gold).containsExactly("D02:001", "D01:001", "D01:002"),
                        gold -> assertThat(gold).isEmpty());
        assertThat(conversation.questions())
                .extracting(LocomoQuestion::category)
                .containsExactly(4, 2, 5);
    }

    @Test
    void conversationsFollowOneAnotherUntilTheEnd() {
        LocomoReader reader = LocomoReader.of(MemorySourceTest.utf8(FILE));
        assertThat(reader.next()).map(LocomoConversation::id).contains("garden-1");
        assertThat(reader.next()).map(LocomoConversation::id).contains("garden-2");
        assertThat(reader.next()).isEmpty();
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void conversationsOfOneFileDoNotMixTheirKeysAndSessions() {
        List<SourceItem> items =
                MemorySourceTest.all(MemorySource.locomo(MemorySourceTest.utf8(FILE)));
        assertThat(items)
                .extracting(item -> item.memory().key())
                .contains("garden-1/D01:001", "garden-2/D01:001")
                .doesNotHaveDuplicates();
        assertThat(items.getLast().place()).isEqualTo("garden-2 D1:1");
        assertThat(items.getLast().memory().fields())
                .containsEntry(FieldName.SESSION, new Value.Text("garden-2/session_01"));
    }

    @Test
    void whatIsWrongIsNamedByConversationAndTurn() {
        assertRefused(
                FILE.replace("\"D1:2\", \"text\"", "\"1:2\", \"text\""), "conversation 1: 1:2");
        assertRefused(
                FILE.replace("\"D1:2\", \"text\"", "\"D1:1\", \"text\""), "D1:1 appears twice");
        assertRefused(FILE.replace("8 May, 2023", "May"), "a session's date");
        assertRefused(FILE.replace("\"sample_id\"", "\"id\""), "\"sample_id\" is missing");
        assertRefused(FILE.replace("\"category\": 4", "\"category\": 6"), "from 1 to 5");
        assertRefused("{}", "not an array");
    }

    /** Bytes that look like it are not taken for UTF-16 or UTF-32, nor for a fault of the disk. */
    @ParameterizedTest
    @ValueSource(strings = {"88000000", "00008800", "fffe5b00", "5bc3285d", "0000005b"})
    void whatIsNotUtf8IsNoJson(String hex) {
        InputStream file = new ByteArrayInputStream(Bytes.fromHex(hex).toArray());
        assertThatThrownBy(() -> LocomoReader.of(file).next())
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_JSON));
    }

    @Test
    void aByteOrderMarkIsHarmless() {
        assertThat(LocomoReader.of(MemorySourceTest.utf8("\ufeff" + FILE)).next()).isPresent();
    }

    private static void assertRefused(String file, String why) {
        assertThatThrownBy(() -> LocomoReader.of(MemorySourceTest.utf8(file)).next())
                .hasMessageContaining(why);
    }

    private static LocomoConversation first() {
        return LocomoReader.of(MemorySourceTest.utf8(FILE)).next().orElseThrow();
    }
}
