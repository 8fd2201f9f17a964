package dev.loam.json;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The first line of an export.
 *
 * @param vault the name that the vault had
 * @param made when, by the clock of who made it
 * @param options what is in it
 */
public record ExportHeader(String vault, Instant made, ExportOptions options) {
    private static final String FORM = "loamExport";
    private static final long FORM_NUMBER = 1;

    JsonObject write() {
        return JsonObject.builder()
                .put(FORM, FORM_NUMBER)
                .put("vault", vault)
                .put("made", made)
                .putIfPresent("session", options.session())
                .put("vectors", options.vectors())
                .put("history", options.history())
                .build();
    }

    /**
     * Whether an export begins so, of whatever version.
     *
     * @param text the first characters of a file
     */
    public static boolean isAtBeginningOf(String text) {
        return text.startsWith("{\"" + FORM + "\"");
    }

    static ExportHeader read(String line) {
        if (!isAtBeginningOf(line)) {
            throw new LoamException(
                    ErrorCode.INVALID_JSON, "an export of Loam's does not begin so");
        }
        JsonObject header = ExportLine.object(JsonValue.parse(line));
        if (!(header.member(FORM).orElseThrow() instanceof JsonValue.Whole(long form))) {
            throw ExportLine.refused("\"" + FORM + "\" is not a number");
        }
        if (form != FORM_NUMBER) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the export has form "
                            + form
                            + "; this version of Loam reads form "
                            + FORM_NUMBER
                            + ". Import it with the newer version that wrote it");
        }
        ExportLine.requireOnly(
                header, Set.of(FORM, "vault", "made", "session", "vectors", "history"));
        return new ExportHeader(
                ExportLine.text(header, "vault"),
                made(header),
                new ExportOptions(
                        header.member("session").isPresent()
                                ? Optional.of(ExportLine.text(header, "session"))
                                : Optional.empty(),
                        ExportLine.truth(header, "vectors"),
                        ExportLine.truth(header, "history")));
    }

    private static Instant made(JsonObject header) {
        try {
            return Instant.parse(ExportLine.text(header, "made"));
        } catch (DateTimeException malformed) {
            throw new LoamException(
                    ErrorCode.INVALID_JSON, "\"made\" is no time in ISO-8601", malformed);
        }
    }
}
