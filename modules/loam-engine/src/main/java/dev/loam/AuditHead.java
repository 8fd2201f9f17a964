package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;

/**
 * What stands for an audit trail up to one of its entries: whoever keeps it somewhere else can tell
 * later that nothing up to there was changed or cut off.
 *
 * @param number of the entry; 0 for the beginning
 * @param hash of it, 32 bytes
 */
public record AuditHead(long number, Bytes hash) {
    private static final String FORM = "[0-9]{1,18}-[0-9a-f]{64}";

    /**
     * Reads what {@link #toString} gave.
     *
     * @throws LoamException {@code INVALID_ARGUMENT}
     */
    public static AuditHead parse(String text) {
        if (!text.matches(FORM)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the head of an audit trail is a number, a hyphen and 64 hexadecimal digits, as"
                            + " `loam audit verify` prints it");
        }
        int hyphen = text.indexOf('-');
        return new AuditHead(
                Long.parseLong(text.substring(0, hyphen)),
                Bytes.fromHex(text.substring(hyphen + 1)));
    }

    /** The number, a hyphen, the hash in hexadecimal. */
    @Override
    public String toString() {
        return number + "-" + hash.toHex();
    }
}
