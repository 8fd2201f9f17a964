package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * An entry of the audit trail behind the hash of the one before it. Its own hash is that of all its
 * bytes, so that each hash stands for everything before.
 */
record ChainedEntry(Bytes previous, AuditEntry entry) {
    static final int HASH_BYTES = 32;

    private static final Bytes FIRST = Bytes.ofUtf8("loam-audit");

    /** What the first entry of a store's trail follows. */
    static Bytes beginning(StoreId store) {
        return sha256(new ByteWriter().raw(FIRST).raw(store.bytes()).toBytes());
    }

    Bytes encode() {
        ByteWriter to = new ByteWriter().raw(previous).varint(entry.number());
        to.zigzag(entry.time().toEpochMilli());
        AuditCodec.write(entry.event(), to);
        return to.toBytes();
    }

    Bytes hash() {
        return sha256(encode());
    }

    /**
     * @throws dev.loam.core.LoamException {@code CORRUPT}
     */
    static ChainedEntry decode(Bytes bytes) {
        ByteReader from = ByteReader.of("an entry of the audit trail", bytes);
        Bytes previous = from.raw(HASH_BYTES);
        long number = from.varint();
        Instant time = Instant.ofEpochMilli(from.zigzag());
        AuditEvent event = AuditCodec.read(from);
        from.expectEnd();
        return new ChainedEntry(previous, new AuditEntry(number, time, event));
    }

    private static Bytes sha256(Bytes bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asBuffer());
            return Bytes.adopt(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
