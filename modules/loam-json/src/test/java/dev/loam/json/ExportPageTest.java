package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Vault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the format says what the code reads and writes. */
final class ExportPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/export.md");

    @TempDir Path directory;

    private static String golden() throws IOException {
        Matcher found =
                Pattern.compile("```text EXPORT\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void theExportOnThePageIsReadAndWrittenAgain() throws IOException {
        String page = golden();
        ExportReader reader =
                ExportReader.of(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)), 2);
        List<String> lines = new ArrayList<>();
        try (Loam loam = Loam.open(directory, LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            for (Optional<ExportReader.Item> item = reader.next();
                    item.isPresent();
                    item = reader.next()) {
                vault.restore(item.get().memory());
            }
            VaultExport.write(
                    vault, ExportOptions.all(), Instant.parse("2026-01-31T12:00:00Z"), lines::add);
        }
        assertThat(lines).isEqualTo(page.lines().toList());
    }
}
