package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.crypto.DeviceIdentity;
import java.time.Instant;

/** The head of an audit trail, and the device's signature. */
record SignedHead(AuditHead head, Instant time, Bytes publicKey, Bytes signature) {
    private static final Bytes MAGIC = Bytes.ofUtf8("LAHD");
    private static final int FORM = 1;
    private static final Bytes PURPOSE = Bytes.ofUtf8("loam-audit-head");

    static SignedHead sign(StoreId store, AuditHead head, Instant time, DeviceIdentity device) {
        return new SignedHead(
                head, time, device.publicKey(), device.sign(message(store, head, time)));
    }

    private static Bytes message(StoreId store, AuditHead head, Instant time) {
        return new ByteWriter()
                .raw(PURPOSE)
                .raw(store.bytes())
                .fixed64(head.number())
                .raw(head.hash())
                .fixed64(time.toEpochMilli())
                .toBytes();
    }

    boolean isOf(StoreId store, DeviceIdentity device) {
        return publicKey.equals(device.publicKey())
                && DeviceIdentity.verify(publicKey, message(store, head, time), signature);
    }

    Bytes encode() {
        return new ByteWriter()
                .raw(MAGIC)
                .u8(FORM)
                .varint(head.number())
                .raw(head.hash())
                .zigzag(time.toEpochMilli())
                .raw(publicKey)
                .raw(signature)
                .toBytes();
    }

    /**
     * @throws dev.loam.core.LoamException {@code CORRUPT}
     */
    static SignedHead decode(Bytes bytes) {
        ByteReader from = ByteReader.of("the head of the audit trail", bytes);
        if (!from.raw(MAGIC.size()).equals(MAGIC)) {
            throw from.corrupt("it is none");
        }
        int form = from.u8();
        if (form != FORM) {
            throw from.corrupt("it has form " + form);
        }
        AuditHead head = new AuditHead(from.varint(), from.raw(ChainedEntry.HASH_BYTES));
        SignedHead signed =
                new SignedHead(
                        head,
                        Instant.ofEpochMilli(from.zigzag()),
                        from.raw(DeviceIdentity.PUBLIC_KEY_BYTES),
                        from.raw(DeviceIdentity.SIGNATURE_BYTES));
        from.expectEnd();
        return signed;
    }
}
