package dev.loam.json;

import java.util.Optional;

/**
 * What of a vault is exported.
 *
 * @param session only the memories whose field {@code session} is this text
 * @param vectors whether with them; without, they can be computed again
 * @param history whether with the changes that made each memory what it is
 */
public record ExportOptions(Optional<String> session, boolean vectors, boolean history) {
    /** All memories with their vectors, without their history. */
    public static ExportOptions all() {
        return new ExportOptions(Optional.empty(), true, false);
    }

    public ExportOptions session(String only) {
        return new ExportOptions(Optional.of(only), vectors, history);
    }

    public ExportOptions withoutVectors() {
        return new ExportOptions(session, false, history);
    }

    public ExportOptions withHistory() {
        return new ExportOptions(session, vectors, true);
    }
}
