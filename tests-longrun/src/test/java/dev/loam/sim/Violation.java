package dev.loam.sim;

/** Something that must never happen has happened. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }

    Violation(String what, Throwable cause) {
        super(what, cause);
    }

    static void unless(boolean holds, String what, Object... details) {
        if (!holds) {
            throw new Violation(what.formatted(details));
        }
    }
}
