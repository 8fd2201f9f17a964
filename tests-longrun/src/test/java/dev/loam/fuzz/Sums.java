package dev.loam.fuzz;

import dev.loam.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Makes right what only says that a disk kept what was written, so that parsing goes on. */
public final class Sums {
    private Sums() {}

    /** The same with CRC32C of all before in the last four bytes. */
    public static Bytes atEnd(byte[] input) {
        byte[] all = input.clone();
        if (all.length >= Integer.BYTES) {
            int end = all.length - Integer.BYTES;
            set(all, end, crc(all, 0, end));
        }
        return Bytes.adopt(all);
    }

    /** CRC32C of a range. */
    public static int crc(byte[] bytes, int from, int to) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, to - from);
        return (int) sum.getValue();
    }

    /** Writes a number, little endian. */
    public static void set(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    }
}
