package dev.loam.longrun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What the raw scanner reads of a store, as text.
 *
 * @param texts the payloads in order
 * @param faults what is not as the format says
 */
public record RawPayloads(List<String> texts, List<String> faults) {
    public RawPayloads {
        texts = List.copyOf(texts);
        faults = List.copyOf(faults);
    }

    public static RawPayloads of(Path store) throws IOException {
        RawLog log = RawLog.of(store);
        return new RawPayloads(
                log.entries().stream()
                        .map(
                                entry ->
                                        new String(
                                                entry.latin1()
                                                        .getBytes(StandardCharsets.ISO_8859_1),
                                                StandardCharsets.UTF_8))
                        .toList(),
                log.faults());
    }
}
