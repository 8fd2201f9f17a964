package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Secrets as whoever started the process gives them: a line of a descriptor, or an answer. */
final class SecretLine {
    /** Longer than any passphrase in UTF-8. */
    static final int BYTES_MAX = 4 << 10;

    private SecretLine() {}

    /**
     * The first line of a descriptor, in UTF-8, without its end: LF, or CR and LF. The end of the
     * input ends a line as well.
     *
     * @param option by which the descriptor was given
     * @return to be overwritten; may be empty
     * @throws LoamException {@code KEY_SOURCE} if it cannot be read, {@code LIMIT_EXCEEDED} if the
     *     line is longer than {@value #BYTES_MAX} bytes, {@code KEY_MALFORMED} if it is not UTF-8
     */
    static char[] read(SecretInput input, int descriptor, String option) {
        byte[] line = new byte[BYTES_MAX];
        try (InputStream from = input.descriptor(descriptor)) {
            int size = 0;
            // One at a time, so that nothing behind the line is taken.
            for (int next = from.read(); next >= 0 && next != '\n'; next = from.read()) {
                if (size == BYTES_MAX) {
                    throw new LoamException(
                            ErrorCode.LIMIT_EXCEEDED,
                            "the first line of descriptor "
                                    + descriptor
                                    + " is longer than "
                                    + BYTES_MAX
                                    + " bytes; is it the right one for "
                                    + option
                                    + "?");
                }
                line[size++] = (byte) next;
            }
            if (size > 0 && line[size - 1] == '\r') {
                size--;
            }
            return decode(ByteBuffer.wrap(line, 0, size), option);
        } catch (IOException unreadable) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "descriptor "
                            + descriptor
                            + " of "
                            + option
                            + " cannot be read; open one, as in `"
                            + option
                            + " 3 3<FILE`",
                    unreadable);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private static char[] decode(ByteBuffer line, String option) {
        char[] chars = new char[line.remaining()];
        CharBuffer target = CharBuffer.wrap(chars);
        try {
            var decoder =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT);
            var result = decoder.decode(line, target, true);
            if (result.isError()) {
                result.throwException();
            }
            return Arrays.copyOf(chars, target.position());
        } catch (CharacterCodingException other) {
            throw new LoamException(
                    ErrorCode.KEY_MALFORMED,
                    "what "
                            + option
                            + " gives is not UTF-8 text; is it a descriptor that you opened, as in"
                            + " `"
                            + option
                            + " 3 3<FILE`?");
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /**
     * What somebody types at the terminal.
     *
     * @param instead what to do where there is none
     * @return to be overwritten; may be empty
     * @throws LoamException {@code KEY_SOURCE} if nobody can be asked, or nobody answers
     */
    static char[] ask(SecretInput input, String question, String instead) {
        if (!input.isTerminal()) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "there is no terminal to ask at: stdin and stdout must be one; " + instead);
        }
        return input.ask(question)
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.KEY_SOURCE, "nothing was typed; " + instead));
    }

    /**
     * The same, asked for twice, so that nobody seals a store with a slip of a finger.
     *
     * @throws LoamException as {@link #ask}; {@code INVALID_ARGUMENT} if the two differ
     */
    static char[] askTwice(SecretInput input, String question, String instead) {
        Optional<char[]> agreed = Optional.empty();
        char[] first = ask(input, question, instead);
        char[] second = new char[0];
        try {
            second = ask(input, "The same again: ", instead);
            if (Arrays.equals(first, second)) {
                agreed = Optional.of(first.clone());
            }
        } finally {
            Arrays.fill(first, '\0');
            Arrays.fill(second, '\0');
        }
        return agreed.orElseThrow(
                () ->
                        new LoamException(
                                ErrorCode.INVALID_ARGUMENT,
                                "the two are not the same; nothing was made"));
    }
}
