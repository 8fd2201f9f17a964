package dev.loam.json;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.Set;

/** The last line of an export. */
final class ExportTrailer {
    private static final String END = "end";

    private ExportTrailer() {}

    static JsonObject write(ExportCounts counts, LinesHash before) {
        return JsonObject.builder()
                .put(
                        END,
                        JsonObject.builder()
                                .put("memories", counts.memories())
                                .put("changes", counts.changes())
                                .put("sha256", before.end())
                                .build())
                .build();
    }

    static boolean isIn(JsonObject line) {
        return line.member(END).isPresent();
    }

    /**
     * @param digest of the lines before
     * @throws LoamException {@code CORRUPT} if this is not their trailer
     */
    static void check(JsonObject line, ExportCounts counts, String digest) {
        ExportLine.requireOnly(line, Set.of(END));
        JsonObject end = ExportLine.object(line, END);
        ExportLine.requireOnly(end, Set.of("memories", "changes", "sha256"));
        ExportCounts said =
                new ExportCounts(
                        ExportLine.count(end, "memories"), ExportLine.count(end, "changes"));
        if (!said.equals(counts) || !ExportLine.text(end, "sha256").equals(digest)) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    "the lines before are not those that were exported; take another copy of the"
                            + " file");
        }
    }
}
