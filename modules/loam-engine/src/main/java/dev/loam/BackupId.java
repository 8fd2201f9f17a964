package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.time.Instant;
import java.util.Optional;

/**
 * By which an audit trail names a backup. Two directories of backups of one store number their
 * generations alike; when each was made tells them apart.
 *
 * @param store of which it was made
 * @param made in whole milliseconds
 */
record BackupId(StoreId store, long generation, Instant made) {
    BackupId {
        made = Instant.ofEpochMilli(made.toEpochMilli());
    }

    Bytes encode() {
        return new ByteWriter()
                .raw(store.bytes())
                .varint(generation)
                .zigzag(made.toEpochMilli())
                .toBytes();
    }

    /** Empty for what a newer version may have written. */
    static Optional<BackupId> decode(Bytes encoded) {
        try {
            ByteReader from = ByteReader.of("the id of a backup", encoded);
            StoreId store = new StoreId(from.raw(StoreId.SIZE));
            BackupId id = new BackupId(store, from.varint(), Instant.ofEpochMilli(from.zigzag()));
            from.expectEnd();
            return Optional.of(id);
        } catch (LoamException another) {
            return Optional.empty();
        }
    }
}
