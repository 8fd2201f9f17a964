package dev.loam.core;

import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes with their CRC32C behind them, little endian: what a disk has damaged is told from what
 * somebody has changed.
 */
public final class Checksummed {
    /** Size of the checksum. */
    public static final int BYTES = Integer.BYTES;

    private Checksummed() {}

    /** The body and its checksum. */
    public static Bytes of(Bytes body) {
        byte[] all = new byte[body.size() + BYTES];
        body.copyTo(all, 0);
        int checksum = checksum(body, body.size());
        for (int i = 0; i < BYTES; i++) {
            all[body.size() + i] = (byte) (checksum >>> (Byte.SIZE * i));
        }
        return Bytes.adopt(all);
    }

    /** Whether the last bytes are the checksum of those before. */
    public static boolean isWhole(Bytes stored) {
        int body = stored.size() - BYTES;
        if (body < 0) {
            return false;
        }
        int checksum = checksum(stored, body);
        boolean isSame = true;
        for (int i = 0; i < BYTES; i++) {
            isSame &= stored.get(body + i) == (byte) (checksum >>> (Byte.SIZE * i));
        }
        return isSame;
    }

    /** The body; empty if the checksum behind it is another's. */
    public static Optional<Bytes> body(Bytes stored) {
        return isWhole(stored)
                ? Optional.of(stored.slice(0, stored.size() - BYTES))
                : Optional.empty();
    }

    private static int checksum(Bytes all, int length) {
        CRC32C crc = new CRC32C();
        crc.update(all.asBuffer().limit(length));
        return (int) crc.getValue();
    }
}
