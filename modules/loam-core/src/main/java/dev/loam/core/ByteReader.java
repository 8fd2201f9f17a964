package dev.loam.core;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Reads what {@link ByteWriter} wrote. Bytes from a disk or a peer can be anything: every method
 * throws {@link LoamException} {@code CORRUPT} rather than read past the end, accept a second form
 * of the same value, or reserve more memory than the bytes left could fill.
 */
public final class ByteReader {
    static final int LEB128_BYTES_MAX = 10;

    private static final char REPLACEMENT = '\uFFFD';

    private final String what;
    private final Bytes content;
    private final int end;
    private int next;

    private ByteReader(String what, Bytes content, int begin, int end) {
        this.what = what;
        this.content = content;
        this.next = begin;
        this.end = end;
    }

    /**
     * @param what is read, for messages: "batch"
     */
    public static ByteReader of(String what, Bytes content) {
        return new ByteReader(what, content, 0, content.size());
    }

    /** One byte, 0 to 255. */
    public int u8() {
        need(1);
        return content.get(next++) & 0xff;
    }

    /** A number from 0 to {@code Long.MAX_VALUE}. */
    public long varint() {
        long value = leb128();
        if (value < 0) {
            throw corrupt("a number is too large");
        }
        return value;
    }

    /** A signed number. */
    public long zigzag() {
        long value = leb128();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Eight bytes, the most significant first. */
    public long fixed64() {
        need(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << Byte.SIZE) | u8();
        }
        return value;
    }

    /**
     * A number of things that follow.
     *
     * @param bytesMinEach what each takes at least, 1 or more
     */
    public int count(int bytesMinEach) {
        long count = varint();
        if (count > remaining() / bytesMinEach) {
            throw corrupt("a count is larger than what follows");
        }
        return (int) count;
    }

    /** A number below {@code bound}, at least 1 of which must exist. */
    public int index(int bound) {
        long index = varint();
        if (index >= bound) {
            throw corrupt("an index is outside its table");
        }
        return (int) index;
    }

    /** A length, then that many bytes. */
    public Bytes bytes() {
        return raw(count(1));
    }

    /** A length, then that many bytes, as a reader of them alone: nothing is copied. */
    ByteReader nested() {
        int length = count(1);
        next += length;
        return new ByteReader(what, content, next - length, next);
    }

    /** Exactly {@code length} bytes. */
    public Bytes raw(int length) {
        need(length);
        Bytes value = content.slice(next, next + length);
        next += length;
        return value;
    }

    /** A length, then that many bytes of valid UTF-8. */
    public String utf8() {
        int length = count(1);
        int start = next;
        next += length;
        String text = content.toUtf8(start, length);
        // What is malformed has become that character; so may be what is not.
        return text.indexOf(REPLACEMENT) < 0 ? text : strictUtf8(start, length);
    }

    private String strictUtf8(int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(content.asBuffer().slice(start, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new LoamException(
                    ErrorCode.CORRUPT, what + " holds text that is not UTF-8", malformed);
        }
    }

    String what() {
        return what;
    }

    public int remaining() {
        return end - next;
    }

    public boolean isAtEnd() {
        return remaining() == 0;
    }

    /** Refuses bytes after the last value. */
    public void expectEnd() {
        if (!isAtEnd()) {
            throw corrupt("there are bytes after the end");
        }
    }

    /** The exception for a reader that finds its bytes wrong, naming what is read and where. */
    public LoamException corrupt(String why) {
        return new LoamException(
                ErrorCode.CORRUPT, what + " is malformed near byte " + next + ": " + why);
    }

    void addRemainingTo(MessageDigest digest) {
        content.addTo(digest, next, remaining());
        next = end;
    }

    private long leb128() {
        long value = 0;
        for (int i = 0; i < LEB128_BYTES_MAX; i++) {
            int part = u8();
            value |= (long) (part & 0x7f) << (7 * i);
            if ((part & 0x80) == 0) {
                boolean minimal = part != 0 || i == 0;
                boolean fits = i < LEB128_BYTES_MAX - 1 || part == 1;
                if (!minimal || !fits) {
                    throw corrupt("a number is not in its shortest form");
                }
                return value;
            }
        }
        throw corrupt("a number is too long");
    }

    private void need(int length) {
        if (length > remaining()) {
            throw corrupt("it ends too early");
        }
    }
}
