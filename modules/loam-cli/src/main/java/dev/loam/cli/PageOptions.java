package dev.loam.cli;

import dev.loam.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --limit} and {@code --cursor} of what is listed a page at a time. */
final class PageOptions {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Length of a page, 1 to 1000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "KEY", description = "Go on after this key.")
    private @Nullable String cursor;

    int limit() {
        return limit;
    }

    Optional<Page.Cursor> cursor() {
        return Optional.ofNullable(cursor).map(Page.Cursor::new);
    }

    /** What goes to stderr where there is more. */
    static String more(Page.Cursor next) {
        return "more: --cursor " + next.after();
    }
}
