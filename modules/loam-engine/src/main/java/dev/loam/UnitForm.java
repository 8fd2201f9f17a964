package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SectionOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * How the units of a backup are written.
 *
 * @param level of Deflate, from 0, at which nothing is packed
 * @param sealing empty where the store is not sealed
 */
record UnitForm(int level, Optional<Sealing> sealing) {
    /**
     * By what units are sealed; the stream is not this object's to close.
     *
     * @param listed as the manifest names it
     */
    record Sealing(BackupListing.Sealing listed, SealedStream stream, SecureRandom random) {
        SectionOutput section(OutputStream to, UnitHead head) throws IOException {
            return SectionOutput.begin(to, stream.seal(head.section(), random));
        }
    }

    UnitHead.Codec codec() {
        return level == 0 ? UnitHead.Codec.STORED : UnitHead.Codec.DEFLATE;
    }

    UnitHead head(BackupUnit.Origin origin, StoreId store) {
        Optional<Bytes> header = sealing.map(each -> each.listed().header());
        return UnitHead.of(origin, store, codec(), header);
    }
}
