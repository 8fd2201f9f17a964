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

    /** For one number, which is made an object on failure only: this is asked for each batch. */
    public static void check(boolean holds, String message, long argument) {
        if (!holds) {
            check(false, message, (Object) argument);
        }
    }

    /** For two numbers, as above. */
    public static void check(boolean holds, String message, long first, long second) {
        if (!holds) {
            check(false, message, (Object) first, second);
        }
    }

    public static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
