package dev.loam.core;

import java.nio.charset.StandardCharsets;

/**
 * A record: its vault and its key within it. Ordered by its bytes, which are the vault's 16 bytes
 * and then the key in UTF-8.
 */
public record RecordId(VaultId vault, String key) implements Comparable<RecordId> {
    public Bytes toBytes() {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[VaultId.SIZE + keyBytes.length];
        vault.bytes().copyTo(all, 0);
        System.arraycopy(keyBytes, 0, all, VaultId.SIZE, keyBytes.length);
        return Bytes.adopt(all);
    }

    /** Reads what {@link #toBytes} wrote. */
    public static RecordId fromBytes(Bytes bytes) {
        return new RecordId(
                new VaultId(bytes.slice(0, VaultId.SIZE)),
                bytes.slice(VaultId.SIZE, bytes.size()).toUtf8());
    }

    @Override
    public int compareTo(RecordId other) {
        int byVault = vault.compareTo(other.vault);
        return byVault != 0 ? byVault : Utf8Order.INSTANCE.compare(key, other.key);
    }
}
