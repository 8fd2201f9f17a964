package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of a state do not tell on what machine it came to be. */
class OtherMachineTest {
    /** Turkish has other capitals, Arabic other digits; the last argument is the kind of hash. */
    @ParameterizedTest
    @CsvSource({
        "tr, TR, Asia/Kathmandu, 2, COMPAT",
        "ar, EG, America/St_Johns, 0, UTF-8",
        "de, DE, Pacific/Kiritimati, 4, COMPAT"
    })
    void scenario11AnotherLocaleZoneAndHashSeedGiveEqualBytes(
            String language, String region, String zone, int hash, String encoding)
            throws Exception {
        List<String> expected = new ArrayList<>();
        EveryEncoding.of().forEach((name, bytes) -> expected.add(name + " " + bytes));
        expected.add("locale " + language + "-" + region);
        expected.add("zone " + zone);

        assertThat(
                        printedBy(
                                "-Duser.language=" + language,
                                "-Duser.region=" + region,
                                "-Duser.country=" + region,
                                "-Duser.timezone=" + zone,
                                "-Dfile.encoding=" + encoding,
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:hashCode=" + hash))
                .isEqualTo(expected);
    }

    @Test
    void scenario11TheSameBytesComeASecondTime() {
        assertThat(EveryEncoding.of()).isEqualTo(EveryEncoding.of());
    }

    /** What a machine of these settings makes of the history. */
    private static List<String> printedBy(String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(List.of(settings));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(EveryEncoding.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process child = builder.start();
        try (var output = child.inputReader(StandardCharsets.UTF_8)) {
            return output.lines().toList();
        } finally {
            child.destroy();
        }
    }
}
