package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MemorySourceTest {
    @Test
    void jsonLinesAreReadWithTheirLineNumbers() {
        List<SourceItem> items =
                all(
                        MemorySource.jsonLines(
                                utf8(
                                        "\uFEFF{\"key\":\"a\",\"text\":\"1\"}\r\n\n  \n"
                                                + "{\"key\":\"b\",\"text\":\"2\"}")));

        assertThat(items).extracting(SourceItem::place).containsExactly("line 1", "line 4");
        assertThat(items).extracting(item -> item.memory().text()).containsExactly("1", "2");
    }

    @Test
    void aJsonLineWithoutKeyGetsTheSameKeyEachTime() {
        String line = "{\"text\":\"t\",\"tags\":[\"x\"]}\n";
        List<String> keys = keys(MemorySource.jsonLines(utf8(line + line)));
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).hasSize(32);
        assertThat(keys(MemorySource.jsonLines(utf8("{\"tags\":[\"x\"],\"text\":\"t\"}"))))
                .containsExactly(keys.get(0));
        assertThat(keys(MemorySource.jsonLines(utf8("{\"text\":\"t\"}"))))
                .doesNotContain(keys.get(0));
    }

    @Test
    void aMalformedJsonLineIsNamedAndWhatCameBeforeIsRead() {
        MemorySource source =
                MemorySource.jsonLines(utf8("{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\"\n"));
        assertThat(source.next()).isPresent();
        assertThat(source.next()).isPresent();
        assertRefused(source, ErrorCode.INVALID_JSON, "line 3: ");
    }

    @Test
    void aMemoryThatNoStoreTakesIsNamed() {
        String tooLong = "x".repeat(Limits.KEY_BYTES_MAX + 1);
        assertRefused(
                MemorySource.jsonLines(utf8("\n{\"text\":\"t\",\"key\":\"" + tooLong + "\"}")),
                ErrorCode.LIMIT_EXCEEDED,
                "line 2: ");
    }

    @Test
    void textIsAMemoryForEachLineThatIsNotBlank() {
        List<SourceItem> items = all(MemorySource.textLines(utf8("one\r\n\n  two \n\t\none")));
        assertThat(items)
                .extracting(item -> item.memory().text())
                .containsExactly("one", "two", "one");
        assertThat(items)
                .extracting(SourceItem::place)
                .containsExactly("line 1", "line 3", "line 5");
    }

    @Test
    void equalLinesAreDifferentMemoriesWithStableKeys() {
        List<String> keys = keys(MemorySource.textLines(utf8("one\none\ntwo\none\n")));
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys.get(0)).endsWith("-1");
        assertThat(keys.get(3)).endsWith("-3");
        assertThat(keys(MemorySource.textLines(utf8("one\none\ntwo\none\n")))).isEqualTo(keys);
    }

    @Test
    void aLineAtTheLimitIsReadAndALongerOneIsRefused() {
        String longest = "x".repeat(Limits.VALUE_BYTES_MAX);
        assertThat(all(MemorySource.textLines(utf8(longest + "\n")))).hasSize(1);
        assertRefused(
                MemorySource.textLines(utf8(longest + "x\n")),
                ErrorCode.LIMIT_EXCEEDED,
                "line 1: longer than");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertRefused(
                MemorySource.textLines(
                        new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xff})),
                1,
                "line 2: not UTF-8");
    }

    private static void assertRefused(MemorySource source, int readFirst, String message) {
        for (int i = 0; i < readFirst; i++) {
            assertThat(source.next()).isPresent();
        }
        assertRefused(source, ErrorCode.INVALID_JSON, message);
    }

    private static void assertRefused(MemorySource source, ErrorCode code, String message) {
        assertThatThrownBy(source::next)
                .isInstanceOfSatisfying(
                        LoamException.class, refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageStartingWith(message);
    }

    static InputStream utf8(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> keys(MemorySource source) {
        return all(source).stream().map(item -> item.memory().key()).toList();
    }

    static List<SourceItem> all(MemorySource source) {
        List<SourceItem> items = new ArrayList<>();
        for (Optional<SourceItem> item = source.next(); item.isPresent(); item = source.next()) {
            items.add(item.get());
        }
        return items;
    }
}
