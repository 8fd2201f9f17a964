package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of the bytes 0 to 19, made by a program in another language. */
    private static final String KNOWN = "000G40-R40M30-E20918-5GR38E-1W8124-GKWYQB";

    private static Secret secret(String text) {
        return Secret.take(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Secret secret) {
        return secret.with(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static void assertMalformed(String typed, Function<Secret, Secret> read) {
        try (Secret text = secret(typed)) {
            assertThatExceptionOfType(LoamException.class)
                    .as(typed)
                    .isThrownBy(() -> read.apply(text))
                    .satisfies(
                            failure -> {
                                assertThat(failure.code()).isEqualTo(ErrorCode.KEY_MALFORMED);
                                assertThat(failure).hasNoCause();
                                assertThat(failure.getMessage()).doesNotContain("Zm9v");
                            });
        }
    }

    @Test
    void aKeyIsReadBackAsItWasWritten() {
        try (Secret key = Secret.random(RANDOM, 32);
                Secret text = KeyText.encode(key);
                Secret again = KeyText.decode(text);
                Secret line = secret(text(text) + "\r\n");
                Secret ofLine = KeyText.decode(line)) {
            assertThat(text(text)).matches("loamkey1-[A-Za-z0-9_-]{48}");
            assertThat(hex(again)).isEqualTo(hex(key));
            assertThat(hex(ofLine)).isEqualTo(hex(key));
            assertThat(KeyText.isOne(text)).isTrue();
        }
        try (Secret words = secret("correct horse")) {
            assertThat(KeyText.isOne(words)).isFalse();
        }
    }

    @Test
    void everyCharacterThatIsMistypedIsFound() {
        try (Secret key = Secret.random(RANDOM, 32);
                Secret text = KeyText.encode(key)) {
            String right = text(text);
            for (int at = 0; at < right.length(); at++) {
                char other = right.charAt(at) == 'x' ? 'y' : 'x';
                assertMalformed(
                        right.substring(0, at) + other + right.substring(at + 1), KeyText::decode);
                assertMalformed(
                        right.substring(0, at) + '=' + right.substring(at + 1), KeyText::decode);
                assertMalformed(right.substring(0, at), KeyText::decode);
            }
            assertMalformed(right.substring(0, right.length() - 2) + "==", KeyText::decode);
            assertMalformed(right + "A", KeyText::decode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loamkey1-", "loamkey2-Zm9v", "loamkey1-Zm9v!!", "Zm9v"})
    void whatIsNoKeyIsNamedAndNotQuoted(String typed) {
        assertMalformed(typed, KeyText::decode);
    }

    @Test
    void aRecoveryCodeIsReadBackHoweverItIsTyped() {
        try (Secret code = RecoveryCode.generate(RANDOM);
                Secret key = RecoveryCode.key(code)) {
            String printed = text(code);
            assertThat(printed).matches("([0-9A-HJKMNP-TV-Z]{6}-){5}[0-9A-HJKMNP-TV-Z]{6}");
            String sloppy =
                    printed.toLowerCase(Locale.ROOT)
                            .replace('0', 'o')
                            .replace('1', 'l')
                            .replace("-", " ");
            try (Secret typed = secret(" " + sloppy + "\n");
                    Secret again = RecoveryCode.key(typed)) {
                assertThat(hex(again)).isEqualTo(hex(key));
                assertThat(again.size()).isEqualTo(Suite.KEY_BYTES);
            }
        }
    }

    @Test
    void ofARecoveryCodeEveryCharacterThatIsMistypedIsFound() {
        try (Secret code = Secret.take(KNOWN.getBytes(StandardCharsets.US_ASCII));
                Secret key = RecoveryCode.key(code)) {
            assertThat(key.size()).isEqualTo(Suite.KEY_BYTES);
        }
        for (int at = 0; at < KNOWN.length(); at++) {
            if (KNOWN.charAt(at) != '-') {
                char other = KNOWN.charAt(at) == 'X' ? 'Y' : 'X';
                assertMalformed(
                        KNOWN.substring(0, at) + other + KNOWN.substring(at + 1),
                        RecoveryCode::key);
            }
            assertMalformed(KNOWN.substring(0, at), RecoveryCode::key);
        }
        assertMalformed(KNOWN + "0", RecoveryCode::key);
        assertMalformed(KNOWN.replace('-', 'U'), RecoveryCode::key);
    }
}
