package dev.loam.core;

/**
 * An operating error: something that is expected to happen to a correct program. The message says
 * what happened, to which thing, and what to do; it never holds stored content.
 */
public final class LoamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public LoamException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public LoamException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** The message with the code in front. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // getMessage() is for users, without the code
    public String toString() {
        return code + ": " + getMessage();
    }
}
