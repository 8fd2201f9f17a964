package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.util.zip.CRC32C;

/** CRC32C behind the bytes that it is of, little endian: it tells damage from a change. */
final class Checksum {
    static final int BYTES = Integer.BYTES;

    private Checksum() {}

    static Bytes appendedTo(Bytes body) {
        byte[] all = new byte[body.size() + BYTES];
        body.copyTo(all, 0);
        int checksum = of(body, body.size());
        for (int i = 0; i < BYTES; i++) {
            all[body.size() + i] = (byte) (checksum >>> (8 * i));
        }
        return Bytes.adopt(all);
    }

    /** Whether the last bytes are the checksum of those before. */
    static boolean isRight(Bytes all) {
        int body = all.size() - BYTES;
        if (body < 0) {
            return false;
        }
        int checksum = of(all, body);
        for (int i = 0; i < BYTES; i++) {
            if (all.get(body + i) != (byte) (checksum >>> (8 * i))) {
                return false;
            }
        }
        return true;
    }

    private static int of(Bytes all, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(all.asBuffer().limit(length));
        return (int) checksum.getValue();
    }
}
