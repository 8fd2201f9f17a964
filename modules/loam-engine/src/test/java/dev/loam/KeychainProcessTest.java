package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.Keychain;
import dev.loam.crypto.KeychainTool;
import dev.loam.crypto.KeychainTool.Answer;
import dev.loam.crypto.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts stand for the keychain's tool. */
class KeychainProcessTest {
    private static final long PATIENT_MILLIS = 60_000;

    @TempDir Path directory;

    private KeychainTool tool(long timeoutMillis) {
        return new KeychainProcess(
                Map.of("HOME", directory.toString(), "PATH", "/nowhere", "LOAM_KEY", "none"),
                timeoutMillis);
    }

    private Path script(String... lines) throws IOException {
        Path script = directory.resolve("secret-tool");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private Answer run(long timeoutMillis, Path script, String... arguments) {
        List<String> command =
                Stream.concat(Stream.of(script.toString()), List.of(arguments).stream()).toList();
        try (Secret input = Secret.take("the key".getBytes(StandardCharsets.US_ASCII))) {
            return tool(timeoutMillis).run(command, input);
        }
    }

    private static String text(Secret output) {
        return output.with(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static void assertEnded(Answer answer, int exitCode, String output) {
        assertThat(answer).isInstanceOf(Answer.Ended.class);
        try (Answer.Ended ended = (Answer.Ended) answer) {
            assertThat(text(ended.output())).isEqualTo(output);
            assertThat(ended.exitCode()).isEqualTo(exitCode);
        }
    }

    private static void assertFailed(Answer answer, String why) {
        assertThat(answer).isEqualTo(new Answer.Failed(why));
    }

    @Test
    void theToolGetsItsInputOverStdinAndAnswersOverStdout() throws IOException {
        Path script = script("cat", "echo \" $1\"", "echo noise >&2", "exit 3");
        assertEnded(run(PATIENT_MILLIS, script, "store"), 3, "the key store\n");
    }

    @Test
    void aToolThatReadsNothingEndsAllTheSame() throws IOException {
        assertEnded(run(PATIENT_MILLIS, script("exec <&-", "echo done")), 0, "done\n");
    }

    @Test
    void theToolSeesWhatItNeedsToFindTheKeychainAndNoMore() throws IOException {
        Answer answer = run(PATIENT_MILLIS, script("/usr/bin/env"));
        try (Answer.Ended ended = (Answer.Ended) answer) {
            // The shell adds some of its own.
            assertThat(text(ended.output()).lines().map(line -> line.replaceFirst("=.*", "")))
                    .contains("HOME")
                    .isSubsetOf("HOME", "PWD", "OLDPWD", "SHLVL", "_");
        }
    }

    @Test
    void aToolThatHangsIsEndedWithWhatItStarted() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        FutureTask<String> heard = new FutureTask<>(() -> Files.readString(pipe));
        Thread.ofPlatform().daemon().start(heard);
        Path script =
                script(
                        "exec 3>\"$HOME/pipe\"",
                        "(sleep 20; echo late >&3) &",
                        "wait",
                        "echo late >&3");
        assertFailed(run(2_000, script), "did not answer within 2.0 s");
        // On a machine so slow that the script came to nothing this lets the reader begin.
        FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
        // The end of the pipe: nobody is left who could write to it.
        assertThat(heard.get()).isEmpty();
    }

    @Test
    void aToolThatPrintsWithoutEndIsEnded() throws IOException {
        assertFailed(
                run(PATIENT_MILLIS, script("while :; do echo loamkey1-; done")),
                "printed more than 4096 bytes");
    }

    @Test
    void outputHasALimit() throws IOException {
        String most = "x".repeat(KeychainProcess.OUTPUT_BYTES_MAX);
        assertEnded(run(PATIENT_MILLIS, script("printf %s " + most)), 0, most);
        assertFailed(
                run(PATIENT_MILLIS, script("printf %s " + most + "x")),
                "printed more than 4096 bytes");
    }

    @Test
    void whatIsNoProgramIsTold() throws IOException {
        assertFailed(run(PATIENT_MILLIS, directory.resolve("absent")), "cannot be started");
        Path script = script("exit 0");
        Files.writeString(script, "\0");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-------"));
        assertFailed(run(PATIENT_MILLIS, script), "cannot be started");
    }

    @Test
    void whoeverIsInterruptedDoesNotWait() throws IOException {
        Path script = script("sleep 600");
        Thread.currentThread().interrupt();
        assertFailed(run(PATIENT_MILLIS, script), "was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aKeyGoesIntoTheKeychainAndComesBackByProcesses() throws IOException {
        script(
                "case $1 in",
                "lookup) [ -f \"$HOME/$5\" ] || exit 1; cat \"$HOME/$5\" ;;",
                "store) cat > \"$HOME/$6\" ;;",
                "clear) rm \"$HOME/$5\" ;;",
                "esac");
        Keychain keychain = Keychain.find("Linux", List.of(directory), tool(PATIENT_MILLIS));
        try (Secret made = keychain.create("home", new SecureRandom());
                Secret found = keychain.open("home")) {
            assertThat(found.with(byte[]::clone)).isEqualTo(made.with(byte[]::clone));
        }
        assertThat(Files.readString(directory.resolve("home"))).startsWith("loamkey1-");
        keychain.remove("home");
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> keychain.open("home"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.KEY_SOURCE));
    }

    @Test
    void programsAreLookedForInAbsoluteDirectoriesOnly() {
        assertThat(KeychainProcess.searched(Map.of("PATH", "/a::b:./c:/d")))
                .containsExactly(Path.of("/a"), Path.of("/d"));
        assertThat(KeychainProcess.searched(Map.of())).isNotEmpty();
    }
}
