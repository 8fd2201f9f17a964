package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that find a shell script where the keychain's tool would be. */
class KeychainCommandsTest {
    @TempDir Path directory;
    private Path home;
    private Path items;

    @BeforeEach
    void makeKeychain() throws IOException {
        home =
                Files.createDirectory(
                        directory.resolve("home"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        items = Files.createDirectory(home.resolve("items"));
        Path tool = Files.createDirectory(directory.resolve("bin")).resolve("secret-tool");
        Files.writeString(
                tool,
                """
                #!/bin/sh
                PATH=/usr/bin:/bin
                test -e "$HOME/locked" && exit 1
                case $1 in
                lookup) test -e "$HOME/items/$5" && cat "$HOME/items/$5" ;;
                store) cat > "$HOME/items/$6" ;;
                clear) rm "$HOME/items/$5" ;;
                esac
                """);
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }

    private Run loam(String command) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(
                List.of(
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add(Main.class.getName());
        line.addAll(List.of(command.split(" ")));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder process =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        process.environment().clear();
        process.environment()
                .putAll(
                        Map.of(
                                "HOME",
                                home.toString(),
                                "PATH",
                                directory.resolve("bin").toString()));
        int code = process.start().waitFor();
        return new Run(code, Files.readString(out), Files.readString(err));
    }

    private List<Path> items() throws IOException {
        try (Stream<Path> files = Files.list(items)) {
            return files.toList();
        }
    }

    @Test
    void aKeychainsSlotIsRemovedWithItsItemOrWithout() throws Exception {
        Run made = loam("init --encrypt --make-keychain-item");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(items()).hasSize(1);
        assertThat(loam("key add --make-key-file " + home.resolve("key")).code()).isZero();

        Run kept = loam("key remove 1");
        assertThat(kept.code()).as(kept.err()).isZero();
        assertThat(kept.err()).contains("still in the keychain");
        assertThat(items()).hasSize(1);

        Files.delete(items().getFirst());
        String withFile = " --key-file " + home.resolve("key");
        assertThat(loam("key add --make-keychain-item" + withFile).code()).isZero();
        assertThat(items()).hasSize(1);
        Run refused = loam("key remove 2 --with-keychain-item" + withFile);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("INVALID_ARGUMENT", "not of a keychain");
        Run removed = loam("key remove 1 --with-keychain-item");
        assertThat(removed.code()).as(removed.err()).isZero();
        assertThat(removed.err()).isEmpty();
        assertThat(items()).isEmpty();
    }

    @Test
    void anItemThatTheKeychainKeepsIsTold() throws Exception {
        assertThat(loam("init --encrypt --make-keychain-item").code()).isZero();
        assertThat(loam("key add --make-key-file " + home.resolve("key")).code()).isZero();
        Files.createFile(home.resolve("locked"));

        Run removed = loam("key remove 1 --with-keychain-item --key-file " + home.resolve("key"));
        assertThat(removed.code()).as(removed.err()).isZero();
        assertThat(removed.out()).contains("slot 1 opens the store no more");
        assertThat(removed.err()).contains("may still be in the keychain", "locked");
        assertThat(items()).hasSize(1);
    }
}
