package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.nio.charset.StandardCharsets;

/**
 * The 64-bit hashes by which annexes list entries, as docs/formats/log.md gives them. They only say
 * where to look: whoever looks compares what they stand for.
 */
final class RecordHash {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int RECORD = 1;
    private static final int DEPENDENCY = 2;

    private RecordHash() {}

    /** Of the entries that change the record. */
    static long ofRecord(RecordId record) {
        return ofRecord(record.vault(), record.key());
    }

    static long ofRecord(VaultId vault, String key) {
        long hash = add(add(FNV_START, RECORD), vault.bytes());
        return finish(add(hash, Bytes.adopt(key.getBytes(StandardCharsets.UTF_8))));
    }

    /** Of the entries by which {@code author} says how much of {@code other} it has applied. */
    static long ofDependency(VaultId vault, ActorId author, ActorId other) {
        long hash = add(add(FNV_START, DEPENDENCY), vault.bytes());
        return finish(add(add(hash, author.bytes()), other.bytes()));
    }

    private static long add(long hash, Bytes bytes) {
        long sum = hash;
        for (int i = 0; i < bytes.size(); i++) {
            sum = add(sum, bytes.get(i));
        }
        return sum;
    }

    private static long add(long hash, int octet) {
        return (hash ^ (octet & 0xff)) * FNV_PRIME;
    }

    private static long finish(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
