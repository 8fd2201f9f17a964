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
 * @param context what each payload is bound to, beside its frame's header
 */
record FrameOpener(Opener opener, Bytes context) implements LogSealing.Opener {
    /** Empty if the segment has no key. */
    static Optional<LogSealing.Opener> of(StoreKeys keys, Bytes segmentId) {
        Optional<Secret> key = keys.key(segmentId);
        try {
            return key.map(known -> new Opener(keys.suite(), known, Sealer.Use.LOG_FRAME))
                    .map(opener -> new FrameOpener(opener, FrameSealer.context(keys, segmentId)));
        } finally {
            key.ifPresent(Secret::close);
        }
    }

    @Override
    public Optional<Bytes> open(Bytes header, Bytes sealed) {
        return opener.open(FrameSealer.associated(header, context), sealed);
    }

    @Override
    public void close() {
        opener.close();
    }
}
