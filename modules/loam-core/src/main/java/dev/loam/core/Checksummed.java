package dev.loam.core;

import java.util.Optional;
import java.util.zip.CRC32C;

/** Bytes of a file with their CRC32C, little endian, behind them: damage is told from content. */
public final class Checksummed {
    private Checksummed() {}

    /** The body and its checksum. */
    public static Bytes of(Bytes body) {
        byte[] all = new byte[body.size() + Integer.BYTES];
        body.copyTo(all, 0);
        CRC32C crc = new CRC32C();
        crc.update(all, 0, body.size());
        for (int i = 0; i < Integer.BYTES; i++) {
            all[body.size() + i] = (byte) (crc.getValue() >>> (Byte.SIZE * i));
        }
        return Bytes.adopt(all);
    }

    /** The body; empty if the checksum behind it is another's. */
    public static Optional<Bytes> body(Bytes stored) {
        int size = stored.size() - Integer.BYTES;
        if (size < 0) {
            return Optional.empty();
        }
        Bytes body = stored.slice(0, size);
        return of(body).equals(stored) ? Optional.of(body) : Optional.empty();
    }
}
