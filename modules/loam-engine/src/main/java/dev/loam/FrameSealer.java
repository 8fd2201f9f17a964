package dev.loam;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.log.LogSealing;

/**
 * Seals the payloads of one segment, by a key that is made with it.
 *
 * @param context what each is bound to, beside its frame's header
 */
record FrameSealer(Sealer sealer, Bytes context) implements LogSealing.Sealer {
    /** The key is in the table when this returns. */
    static FrameSealer begin(StoreKeys keys, Bytes segmentId) {
        Sealer.Fresh fresh = Sealer.fresh(keys.suite(), keys.random(), Sealer.Use.LOG_FRAME);
        try (Secret key = fresh.key()) {
            keys.add(segmentId, key);
        } catch (RuntimeException | Error refused) {
            fresh.sealer().close();
            throw refused;
        }
        return new FrameSealer(fresh.sealer(), context(keys, segmentId));
    }

    static Bytes context(StoreKeys keys, Bytes segmentId) {
        return new ByteWriter()
                .u8(keys.suite().number())
                .raw(keys.store().bytes())
                .raw(segmentId)
                .toBytes();
    }

    static Bytes associated(Bytes header, Bytes context) {
        return new ByteWriter().raw(header).raw(context).toBytes();
    }

    @Override
    public int overheadBytes() {
        return Sealer.OVERHEAD_BYTES;
    }

    @Override
    public Bytes seal(Bytes header, Bytes payload) {
        return sealer.seal(associated(header, context), payload);
    }

    @Override
    public void close() {
        sealer.close();
    }
}
