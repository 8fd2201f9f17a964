package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The text of queries and memories: the same words are found in both, whatever they hold. */
public final class FuzzQuery implements FuzzTarget {
    private final Words words = new Words();

    @Override
    public List<byte[]> seeds() {
        return List.of(
                "The dog's leash hangs behind the door".getBytes(StandardCharsets.UTF_8),
                "\"quoted\" AND (field:value* OR ~2) \\ + - && || ! ^ { } [ ]"
                        .getBytes(StandardCharsets.UTF_8),
                "caf\u00e9 \u4e2d\u6587 \ud83d\ude00 \u0e44\u0e17\u0e22"
                        .getBytes(StandardCharsets.UTF_8),
                "a".repeat(300).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.INVALID_QUERY, ErrorCode.LIMIT_EXCEEDED);
    }

    @Override
    public void run(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.UTF_8);
        assertThat(new TreeSet<>(words.of(text))).isEqualTo(WordSearch.words(text));
    }
}
