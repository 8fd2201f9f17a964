package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.log.LogSealing;
import java.util.Arrays;

/**
 * Seals the payloads of one segment, by a key that is made with it. Payloads of the usual size go
 * through arrays that are used again: it is the writer's thread that makes and fills the new ones.
 */
final class FrameSealer implements LogSealing.Sealer {
    /** Of payloads up to which size an array is kept. */
    private static final int KEPT_BYTES = 64 << 10;

    private final Sealer sealer;
    private final FrameBinding binding;
    private byte[] kept = new byte[0];

    private FrameSealer(Sealer sealer, FrameBinding binding) {
        this.sealer = sealer;
        this.binding = binding;
    }

    /** The key is in the table when this returns. */
    static FrameSealer begin(StoreKeys keys, Bytes segmentId) {
        Sealer.Fresh fresh = Sealer.fresh(keys.suite(), keys.random(), Sealer.Use.LOG_FRAME);
        try (Secret key = fresh.key()) {
            keys.add(segmentId, key);
        } catch (RuntimeException | Error refused) {
            fresh.sealer().close();
            throw refused;
        }
        return new FrameSealer(fresh.sealer(), FrameBinding.of(keys, segmentId));
    }

    @Override
    public int overheadBytes() {
        return Sealer.OVERHEAD_BYTES;
    }

    @Override
    public Bytes seal(Bytes header, Bytes payload) {
        byte[] message = room(payload.size());
        payload.copyTo(message, 0);
        byte[] sealed = new byte[payload.size() + Sealer.OVERHEAD_BYTES];
        sealer.seal(binding.to(header), message, payload.size(), sealed);
        return Bytes.adopt(sealed);
    }

    private byte[] room(int size) {
        if (size > KEPT_BYTES) {
            return new byte[size];
        }
        if (kept.length < size) {
            kept = new byte[Math.min(KEPT_BYTES, 2 * size)];
        }
        return kept;
    }

    @Override
    public void close() {
        sealer.close();
        Arrays.fill(kept, (byte) 0);
    }
}
