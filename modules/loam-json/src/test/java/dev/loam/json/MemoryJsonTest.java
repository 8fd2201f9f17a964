package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.Memory;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryJsonTest {
    @Test
    void aMemoryComesBackWhole() {
        Memory memory =
                Memory.of("caf\u00e9 \ud83c\udf31\n\"quoted\"")
                        .key("k/1")
                        .at(Instant.parse("2023-05-08T13:56:00.123Z"))
                        .tag("garden")
                        .tag("a b")
                        .field("session", "s1")
                        .field("turn", 3)
                        .field("weight", 2.0)
                        .field("true", true)
                        .field("when", new Value.Moment(-1))
                        .field("raw", new Value.Binary(Bytes.fromHex("00ff10")))
                        .counter("hits", -3)
                        .entry("log", new Value.Text("first"))
                        .entry("log", new Value.Whole(2))
                        .max("best", new Value.Moment(5))
                        .min("least", new Value.Real(0.5))
                        .vector("mine/1", 0.1f, -2f, Float.MIN_VALUE);

        Memory read = LoamJson.readMemory(JsonValue.parse(LoamJson.memory(memory).toString()));

        assertThat(read.key()).isEqualTo(memory.key());
        assertThat(read.text()).isEqualTo(memory.text());
        assertThat(read.time()).isEqualTo(memory.time());
        assertThat(read.tags()).isEqualTo(memory.tags());
        assertThat(read.fields()).isEqualTo(memory.fields());
        assertThat(read.vectors()).isEqualTo(memory.vectors());
        assertThat(read.counters()).isEqualTo(memory.counters());
        assertThat(read.logs()).isEqualTo(memory.logs());
        assertThat(read.maxima()).isEqualTo(memory.maxima());
        assertThat(read.minima()).isEqualTo(memory.minima());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"\",\"counters\":{\"n\":1.5}}",
                "{\"text\":\"\",\"counters\":[1]}",
                "{\"text\":\"\",\"logs\":{\"n\":1}}",
                "{\"text\":\"\",\"maxima\":{\"n\":[1]}}",
                "{\"text\":\"\",\"minima\":1}"
            })
    void countersLogsAndExtremesOfAnotherFormAreRefused(String json) {
        assertThatThrownBy(() -> LoamJson.readMemory(JsonValue.parse(json)))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_JSON));
    }

    @Property(tries = 300)
    void aValueComesBackWithItsType(@ForAll("values") Value value) {
        JsonValue json = JsonValue.parse(LoamJson.value(value).toString());
        assertThat(MemoryJson.read("field", json)).isEqualTo(value);
    }

    @Provide
    Arbitrary<Value> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('\0', '\uD7FF').map(Value.Text::new),
                Arbitraries.longs().map(Value.Whole::new),
                Arbitraries.doubles().map(Value.Real::new),
                Arbitraries.of(
                                Double.NaN,
                                Double.POSITIVE_INFINITY,
                                Double.NEGATIVE_INFINITY,
                                -0.0,
                                3.0)
                        .map(Value.Real::new),
                Arbitraries.of(true, false).map(Value.Truth::new),
                Arbitraries.longs().map(Value.Moment::new),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .map(bytes -> new Value.Binary(Bytes.copyOf(bytes))));
    }

    @Test
    void onlyTextMustBeThere() {
        assertThat(read("{\"text\":\"t\"}").text()).isEqualTo("t");
        assertThat(read("{\"text\":\"t\"}").time()).isEmpty();
        assertRefused("{\"key\":\"k\"}", "\"text\" is missing");
    }

    @Test
    void otherNamesAreRefused() {
        assertRefused("{\"text\":\"t\",\"tag\":[]}", "none of key, text");
    }

    @Test
    void membersOfAnotherTypeAreRefused() {
        assertRefused("[]", "is a JSON object");
        assertRefused("{\"text\":1}", "not a string");
        assertRefused("{\"text\":\"t\",\"tags\":\"x\"}", "\"tags\"");
        assertRefused("{\"text\":\"t\",\"tags\":[1]}", "\"tags\"");
        assertRefused("{\"text\":\"t\",\"fields\":[]}", "\"fields\"");
        assertRefused("{\"text\":\"t\",\"fields\":{\"f\":null}}", "\"f\"");
        assertRefused("{\"text\":\"t\",\"fields\":{\"f\":[1]}}", "\"f\"");
        assertRefused("{\"text\":\"t\",\"fields\":{\"f\":{\"date\":\"x\"}}}", "\"f\"");
        assertRefused("{\"text\":\"t\",\"time\":\"yesterday\"}", "2026-01-31T12:00:00Z");
        assertRefused("{\"text\":\"t\",\"vectors\":{\"m\":\"AAA=\"}}", "32-bit floats");
        assertRefused("{\"text\":\"t\",\"vectors\":{\"m\":\"?\"}}", "base64");
    }

    private static Memory read(String json) {
        return LoamJson.readMemory(JsonValue.parse(json));
    }

    private static void assertRefused(String json, String why) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_JSON))
                .hasMessageContaining(why);
    }
}
