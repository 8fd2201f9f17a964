package dev.loam.core;

import java.util.Arrays;

/**
 * Writes the primitives of Loam's canonical byte formats: each value has exactly one form. Not safe
 * for several threads.
 */
public final class ByteWriter {
    private static final int CAPACITY_AT_FIRST = 64;

    private byte[] content = new byte[CAPACITY_AT_FIRST];
    private int size;

    public ByteWriter() {}

    /** One byte, 0 to 255. */
    public ByteWriter u8(int value) {
        Invariant.check(value >= 0 && value <= 0xff, "{0} is not a byte", value);
        reserve(1);
        content[size++] = (byte) value;
        return this;
    }

    /** A number from 0 to {@code Long.MAX_VALUE} as LEB128 of the least length. */
    public ByteWriter varint(long value) {
        Invariant.check(value >= 0, "{0} is negative", value);
        return leb128(value);
    }

    /** Any number, small magnitudes in few bytes. */
    public ByteWriter zigzag(long value) {
        return leb128((value << 1) ^ (value >> 63));
    }

    /** Eight bytes, the most significant first. */
    public ByteWriter fixed64(long value) {
        reserve(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            content[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** The length of {@code value}, then its bytes. */
    public ByteWriter bytes(Bytes value) {
        return varint(value.size()).raw(value);
    }

    /** The bytes alone: their number is known to the reader. */
    public ByteWriter raw(Bytes value) {
        reserve(value.size());
        value.copyTo(content, size);
        size += value.size();
        return this;
    }

    /** The length in UTF-8, then the text. */
    public ByteWriter utf8(String text) {
        return bytes(Bytes.ofUtf8(text));
    }

    public int size() {
        return size;
    }

    /** A copy of what was written so far. */
    public Bytes toBytes() {
        return Bytes.copyOf(content, 0, size);
    }

    private ByteWriter leb128(long unsigned) {
        reserve(ByteReader.LEB128_BYTES_MAX);
        long rest = unsigned;
        while ((rest & ~0x7fL) != 0) {
            content[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        content[size++] = (byte) rest;
        return this;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > content.length) {
            content = Arrays.copyOf(content, Math.max(needed, content.length * 2));
        }
    }
}
