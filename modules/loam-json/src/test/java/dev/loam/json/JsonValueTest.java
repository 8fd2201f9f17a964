package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class JsonValueTest {
    @Property(tries = 300)
    void whatIsWrittenIsReadBack(@ForAll("values") JsonValue value) {
        assertThat(JsonValue.parse(value.toString())).isEqualTo(value);
    }

    @Provide
    Arbitrary<JsonValue> values() {
        Arbitrary<JsonValue> scalars =
                Arbitraries.oneOf(
                        Arbitraries.strings()
                                .withCharRange('\0', '\uD7FF')
                                .ofMaxLength(40)
                                .map(JsonValue.Text::new),
                        Arbitraries.longs().map(JsonValue.Whole::new),
                        Arbitraries.doubles().map(JsonValue.Real::new),
                        Arbitraries.of(true, false).map(JsonValue.Truth::new),
                        Arbitraries.just(new JsonValue.Nothing()));
        return Arbitraries.recursive(
                () -> scalars,
                inner ->
                        Arbitraries.oneOf(
                                inner.list().ofMaxSize(4).map(JsonValue.Sequence::new),
                                inner.list().ofMaxSize(4).map(JsonValueTest::object)),
                0,
                4);
    }

    private static JsonValue object(List<JsonValue> values) {
        JsonObject.Builder object = JsonObject.builder();
        for (int i = 0; i < values.size(); i++) {
            object.put("n\u00e4me " + i, values.get(i));
        }
        return object.build();
    }

    @Test
    void nestingOf64IsReadAndOf65IsRefused() {
        assertThat(JsonValue.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertRefused("[".repeat(65) + "]".repeat(65), "over its limit");
    }

    @Test
    void aStringOfTwoMebiIsReadAndALongerOneIsRefused() {
        String longest = "x".repeat(2 << 20);
        assertThat(JsonValue.parse('"' + longest + '"')).isEqualTo(new JsonValue.Text(longest));
        assertRefused('"' + longest + "x\"", "over its limit");
    }

    @Test
    void aNameOf256IsReadAndOf257IsRefused() {
        String longest = "n".repeat(256);
        assertThat(JsonValue.parse("{\"" + longest + "\":1}"))
                .isEqualTo(JsonObject.builder().put(longest, 1).build());
        assertRefused("{\"" + longest + "n\":1}", "over its limit");
    }

    @Test
    void aNumberOf100DigitsIsReadAndOf101IsRefused() {
        assertThat(JsonValue.parse("0." + "1".repeat(98)))
                .isEqualTo(new JsonValue.Real(Double.parseDouble("0." + "1".repeat(98))));
        assertRefused("0." + "1".repeat(101), "over its limit");
    }

    @Test
    void aDocumentOver16MebiIsRefused() {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            strings.add('"' + "x".repeat(1 << 20) + '"');
        }
        assertRefused(strings.toString(), "over its limit");
    }

    @Test
    void numbersThatNoTypeHoldsAreRefused() {
        assertRefused("9223372036854775808", "beyond 64 bits");
        assertRefused("1e400", "beyond a double");
        assertRefused("1e999999999", "beyond a double");
    }

    @Test
    void aNameThatAppearsTwiceIsRefused() {
        assertRefused("{\"a\":1,\"a\":1}", "appears twice");
    }

    @Test
    void whatFollowsTheDocumentIsRefused() {
        assertRefused("{} {}", "follows");
        assertRefused("1 x", "not valid JSON");
    }

    @Test
    void anEmptyOrTornDocumentIsRefused() {
        assertRefused("", "empty");
        assertRefused("{\"a\":", "not valid JSON");
        assertRefused("[1,", "not valid JSON");
    }

    @Test
    void theMessageNamesThePlaceAndNeverQuotesTheDocument() {
        assertThatThrownBy(() -> JsonValue.parse("{\n \"a\": secret}"))
                .hasMessageContaining("line 2, column")
                .hasMessageNotContaining("secret");
    }

    private static void assertRefused(String document, String why) {
        assertThatThrownBy(() -> JsonValue.parse(document))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_JSON))
                .hasMessageContaining(why);
    }
}
