package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An export: as it is, and with a last line that fits what stands before it. */
public final class FuzzExport implements FuzzTarget {
    private static final int MEMORIES_MAX = 3;

    @Override
    public List<byte[]> seeds() throws IOException {
        return List.of(FormatPages.text("export.md", "EXPORT"));
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.INVALID_JSON,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.CORRUPT,
                ErrorCode.LIMIT_EXCEEDED,
                ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) throws IOException {
        try {
            read(input);
        } catch (LoamException refused) {
            mayBe(refused);
        }
        read(ended(input));
    }

    private static void read(byte[] export) {
        ExportReader reader = ExportReader.of(new ByteArrayInputStream(export), MEMORIES_MAX);
        String last = "";
        for (Optional<ExportReader.Item> item = reader.next();
                item.isPresent();
                item = reader.next()) {
            assertThat(item.get().memory().key()).isNotEqualTo(last);
            last = item.get().memory().key();
            item.get().origin();
        }
        assertThat(reader.counts().memories()).isLessThanOrEqualTo(MEMORIES_MAX);
    }

    /** The same lines but the last, and behind them the one that belongs there. */
    private static byte[] ended(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        LinesHash hash = new LinesHash();
        ExportCounts counts = ExportCounts.NONE;
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        for (String line : lines.subList(0, Math.max(0, lines.size() - 1))) {
            hash.add(line);
            counts = line.startsWith("{\"memory\"") ? counts.plusMemory() : counts;
            counts = line.startsWith("{\"change\"") ? counts.plusChange() : counts;
            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String last = ExportTrailer.write(counts, hash).toString();
        to.write((last + "\n").getBytes(StandardCharsets.UTF_8));
        return to.toByteArray();
    }
}
