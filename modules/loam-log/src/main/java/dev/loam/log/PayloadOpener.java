package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Optional;

/** Gives the payloads of one segment as they were appended. For one thread at a time. */
final class PayloadOpener implements AutoCloseable {
    private final LogKeys keys;
    private final SegmentName name;
    private final Optional<LogSealing.Opener> opener;

    PayloadOpener(LogKeys keys, SegmentName name, Optional<LogSealing.Opener> opener) {
        this.keys = keys;
        this.name = name;
        this.opener = opener;
    }

    /** Whether the log is sealed, and this segment's key lost. */
    boolean lacksKey() {
        return keys.areThere() && opener.isEmpty();
    }

    /** For a reader, whose item it is a part of. */
    static String missingKey(SegmentName name) {
        return "the key of segment " + name.number() + " of the log is missing";
    }

    /**
     * The payload of the frame at which the cursor stands; nothing for a frame that holds none.
     *
     * @throws LoamException {@code TAMPERED} if the frame is sound and was not written with the
     *     segment's key, as it is and where it is; {@code KEY_MISSING} if it is sealed and the log
     *     was opened without keys; {@code CORRUPT} if this segment's key is lost
     */
    Bytes payload(SegmentCursor cursor, Frame frame) {
        keys.check(name, frame);
        if (!frame.isSealed()) {
            return frame.holdsPayload() ? cursor.payload() : Bytes.EMPTY;
        }
        return opener.orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.CORRUPT,
                                        missingKey(name) + ". Put the keys back from a backup"))
                .open(cursor.associated(), cursor.payload())
                .orElseThrow(() -> LogKeys.changed(name, frame));
    }

    /** Lets go of the key. Idempotent. */
    @Override
    public void close() {
        opener.ifPresent(LogSealing.Opener::close);
    }
}
