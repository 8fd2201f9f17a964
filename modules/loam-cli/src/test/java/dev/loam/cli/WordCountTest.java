package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Memory;
import dev.loam.json.LocomoTurn;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WordCountTest {
    private static LocomoTurn turn(String key, String text) {
        return new LocomoTurn(key, "s", Memory.of(text).key(key));
    }

    @Test
    void turnsWithMoreOfTheWordsComeFirstAndEarlierOnesAmongEquals() {
        WordCount grep =
                new WordCount(
                        List.of(
                                turn("a", "A blue kettle"),
                                turn("b", "The QUINCE tree blossoms"),
                                turn("c", "nothing here"),
                                turn("d", "a quince in a blue kettle")));

        assertThat(grep.rank("quince kettle, Quince?", 10)).containsExactly("d", "a", "b");
        assertThat(grep.rank("quince kettle", 1)).containsExactly("d");
        assertThat(grep.rank("?!", 10)).isEmpty();
    }
}
