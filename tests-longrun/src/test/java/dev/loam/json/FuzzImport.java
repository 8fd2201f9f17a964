package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What is imported, and JSON as it comes from anywhere. */
public final class FuzzImport implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                utf8(
                        """
                        {"key":"fig","text":"a fig","time":"2026-01-01T00:00:00Z","tags":["red"],\
                        "fields":{"n":1,"x":-1.5e3,"b":true,"s":"\\u00e9"},"vectors":{"m":[0.5,1]}}
                        {"text":"plum","counters":{"seen":3},"logs":{"l":["a",2]}}
                        """),
                utf8(
                        """
                        [{"sample_id":"c1","conversation":{"speaker_a":"A","speaker_b":"B",\
                        "session_1_date_time":"1:56 pm on 8 May, 2023","session_1":[\
                        {"speaker":"A","dia_id":"D1:1","text":"hello"}]},\
                        "qa":[{"question":"q","answer":"a","evidence":["D1:1"],"category":1}]}]
                        """),
                utf8("one line\n\nanother\r\n"),
                utf8("[[[{\"a\":null}]],12345678901234567890]"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.INVALID_JSON, ErrorCode.LIMIT_EXCEEDED, ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) {
        read(input, MemorySource::jsonLines);
        read(input, MemorySource::textLines);
        read(input, MemorySource::locomo);
        JsonValue value = JsonValue.parse(new String(input, StandardCharsets.UTF_8));
        assertThat(JsonValue.parse(value.toString())).isEqualTo(value);
    }

    private void read(byte[] input, Function<InputStream, MemorySource> kind) {
        try {
            MemorySource source = kind.apply(new ByteArrayInputStream(input));
            while (source.next().isPresent()) {
                // All of it is read.
            }
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }
}
