package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;

/**
 * A passphrase as it was typed, made the bytes that a key is made of: normal form C, so that a
 * letter with an accent is the same from every keyboard, then UTF-8.
 *
 * <p>{@link Normalizer} knows {@code String}s only, which cannot be overwritten. Text of Latin
 * letters without combining marks, of Cyrillic, kana, Han or Hangul is in normal form as it stands
 * and never becomes one; any other text does, once, and that copy lasts until the heap's collector
 * reuses its place.
 */
public final class PassphraseText {
    /** Nobody types more; a file given by mistake is told before a key is made of it. */
    public static final int CHARS_MAX = 1_024;

    /** Fewer are guessed in spite of what a guess costs. */
    public static final int CODE_POINTS_MIN = 8;

    private record Range(char first, char last) {
        boolean contains(char character) {
            return first <= character && character <= last;
        }
    }

    /**
     * Characters that composition neither changes nor joins to the one before them, so that text of
     * nothing else is in normal form C. Unicode never takes that from a character that has it.
     */
    private static final List<Range> SETTLED =
            List.of(
                    new Range('\u0000', '\u02FF'), // Latin, and signs
                    new Range('\u0400', '\u0481'), // Cyrillic
                    new Range('\u3041', '\u3096'), // hiragana
                    new Range('\u30A1', '\u30FA'), // katakana
                    new Range('\u4E00', '\u9FFF'), // Han
                    new Range('\uAC00', '\uD7A3')); // Hangul syllables

    private PassphraseText() {}

    /**
     * Takes over what the array holds, and overwrites it with zeros, whatever happens.
     *
     * @return to be closed
     * @throws LoamException {@code KEY_MALFORMED} if it is empty, has a control character, a line
     *     end among them, or is no Unicode; {@code LIMIT_EXCEEDED} above {@value #CHARS_MAX} {@code
     *     char}s
     */
    public static Secret take(char[] typed) {
        try {
            check(typed);
            return isSettled(typed) ? utf8(CharBuffer.wrap(typed)) : normalized(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    private static void check(char[] typed) {
        if (typed.length == 0) {
            throw malformed("it is empty");
        }
        if (typed.length > CHARS_MAX) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a passphrase has at most "
                            + CHARS_MAX
                            + " characters, and not "
                            + typed.length
                            + "; a key file may be what you want");
        }
        for (char each : typed) {
            if (Character.isISOControl(each)) {
                throw malformed("it has a control character");
            }
        }
    }

    static boolean isSettled(char character) {
        return SETTLED.stream().anyMatch(range -> range.contains(character));
    }

    private static boolean isSettled(char[] typed) {
        for (char each : typed) {
            if (!isSettled(each)) {
                return false;
            }
        }
        return true;
    }

    private static Secret normalized(char[] typed) {
        return utf8(
                CharBuffer.wrap(Normalizer.normalize(CharBuffer.wrap(typed), Normalizer.Form.NFC)));
    }

    private static Secret utf8(CharBuffer text) {
        // A char takes at most three bytes; two that make one character take four.
        byte[] bytes = new byte[3 * text.remaining()];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        try {
            // Half a character would become a question mark, and a key of many passphrases.
            var encoder =
                    StandardCharsets.UTF_8
                            .newEncoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT);
            var result = encoder.encode(text, target, true);
            if (result.isError()) {
                result.throwException();
            }
            return Secret.take(Arrays.copyOf(bytes, target.position()));
        } catch (CharacterCodingException half) {
            throw malformed("it is no Unicode text");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Refuses one that would be too easy to guess as the key of something new.
     *
     * @param text as {@link #take} gave it
     * @throws LoamException {@code KEY_WEAK} below {@value #CODE_POINTS_MIN} characters
     */
    public static void checkStrength(Secret text) {
        int codePoints =
                text.with(
                        bytes -> {
                            int count = 0;
                            for (byte each : bytes) {
                                // What follows the first byte of a character begins with 10.
                                count += (each & 0xC0) == 0x80 ? 0 : 1;
                            }
                            return count;
                        });
        if (codePoints < CODE_POINTS_MIN) {
            throw new LoamException(
                    ErrorCode.KEY_WEAK,
                    "a passphrase of fewer than "
                            + CODE_POINTS_MIN
                            + " characters is soon guessed; take some words, or a key file");
        }
    }

    private static LoamException malformed(String why) {
        return new LoamException(
                ErrorCode.KEY_MALFORMED, "this is no passphrase: " + why + "; give it again");
    }
}
