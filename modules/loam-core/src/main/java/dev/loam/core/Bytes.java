package dev.loam.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes, ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code content}. */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /** A copy of {@code length} bytes from {@code offset}. */
    public static Bytes copyOf(byte[] content, int offset, int length) {
        return new Bytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /** Takes over {@code content} without a copy: the caller must never write to it again. */
    public static Bytes adopt(byte[] content) {
        return new Bytes(content);
    }

    /** The UTF-8 bytes of {@code text}; an unpaired surrogate becomes '?'. */
    public static Bytes ofUtf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads pairs of hexadecimal digits. */
    public static Bytes fromHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    public int size() {
        return content.length;
    }

    public byte get(int index) {
        return content[index];
    }

    public byte[] toArray() {
        return content.clone();
    }

    /** A read-only view, without a copy. */
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /** Copies the bytes to {@code target} at {@code offset}. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(content, 0, target, offset, content.length);
    }

    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    public String toHex() {
        return HexFormat.of().formatHex(content);
    }

    /** The first {@code count} bytes in hexadecimal, for messages. */
    public String toShortHex(int count) {
        return HexFormat.of().formatHex(content, 0, Math.min(count, content.length));
    }

    public String toUtf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Malformed bytes become U+FFFD. */
    String toUtf8(int offset, int length) {
        return new String(content, offset, length, StandardCharsets.UTF_8);
    }

    void addTo(MessageDigest digest, int offset, int length) {
        digest.update(content, offset, length);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Length and the first bytes only: content never reaches a log line by accident. */
    @Override
    public String toString() {
        return "Bytes[" + content.length + "]";
    }
}
