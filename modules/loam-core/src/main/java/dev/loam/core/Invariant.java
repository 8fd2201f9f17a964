package dev.loam.core;

import java.text.MessageFormat;
import java.util.Locale;

/** Checks of our own code, always on. A failure is a bug of Loam's, never of its caller. */
public final class Invariant {
    private Invariant() {}

    /**
     * @param message in the form of {@link MessageFormat}; formatted only on failure
     * @throws AssertionError if {@code holds} is false
     */
    public static void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new AssertionError(
                    new MessageFormat(message.replace("'", "''"), Locale.ROOT).format(arguments));
        }
    }

    public static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
