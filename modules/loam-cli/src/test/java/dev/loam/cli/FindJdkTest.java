package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tools/find-jdk.sh} finds on a machine whose root directory is a temporary one. */
final class FindJdkTest {
    @TempDir private Path machine;
    private Path script;

    @BeforeEach
    void moveTheScriptToTheMachine() throws IOException {
        Path original = Path.of("..", "..", "tools", "find-jdk.sh");
        String moved =
                Files.readString(original)
                        .replaceAll("(?m)(?<= )/(?=usr|opt|Library)", machine + "/");
        script = Files.writeString(machine.resolve("find-jdk.sh"), moved);
    }

    @Test
    void withoutAJdkItSaysInOneLineWhatIsMissingAndWhereItLooked() throws Exception {
        Found found = find(Map.of());
        assertThat(found.code()).isEqualTo(1);
        assertThat(found.output())
                .startsWith("Loam needs a JDK 25 or newer")
                .contains("LOAM_JAVA_HOME")
                .contains("/usr/lib/jvm")
                .hasLineCount(1);
    }

    @Test
    void aMachineWithoutHomeDirectoriesIsSearchedToo() throws Exception {
        assertThat(find(Map.of("HOME", "")).output()).startsWith("Loam needs a JDK 25");
    }

    @Test
    void anOlderOneOrOneWithoutCompilerDoesNotCount() throws Exception {
        jdk("usr/lib/jvm/jdk-17", "17.0.15", true);
        jdk("usr/lib/jvm/jre-25", "25.0.1", false);
        assertThat(find(Map.of()).code()).isEqualTo(1);
    }

    @Test
    void oneAmongOlderOnesIsFound() throws Exception {
        jdk("usr/lib/jvm/jdk-17", "17.0.15", true);
        Path wanted = jdk("usr/lib/jvm/jdk-25", "25", true);
        assertThat(find(Map.of())).isEqualTo(new Found(0, wanted + "\n"));
    }

    @Test
    void theVariableWins() throws Exception {
        jdk("usr/lib/jvm/jdk-25", "25.0.1", true);
        Path wanted = jdk("own", "26-ea", true);
        assertThat(find(Map.of("LOAM_JAVA_HOME", wanted.toString())))
                .isEqualTo(new Found(0, wanted + "\n"));
    }

    private Path jdk(String directory, String version, boolean compiler) throws IOException {
        Path home = Files.createDirectories(machine.resolve(directory));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        if (compiler) {
            Files.createDirectories(home.resolve("bin"));
            Files.createFile(
                    home.resolve("bin/javac"),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        return home;
    }

    private record Found(int code, String output) {}

    private Found find(Map<String, String> environment) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "/bin/sh",
                        "-euc",
                        ". \"$1\"; loam_find_jdk; echo \"$JAVA_HOME\"",
                        "sh",
                        script.toString());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", machine.resolve("home").toString());
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Found(process.waitFor(), output);
    }
}
