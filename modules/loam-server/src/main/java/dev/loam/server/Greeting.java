package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.crypto.PairingProof;
import java.util.Optional;

/** The frames before a session: one byte that says which it is, then what it carries. */
enum Greeting {
    /** Client: I want to sync. Carries its introduction, mostly empty. */
    SESSION(1, 0, 656),
    /** Client: I want to be paired. Carries the joiner's proof. */
    PAIRING(2, PairingProof.SIZE, PairingProof.SIZE),
    /** Server: you are admitted, the session follows. Carries its own introduction. */
    HELLO_OK(3, 0, 656),
    /** Server: your proof is right. Carries the host's own. */
    HOST_PROOF(4, PairingProof.SIZE, PairingProof.SIZE),
    /** Joiner: call me so. Carries its name in UTF-8. */
    NAME(5, 1, Limits.NAME_BYTES_MAX),
    /** Host: you are a peer, durably. Carries nothing. */
    PAIRED(6, 0, 0),
    /** Host: your proof is not accepted. Carries why: the tag of a {@link PairingRefusal}. */
    REFUSED(7, 1, 1);

    /** Longer than any greeting that is one. */
    static final int BYTES_MAX = 768;

    private final byte tag;
    private final int contentBytesMin;
    private final int contentBytesMax;

    Greeting(int tag, int contentBytesMin, int contentBytesMax) {
        this.tag = (byte) tag;
        this.contentBytesMin = contentBytesMin;
        this.contentBytesMax = contentBytesMax;
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

    /** What this greeting carries in {@code frame}; empty if it is another, or none. */
    Optional<Bytes> read(Bytes frame) {
        int contentBytes = frame.size() - 1;
        boolean isThis =
                contentBytes >= contentBytesMin
                        && contentBytes <= contentBytesMax
                        && frame.get(0) == tag;
        return isThis ? Optional.of(frame.slice(1, frame.size())) : Optional.empty();
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
