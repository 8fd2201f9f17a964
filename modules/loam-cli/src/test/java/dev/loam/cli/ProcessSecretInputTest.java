package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell opens the descriptors, as it does for people. */
class ProcessSecretInputTest {
    @TempDir Path directory;

    private List<String> run(String descriptor, String redirections) throws Exception {
        Path out = directory.resolve("out");
        Process process =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "exec \"$0\" -cp \"$1\" dev.loam.cli.SecretChild "
                                        + descriptor
                                        + redirections,
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                System.getProperty("java.class.path"))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        process.getOutputStream().write("first\nsecond\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        assertThat(process.waitFor()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }

    @Test
    void aDescriptorIsAFile() throws Exception {
        Files.writeString(directory.resolve("in"), "correct horse\r\nstaple\n");
        assertThat(run("3", " 3<in"))
                .containsExactly("line=correct horse", "terminal=false", "rest=first", "second");
    }

    @Test
    void aDescriptorIsAPipeThatIsStdin() throws Exception {
        assertThat(run("0", "")).containsExactly("line=first", "terminal=false", "rest=second");
    }

    @Test
    void aDescriptorIsAFileThatIsStdin() throws Exception {
        Files.writeString(directory.resolve("in"), "correct horse\nstaple\n");
        assertThat(run("0", " <in"))
                .containsExactly("line=correct horse", "terminal=false", "rest=staple");
    }

    @Test
    void aDescriptorIsAPipeBesideStdin() throws Exception {
        assertThat(run("4", " 4<&0 </dev/null"))
                .containsExactly("line=first", "terminal=false", "rest=");
    }
}
