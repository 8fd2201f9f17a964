package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the format says what the code writes and reads, byte for byte. */
class FormatPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/index-seal.md");

    @TempDir Path path;

    private static byte[] golden(String block) throws IOException {
        Matcher found =
                Pattern.compile("```hex " + block + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(found.find()).as("block %s of %s", block, PAGE).isTrue();
        return Bytes.fromHex(found.group(1).replaceAll("#.*|\\s", "")).toArray();
    }

    @ParameterizedTest
    @CsvSource({"TEXT, 5, text", "EMPTY, 6, ''"})
    void aFileIsWhatThePageShows(String block, byte fill, String text) throws IOException {
        byte[] key = new byte[32];
        Arrays.fill(key, fill);
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        KeyTable table = new KeyTable(path);
        table.put("file", key, content.length);
        Files.write(path.resolve("file"), golden(block));

        try (Directory disk = FSDirectory.open(path);
                SealedDirectory sealed = new SealedDirectory(disk, table);
                IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
            assertThat(DirectoryContract.rest(in)).isEqualTo(content);
            try (SealingStream out =
                    new SealingStream(
                            disk.createOutput("again", IOContext.DEFAULT),
                            KeyTable.sealer(key),
                            contentBytes -> assertThat(contentBytes).isEqualTo(content.length))) {
                out.write(content);
            }
        }
        assertThat(path.resolve("again")).hasBinaryContent(golden(block));
    }
}
