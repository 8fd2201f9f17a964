package dev.loam.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run is given by whoever started it.
 *
 * @param home under which the default store lies
 * @param secrets by which ways it is handed them
 * @param terminal whether stderr is one, so that progress may be drawn on it
 * @param columns the width to which text is wrapped
 */
record Surroundings(
        Map<String, String> environment,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        SecretInput secrets,
        boolean terminal,
        int columns) {
    private static final int COLUMNS_DEFAULT = 80;
    private static final int COLUMNS_MIN = 40;

    /** This process's own. Output is UTF-8 whatever the locale says. */
    static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                environment,
                Path.of(environment.getOrDefault("HOME", System.getProperty("user.home"))),
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                new ProcessSecretInput(),
                Boolean.getBoolean("loam.terminal"),
                columns(environment.getOrDefault("COLUMNS", "")));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)),
                false,
                StandardCharsets.UTF_8);
    }

    private static int columns(String text) {
        return text.matches("[0-9]{1,4}")
                ? Math.max(COLUMNS_MIN, Integer.parseInt(text))
                : COLUMNS_DEFAULT;
    }
}
