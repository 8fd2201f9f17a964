package dev.loam.crypto;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.util.Arrays;

/** The keys of the pages of docs/formats. */
public final class FuzzKeys {
    /** Of the store of 16 times 7. */
    public static final StoreId STORE = new StoreId(Bytes.fromHex("07".repeat(StoreId.SIZE)));

    private FuzzKeys() {}

    /** So many times one byte; to be closed. */
    public static Secret key(int fill) {
        byte[] key = new byte[Suite.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return Secret.take(key);
    }

    /** The key of 32 times 2, that lasts. */
    public static LastingKey lasting() {
        return new LastingKey(STORE, Suite.AES_256_GCM, key(2));
    }
}
