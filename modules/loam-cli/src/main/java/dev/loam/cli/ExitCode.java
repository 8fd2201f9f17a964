package dev.loam.cli;

import dev.loam.core.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the process tells its caller. The numbers never change their meaning. */
enum ExitCode {
    OK(0, "done"),
    FAILED(1, "an operating error; stderr says which"),
    USAGE(2, "wrong arguments"),
    DAMAGED(3, "damage was found, or a check failed"),
    NOT_FOUND(4, "no such store, memory, past, file or peer"),
    STORE_BUSY(5, "another process owns the store");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    static ExitCode of(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, INVALID_QUERY -> USAGE;
            case CORRUPT, TAMPERED, DIVERGED -> DAMAGED;
            case NOT_FOUND, HISTORY_GONE -> NOT_FOUND;
            case STORE_BUSY -> STORE_BUSY;
            case INVALID_JSON,
                    INVALID_CONFIG,
                    LIMIT_EXCEEDED,
                    EXISTS,
                    CLOSED,
                    READ_ONLY,
                    OVERLOADED,
                    TIMEOUT,
                    CONNECTION,
                    FORBIDDEN,
                    REVOKED,
                    PAIRING_WRONG,
                    PAIRING_USED,
                    PAIRING_EXPIRED,
                    PAIRING_LOCKED,
                    WRONG_KEY,
                    KEY_MISSING,
                    NOT_ENCRYPTED,
                    KEY_SOURCE,
                    KEY_MALFORMED,
                    KEY_WEAK,
                    DISK_FULL,
                    IO_FAILED,
                    NOT_A_STORE,
                    PERMISSIONS,
                    FORMAT_VERSION,
                    BUG ->
                    FAILED;
        };
    }

    /** For the footer of each command's help. */
    static Map<String, String> descriptions() {
        Map<String, String> lines = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            lines.put(Integer.toString(code.number), code.meaning);
        }
        return lines;
    }
}
