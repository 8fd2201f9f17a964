package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassphraseTextTest {
    private static String taken(String typed) {
        try (Secret text = PassphraseText.take(typed.toCharArray())) {
            return hex(text);
        }
    }

    private static void assertRefused(ErrorCode code, char[] typed) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> PassphraseText.take(typed))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(typed).isEqualTo(new char[typed.length]);
    }

    @Test
    void aLetterWithAnAccentIsTheSameFromEveryKeyboard() {
        assertThat(taken("caf\u00e9")).isEqualTo("636166c3a9").isEqualTo(taken("cafe\u0301"));
        assertThat(taken("\u1112\u1161\u11ab")).isEqualTo(taken("\ud55c"));
        assertThat(taken("\u212b")).isEqualTo(taken("\u00c5"));
    }

    @Property
    void whateverIsTypedBecomesUtf8InNormalFormC(
            @ForAll
                    @StringLength(min = 1, max = 40)
                    @CharRange(from = ' ', to = '~')
                    @CharRange(from = '\u00a0', to = '\u036f')
                    @CharRange(from = '\u0370', to = '\u04ff')
                    @CharRange(from = '\u1100', to = '\u11ff')
                    @CharRange(from = '\u3041', to = '\u30ff')
                    @CharRange(from = '\uac00', to = '\ud7a3')
                    String typed) {
        assertThat(taken(typed))
                .isEqualTo(Bytes.ofUtf8(Normalizer.normalize(typed, Normalizer.Form.NFC)).toHex());
    }

    /** A character is safe if it stands for itself and never joins the one before it. */
    @Test
    void whatSkipsTheNormalizerIsInNormalFormWhateverStandsBesideIt() {
        Set<Integer> joining = new HashSet<>();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                continue;
            }
            Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
                    .codePoints()
                    .skip(1)
                    .forEach(joining::add);
        }
        int settled = 0;
        for (char each = 0; each < Character.MAX_VALUE; each++) {
            if (PassphraseText.isSettled(each)) {
                settled++;
                assertThat(joining).doesNotContain((int) each);
                assertThat(Normalizer.isNormalized("" + each, Normalizer.Form.NFC)).isTrue();
            }
        }
        assertThat(settled).isGreaterThan(30_000);
    }

    @Test
    void theArrayIsOverwritten() {
        char[] typed = "correct horse".toCharArray();
        PassphraseText.take(typed).close();
        assertThat(typed).containsOnly('\0');
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\tb", "a\0b", "a\u007fb", "a\u0085b"})
    void controlCharactersAreNoPartOfAPassphrase(String typed) {
        assertRefused(ErrorCode.KEY_MALFORMED, typed.toCharArray());
    }

    @Test
    void nothingIsNoPassphrase() {
        assertRefused(ErrorCode.KEY_MALFORMED, new char[0]);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\ud83d', '\ude00'})
    void halfACharacterIsRefusedAndNotReplaced(char half) {
        assertRefused(ErrorCode.KEY_MALFORMED, new char[] {'a', half, 'b'});
        assertRefused(ErrorCode.KEY_MALFORMED, new char[] {'a', half});
    }

    @Test
    void itHasALimit() {
        assertThat(taken("x".repeat(PassphraseText.CHARS_MAX))).hasSize(2 * 1_024);
        assertThat(taken("\ud83d\ude00".repeat(PassphraseText.CHARS_MAX / 2))).hasSize(2 * 2_048);
        assertRefused(
                ErrorCode.LIMIT_EXCEEDED, "x".repeat(PassphraseText.CHARS_MAX + 1).toCharArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234567", "\u00e91234\u00e96", "\ud83d\ude00123456"})
    void sevenCharactersAreTooWeakForSomethingNew(String typed) {
        try (Secret text = PassphraseText.take(typed.toCharArray())) {
            assertThatExceptionOfType(LoamException.class)
                    .isThrownBy(() -> PassphraseText.checkStrength(text))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_WEAK));
        }
        try (Secret text = PassphraseText.take((typed + "!").toCharArray())) {
            assertThatNoException().isThrownBy(() -> PassphraseText.checkStrength(text));
        }
    }
}
