package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.crypto.Opener;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.log.LogSealing;
import java.util.Optional;

/**
 * Opens what a {@link FrameSealer} has sealed.
 *
 * @param binding what each payload is bound to
 */
record FrameOpener(Opener opener, FrameBinding binding) implements LogSealing.Opener {
    /** Empty if the segment has no key. */
    static Optional<LogSealing.Opener> of(StoreKeys keys, Bytes segmentId) {
        Optional<Secret> key = keys.key(segmentId);
        try {
            return key.map(known -> new Opener(keys.suite(), known, Sealer.Use.LOG_FRAME))
                    .map(opener -> new FrameOpener(opener, FrameBinding.of(keys, segmentId)));
        } finally {
            key.ifPresent(Secret::close);
        }
    }

    @Override
    public Optional<Bytes> open(Bytes header, Bytes sealed) {
        byte[] message = new byte[Math.max(0, sealed.size() - Sealer.OVERHEAD_BYTES)];
        return opener.open(binding.to(header), sealed.toArray(), sealed.size(), message)
                ? Optional.of(Bytes.adopt(message))
                : Optional.empty();
    }

    @Override
    public void close() {
        opener.close();
    }
}
