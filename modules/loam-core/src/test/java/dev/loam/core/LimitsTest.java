package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\ud83d\ude00")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Property
    void theLengthIsThatOfTheUtf8Bytes(@ForAll("texts") String text) {
        assertThat(Limits.utf8Length("text", text)).isEqualTo(Bytes.ofUtf8(text).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "\ude00\ud83d", "a\ud83da", "\ud83d\ud83d\ude00"})
    void anUnpairedSurrogateIsNoText(String text) {
        assertThatThrownBy(() -> Limits.utf8Length("text", text))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                            assertThat(refused).hasMessageContaining("not valid Unicode");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000", "\u007f", "\u0085", "tab\t"})
    void aNameIsNotEmptyAndHasNoControlCharacters(String name) {
        assertThatThrownBy(() -> new FieldName(name)).isInstanceOf(LoamException.class);
    }
}
