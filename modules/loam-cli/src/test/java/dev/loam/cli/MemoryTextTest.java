package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Hit;
import dev.loam.Inbox;
import dev.loam.Memory;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MemoryTextTest {
    @Test
    void linesBreakAtSpaces() {
        assertThat(MemoryText.wrap("one two  three", 7)).containsExactly("one two", "three");
        assertThat(MemoryText.wrap("unbreakable", 4)).containsExactly("unbreakable");
        assertThat(MemoryText.wrap("", 4)).containsExactly("");
    }

    @Test
    void aHitShowsRankTimeKeyAndTheWholeText() {
        Memory memory = Memory.of("one two three\nfour").key("k").at(Instant.EPOCH);
        assertThat(MemoryText.hit(new Hit(3, 0.5, memory), 12).lines())
                .containsExactly(
                        " 3. 1970-01-01T00:00:00Z  k", "    one two", "    three", "    four");
    }

    @Test
    void anEntryOfTheInboxShowsItsIdWhatWasMeantAndWhatIsThere() {
        Inbox.Entry entry =
                new Inbox.Entry(
                        "7",
                        "k",
                        "set",
                        Optional.of("colour"),
                        Optional.of(new Value.Text("red")),
                        Optional.of(new Value.Text("blue")),
                        Instant.EPOCH);
        assertThat(MemoryText.inboxEntry(entry).lines())
                .containsExactly("7", "    set k  colour: red", "    there is blue");
    }

    @Test
    void aLineIsCutWhereNoCharacterIsHalved() {
        assertThat(MemoryText.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(MemoryText.cut("abcdef", 5)).isEqualTo("abcd\u2026");
        assertThat(MemoryText.cut("abc\ud83c\udf31f", 5)).isEqualTo("abc\u2026");
    }
}
