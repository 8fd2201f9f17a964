package dev.loam.longrun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What the raw scanner reads of a store, as text.
 *
 * @param parts in order
 * @param faults what is not as the format says
 */
public record RawPayloads(List<Part> parts, List<String> faults) {
    /** What a payload is. */
    public enum Kind {
        ENTRY,
        PACK,
        STATES
    }

    /**
     * One payload.
     *
     * @param count of the positions that it takes
     */
    public record Part(Kind kind, int count, String text) {}

    public RawPayloads {
        parts = List.copyOf(parts);
        faults = List.copyOf(faults);
    }

    public static RawPayloads of(Path store) throws IOException {
        RawLog log = RawLog.of(store);
        return new RawPayloads(
                log.entries().stream()
                        .map(entry -> new Part(entry.kind(), entry.count(), text(entry)))
                        .toList(),
                log.faults());
    }

    private static String text(RawLog.Entry entry) {
        byte[] payload = entry.latin1().getBytes(StandardCharsets.ISO_8859_1);
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The payloads of a log that was never compacted. */
    public List<String> texts() {
        return parts.stream().map(Part::text).toList();
    }
}
