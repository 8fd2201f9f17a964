package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Optional;

/** The frames before a session: one byte that says which it is, then what it carries. */
enum Greeting {
    /** Client: I want to sync. Carries nothing. */
    SESSION(1),
    /** Client: I want to be paired. Carries the joiner's proof. */
    PAIRING(2),
    /** Server: you are admitted, the session follows. Carries nothing. */
    HELLO_OK(3),
    /** Server: your proof is right. Carries the host's own. */
    HOST_PROOF(4),
    /** Joiner: call me so. Carries its name in UTF-8. */
    NAME(5),
    /** Host: you are a peer, durably. Carries nothing. */
    PAIRED(6);

    /** Longer than any greeting that is one. */
    static final int BYTES_MAX = 512;

    private final byte tag;

    Greeting(int tag) {
        this.tag = (byte) tag;
    }

    Bytes frame() {
        return frame(Bytes.EMPTY);
    }

    Bytes frame(Bytes content) {
        byte[] frame = new byte[1 + content.size()];
        frame[0] = tag;
        content.copyTo(frame, 1);
        return Bytes.adopt(frame);
    }

    /** What this greeting carries in {@code frame}; empty if it is another. */
    Optional<Bytes> read(Bytes frame) {
        return frame.size() > 0 && frame.get(0) == tag
                ? Optional.of(frame.slice(1, frame.size()))
                : Optional.empty();
    }

    /** Takes the next frame of {@code link}, which must be this greeting. */
    Bytes receive(TlsLink link) {
        return read(link.receive(BYTES_MAX)).orElseThrow(() -> unexpected(link));
    }

    static LoamException unexpected(TlsLink link) {
        return new LoamException(
                ErrorCode.CONNECTION,
                "device "
                        + link.peer()
                        + " sent what nobody sends at this point; use versions of Loam that agree"
                        + " on "
                        + DeviceTls.PROTOCOL);
    }
}
