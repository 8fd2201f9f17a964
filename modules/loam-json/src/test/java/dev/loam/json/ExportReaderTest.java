package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that no export is, or not any more: each ends in a sentence, and none in a hang. */
final class ExportReaderTest {
    private static final String HEADER =
            "{\"loamExport\":1,\"vault\":\"main\",\"made\":\"2026-01-31T12:00:00Z\","
                    + "\"vectors\":true,\"history\":false}";
    private static final String HEADER_WITH_HISTORY =
            HEADER.replace("\"history\":false", "\"history\":true");
    private static final String FIRST = "{\"memory\":{\"key\":\"a\",\"text\":\"one\"}}";
    private static final String SECOND =
            "{\"memory\":{\"key\":\"b\",\"text\":\"caf\u00e9\",\"fields\":{\"n\":1}},"
                    + "\"conflicts\":{\"n\":[1,{\"binary\":\"AA==\"}]}}";
    private static final Set<ErrorCode> REFUSED =
            EnumSet.of(
                    ErrorCode.INVALID_JSON,
                    ErrorCode.CORRUPT,
                    ErrorCode.FORMAT_VERSION,
                    ErrorCode.LIMIT_EXCEEDED,
                    ErrorCode.INVALID_ARGUMENT);

    private static String sha256(List<String> lines) {
        try {
            String all = String.join("\n", lines) + "\n";
            return Bytes.adopt(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(all.getBytes(StandardCharsets.UTF_8)))
                    .toHex();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** With the trailer that belongs to the lines. */
    private static byte[] file(int memories, int changes, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add(
                "{\"end\":{\"memories\":%d,\"changes\":%d,\"sha256\":\"%s\"}}"
                        .formatted(memories, changes, sha256(all)));
        return (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] file(String... memories) {
        String[] lines = new String[memories.length + 1];
        lines[0] = HEADER;
        System.arraycopy(memories, 0, lines, 1, memories.length);
        return file(memories.length, 0, lines);
    }

    private static ExportReader read(byte[] file, long memoriesMax) {
        InputStream in = new ByteArrayInputStream(file);
        ExportReader reader = ExportReader.of(in, memoriesMax);
        Optional<ExportReader.Item> item = reader.next();
        while (item.isPresent()) {
            item = reader.next();
        }
        assertThat(reader.next()).isEmpty();
        return reader;
    }

    private static ExportReader read(byte[] file) {
        return read(file, ExportReader.MEMORIES_MAX);
    }

    private static void assertRefused(ErrorCode code, byte[] file) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> read(file))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code))
                .withMessageStartingWith("line ");
    }

    private static byte[] memory(String content) {
        return file("{\"memory\":{\"key\":\"a\",\"text\":\"\"," + content + "}}");
    }

    @Test
    void aWholeExportIsReadToItsEnd() {
        byte[] file = file(FIRST, SECOND);
        ExportReader reader = read(file);
        assertThat(reader.counts()).isEqualTo(new ExportCounts(2, 0));
        assertThat(reader.header().vault()).isEqualTo("main");
        assertThat(reader.digest()).hasSize(64);
        assertThat(read(file()).counts()).isEqualTo(ExportCounts.NONE);
    }

    @Test
    void everyByteThatIsAlteredIsRefusedOrHarmless() {
        byte[] file = file(FIRST, SECOND);
        String digest = read(file).digest();
        int harmless = 0;
        for (int at = 0; at < file.length; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] altered = file.clone();
                altered[at] ^= (byte) bit;
                try {
                    assertThat(read(altered).digest()).isEqualTo(digest);
                    harmless++;
                } catch (LoamException refused) {
                    assertThat(refused.code()).as("byte %d, bit %d", at, bit).isIn(REFUSED);
                }
            }
        }
        // A line feed at the end that became a space, or another line's end.
        assertThat(harmless).isLessThan(8);
    }

    @Test
    void everyFileThatWasCutIsRefused() {
        byte[] file = file(FIRST, SECOND);
        for (int length = 0; length < file.length - 1; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatExceptionOfType(LoamException.class)
                    .as("cut to %d", length)
                    .isThrownBy(() -> read(cut))
                    .satisfies(refused -> assertThat(refused.code()).isIn(REFUSED));
        }
        // Without its last line feed.
        read(Arrays.copyOf(file, file.length - 1));
    }

    @Test
    void linesThatAreMissingDoubledOrMovedAreRefused() {
        List<String> lines =
                new String(file(FIRST, SECOND), StandardCharsets.UTF_8).lines().toList();
        for (List<Integer> order :
                List.of(
                        List.of(0, 1, 3),
                        List.of(0, 2, 3),
                        List.of(0, 1, 1, 2, 3),
                        List.of(0, 2, 1, 3),
                        List.of(1, 2, 3),
                        List.of(0, 1, 2),
                        List.of(0, 1, 2, 3, 3),
                        List.of(0, 1, 2, 3, 0, 1, 2, 3),
                        List.of(0, 0, 1, 2, 3))) {
            String spliced = String.join("\n", order.stream().map(lines::get).toList()) + "\n";
            assertThatExceptionOfType(LoamException.class)
                    .as("%s", order)
                    .isThrownBy(() -> read(spliced.getBytes(StandardCharsets.UTF_8)))
                    .satisfies(refused -> assertThat(refused.code()).isIn(REFUSED));
        }
    }

    /** By tools that mean well. */
    @Test
    void aByteOrderMarkAndOtherLineEndsAreHarmless() {
        String file = new String(file(FIRST, SECOND), StandardCharsets.UTF_8);
        String digest = read(file.getBytes(StandardCharsets.UTF_8)).digest();
        for (String other :
                List.of("\ufeff" + file, file.replace("\n", "\r\n"), file.stripTrailing())) {
            assertThat(read(other.getBytes(StandardCharsets.UTF_8)).digest()).isEqualTo(digest);
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        String file = new String(file(FIRST, SECOND), StandardCharsets.UTF_8);
        for (String wrong : List.of("\u0000", "\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080")) {
            byte[] spliced =
                    new String(file.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                            .replace("one", wrong)
                            .getBytes(StandardCharsets.ISO_8859_1);
            assertRefused(ErrorCode.INVALID_JSON, spliced);
        }
        assertRefused(ErrorCode.INVALID_JSON, new byte[1000]);
        assertRefused(ErrorCode.INVALID_JSON, file.getBytes(StandardCharsets.UTF_16));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tags\":[\"x\",7]",
                "\"tags\":{}",
                "\"other\":1",
                "\"text\":\"twice\"",
                "\"fields\":{\"n\":1,\"n\":2}",
                "\"fields\":{\"n\":null}",
                "\"fields\":{\"n\":[1]}",
                "\"fields\":{\"n\":{\"moment\":\"yesterday\"}}",
                "\"fields\":{\"n\":{\"moment\":\"+1000000000-01-01T00:00:00Z\"}}",
                "\"fields\":{\"n\":{\"binary\":\"not base64\"}}",
                "\"fields\":{\"n\":{\"real\":\"1\"}}",
                "\"fields\":{\"n\":1e999999999}",
                "\"fields\":{\"n\":-1e400}",
                "\"fields\":{\"n\":9223372036854775808}",
                "\"fields\":{\"n\":0x10}",
                "\"fields\":{\"n\":NaN}",
                "\"fields\":{\"n\":01}",
                "\"counters\":{\"n\":1.0}",
                "\"logs\":{\"l\":1}",
                "\"vectors\":{\"m\":\"AAA=\"}",
                "\"vectors\":[]",
                "\"time\":12"
            })
    void whatNoMemoryHoldsIsRefused(String content) {
        assertRefused(ErrorCode.INVALID_JSON, memory(content));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"vectors\":{\"m\":\"AADAfw==\"}",
                "\"vectors\":{\"m\":\"AAAAAA==\"}",
                "\"vectors\":{\"../m m\":\"AACAPw==\"}",
                "\"fields\":{\"text\":\"own\"}",
                "\"fields\":{\"\":1}",
                "\"tags\":[\"\"]",
                "\"fields\":{\"a\\u0000b\":1}",
                "\"fields\":{\"n\":\"\\ud800\"}"
            })
    void whatNoStoreTakesIsRefused(String content) {
        assertRefused(ErrorCode.INVALID_ARGUMENT, memory(content));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "null",
                "{}",
                "{\"memory\":1}",
                "{\"memory\":{\"text\":\"no key\"}}",
                "{\"memory\":{\"key\":\"z\"}}",
                "{\"memory\":{\"key\":\"z\",\"text\":\"\"},\"else\":1}",
                "{\"memory\":{\"key\":\"z\",\"text\":\"\"},\"conflicts\":[]}",
                "{\"memory\":{\"key\":\"z\",\"text\":\"\"},\"conflicts\":{\"n\":[1]}}",
                "{\"memory\":{\"key\":\"z\",\"text\":\"\"}}{}",
                "{\"more\":{\"key\":\"z\",\"text\":\"\"}}",
                "{\"more\":{\"key\":\"a\",\"text\":\"text\"}}",
                "{\"change\":{}}",
                "{\"complete\":true}",
                "{\"end\":{\"memories\":1}}",
                "{\"end\":[]}",
                "{\"unknown\":1}"
            })
    void aLineThatNoExportHasIsRefused(String line) {
        assertRefused(ErrorCode.INVALID_JSON, file(2, 0, HEADER, FIRST, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"loamExport\":1}",
                "{\"loamExport\":\"1\"}",
                "{\"loamExport\":1,\"vault\":\"main\",\"made\":\"now\",\"vectors\":true,"
                        + "\"history\":false}",
                "{\"loamExport\":1,\"vault\":\"main\",\"made\":\"2026-01-31T12:00:00Z\","
                        + "\"vectors\":1,\"history\":false}",
                "{\"loamExport\":1,\"vault\":\"main\",\"made\":\"2026-01-31T12:00:00Z\","
                        + "\"vectors\":true,\"history\":false,\"more\":1}",
                "{\"vault\":\"main\",\"loamExport\":1}"
            })
    void aHeaderThatIsNoneIsRefused(String header) {
        assertRefused(ErrorCode.INVALID_JSON, file(0, 0, header));
    }

    @Test
    void anExportOfANewerLoamIsNamed() {
        assertRefused(
                ErrorCode.FORMAT_VERSION, file(0, 0, HEADER.replace("Export\":1", "Export\":2")));
    }

    @Test
    void limitsHoldAtTheNumberAndNotOneAbove() {
        read(file(FIRST, SECOND), 2);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> read(file(FIRST, SECOND), 1))
                .satisfies(
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
        assertRefused(ErrorCode.INVALID_JSON, memory("\"tags\":" + "[".repeat(100_000)));
        assertRefused(
                ErrorCode.INVALID_JSON, memory("\"tags\":" + "[".repeat(62) + "]".repeat(62)));
        read(memory("\"fields\":{\"n\":0." + "1".repeat(98) + "}"));
        assertRefused(
                ErrorCode.INVALID_JSON, memory("\"fields\":{\"n\":0." + "1".repeat(101) + "}"));
        read(memory("\"fields\":{\"" + "n".repeat(256) + "\":1}"));
        assertRefused(ErrorCode.INVALID_JSON, memory("\"fields\":{\"" + "n".repeat(257) + "\":1}"));
        int value = 1 << 20;
        read(memory("\"fields\":{\"n\":\"" + "v".repeat(value) + "\"}"));
        assertRefused(
                ErrorCode.LIMIT_EXCEEDED,
                memory("\"fields\":{\"n\":\"" + "v".repeat(value + 1) + "\"}"));
        assertRefused(
                ErrorCode.INVALID_JSON,
                memory("\"fields\":{\"n\":\"" + "v".repeat((2 << 20) + 1) + "\"}"));
        assertRefused(ErrorCode.LIMIT_EXCEEDED, file(FIRST, " ".repeat((16 << 20) + 1)));
    }

    /** Parts, or a past, without an end. */
    @Test
    void aMemoryThatGrowsWithoutEndIsRefused() {
        String more =
                "{\"more\":{\"key\":\"a\",\"text\":\"\",\"fields\":{\"n\":\"%s\"}}}"
                        .formatted("v".repeat(1 << 20));
        byte[] part = (more + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] begin = (HEADER + "\n" + FIRST + "\n").getBytes(StandardCharsets.UTF_8);
        InputStream endless =
                new InputStream() {
                    private long at;

                    @Override
                    public int read() {
                        long next = at++;
                        return next < begin.length
                                ? begin[(int) next]
                                : part[(int) ((next - begin.length) % part.length)];
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        for (int i = 0; i < length; i++) {
                            target[offset + i] = (byte) read();
                        }
                        return length;
                    }
                };
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> ExportReader.of(endless, 10).next())
                .satisfies(
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
    }

    @Test
    void historyIsReadWithItsMemoryAndNowhereElse() {
        String change = "{\"change\":{\"time\":\"2026-01-31T12:00:00Z\",\"kind\":\"set\"}}";
        String complete = "{\"complete\":false}";
        byte[] file = file(2, 1, HEADER_WITH_HISTORY, FIRST, change, complete, SECOND, complete);
        ExportReader reader = ExportReader.of(new ByteArrayInputStream(file), 10);
        ExportReader.Item first = reader.next().orElseThrow();
        assertThat(first.changes()).hasSize(1);
        assertThat(first.complete()).isFalse();
        assertThat(reader.next().orElseThrow().changes()).isEmpty();
        assertThat(reader.next()).isEmpty();

        assertRefused(ErrorCode.INVALID_JSON, file(1, 1, HEADER, FIRST, change, complete));
        assertRefused(ErrorCode.INVALID_JSON, file(1, 1, HEADER_WITH_HISTORY, FIRST, change));
        assertRefused(
                ErrorCode.INVALID_JSON, file(1, 1, HEADER_WITH_HISTORY, change, FIRST, complete));
        assertRefused(ErrorCode.CORRUPT, file(1, 2, HEADER_WITH_HISTORY, FIRST, change, complete));
    }

    /** A message goes to logs and terminals; a memory does not. */
    @Test
    void noMessageQuotesTheFile() {
        for (String content :
                List.of(
                        "\"tags\":[\"SECRET\",7]",
                        "\"SECRET\":1",
                        "\"fields\":{\"n\":SECRET}",
                        "\"text\":\"SECRET\"",
                        "\"fields\":{\"n\":{\"moment\":\"SECRET\"}}",
                        "\"fields\":{\"n\":{\"binary\":\"SECRET!\"}}")) {
            assertThatExceptionOfType(LoamException.class)
                    .isThrownBy(() -> read(memory(content)))
                    .satisfies(
                            refused -> assertThat(refused.getMessage()).doesNotContain("SECRET"));
        }
    }

    @Property(tries = 2000)
    void whateverTheBytesAreTheyEndInASentence(
            @ForAll @IntRange(max = 400) int at, @ForAll byte[] noise, @ForAll boolean over) {
        byte[] file = file(FIRST, SECOND);
        int cut = Math.min(at, file.length);
        byte[] spliced = new byte[file.length + noise.length];
        System.arraycopy(file, 0, spliced, 0, cut);
        System.arraycopy(noise, 0, spliced, cut, noise.length);
        int skipped = over ? Math.min(noise.length, file.length - cut) : 0;
        System.arraycopy(
                file, cut + skipped, spliced, cut + noise.length, file.length - cut - skipped);
        byte[] all = Arrays.copyOf(spliced, spliced.length - skipped);
        try {
            assertThat(read(all).digest()).isEqualTo(read(file).digest());
        } catch (LoamException refused) {
            assertThat(refused.code()).isIn(REFUSED);
            return;
        } catch (RuntimeException bug) {
            fail("not a sentence", bug);
        }
    }
}
