package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.time.Instant;

/**
 * What can be told of a generation of a backup without reading more than its manifest.
 *
 * @param generation from 1; later ones have higher numbers
 * @param store of which it was made
 * @param device whose store that is
 * @param made when, by the clock of that device
 * @param position the last of the log that it holds
 * @param vaults of the store
 * @param records that live in them
 * @param digest of the store's state, 64 hexadecimal digits, as {@link Loam#digest} gives it
 * @param level of Deflate; what earlier generations had written stays as it was packed then
 * @param encrypted whether the store's secrets are needed to restore it
 * @param units files of which it consists; generations share them
 * @param bytes of those files
 * @param rawBytes of what they hold, not packed
 */
public record BackupInfo(
        long generation,
        StoreId store,
        DeviceId device,
        Instant made,
        Position position,
        int vaults,
        long records,
        String digest,
        int level,
        boolean encrypted,
        int units,
        long bytes,
        long rawBytes) {
    /** By which an audit trail names it. */
    Bytes id() {
        return new BackupId(store, generation, made).encode();
    }

    static BackupInfo of(BackupManifest manifest) {
        BackupListing listing = manifest.listing();
        return new BackupInfo(
                listing.generation(),
                listing.store(),
                listing.device(),
                listing.made(),
                new Position(listing.position()),
                listing.vaults(),
                listing.records(),
                listing.digest().toHex(),
                listing.level(),
                listing.sealing().isPresent(),
                manifest.units().size(),
                manifest.units().stream().mapToLong(unit -> unit.size().bytes()).sum(),
                manifest.units().stream().mapToLong(unit -> unit.size().rawBytes()).sum());
    }
}
