package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell opens the descriptors, as it does for people. */
class ProcessSecretInputTest {
    @TempDir Path directory;

    /**
     * @param command with {@code "$@"} for the child, whose last argument is the descriptor
     */
    private List<String> run(String command, String descriptor) throws Exception {
        Path out = directory.resolve("out");
        Process process =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                command,
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SecretChild.class.getName(),
                                descriptor)
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }

    @Test
    void aDescriptorIsAFile() throws Exception {
        Files.writeString(directory.resolve("in"), "correct horse\r\nstaple\n");
        assertThat(run("printf 'first\\nsecond' | \"$@\" 3<in", "3"))
                .containsExactly("line=correct horse", "terminal=false", "rest=first", "second");
    }

    @Test
    void aDescriptorIsAPipeThatIsStdin() throws Exception {
        assertThat(run("printf 'first\\nsecond' | \"$@\"", "0"))
                .containsExactly("line=first", "terminal=false", "rest=second");
    }

    @Test
    void aDescriptorIsAFileThatIsStdin() throws Exception {
        Files.writeString(directory.resolve("in"), "correct horse\nstaple\n");
        assertThat(run("\"$@\" <in", "0"))
                .containsExactly("line=correct horse", "terminal=false", "rest=staple");
    }

    @Test
    void aDescriptorIsAPipeBesideStdin() throws Exception {
        assertThat(run("printf 'first\\nsecond' | \"$@\" 4<&0 </dev/null", "4"))
                .containsExactly("line=first", "terminal=false", "rest=");
    }
}
