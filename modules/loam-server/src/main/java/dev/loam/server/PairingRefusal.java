package dev.loam.server;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Arrays;
import java.util.Optional;

/** Why a host does not accept a pairing code: as a byte between devices, as an error on either. */
enum PairingRefusal {
    WRONG(
            1,
            ErrorCode.PAIRING_WRONG,
            "the pairing code is not the one that is on offer; enter the one that the other device"
                    + " showed last"),
    USED(
            2,
            ErrorCode.PAIRING_USED,
            "the pairing code was used already, and is good once; offer a new one there and enter"
                    + " that"),
    EXPIRED(
            3,
            ErrorCode.PAIRING_EXPIRED,
            "the pairing code is older than ten minutes; offer a new one there and enter that"),
    LOCKED(
            4,
            ErrorCode.PAIRING_LOCKED,
            "the pairing code is void: five wrong ones were given; offer a new one there and enter"
                    + " that");

    private final byte tag;
    private final ErrorCode code;
    private final String advice;

    PairingRefusal(int tag, ErrorCode code, String advice) {
        this.tag = (byte) tag;
        this.code = code;
        this.advice = advice;
    }

    byte tag() {
        return tag;
    }

    ErrorCode code() {
        return code;
    }

    /** What the joiner is told. */
    LoamException atTheJoiner() {
        return new LoamException(code, advice);
    }

    /** What the host's listener is told. */
    LoamException atTheHost(String what) {
        return new LoamException(code, what);
    }

    static Optional<PairingRefusal> of(byte tag) {
        return Arrays.stream(values()).filter(each -> each.tag == tag).findFirst();
    }
}
