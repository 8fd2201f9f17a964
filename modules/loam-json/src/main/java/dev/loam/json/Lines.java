package dev.loam.json;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of UTF-8 text, each of bounded length. Not for use by several threads. */
final class Lines {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream in;
    private final int lineBytesMax;
    private long number;

    Lines(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.lineBytesMax = lineBytesMax;
    }

    /** Which line the last call of {@link #next} was about, from 1. */
    String place() {
        return "line " + number;
    }

    /** The next line without its end; empty when there is none. */
    Optional<String> next() {
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int read = read();
        if (read < 0) {
            return Optional.empty();
        }
        for (; read >= 0 && read != '\n'; read = read()) {
            if (line.size() == lineBytesMax) {
                throw new LoamException(
                        ErrorCode.LIMIT_EXCEEDED, "longer than " + lineBytesMax + " bytes");
            }
            line.write(read);
        }
        String text = decoded(line.toByteArray());
        if (number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private int read() {
        try {
            return in.read();
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "the input cannot be read", failed);
        }
    }

    private static String decoded(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException malformed) {
            throw new LoamException(ErrorCode.INVALID_JSON, "not UTF-8 text", malformed);
        }
    }
}
