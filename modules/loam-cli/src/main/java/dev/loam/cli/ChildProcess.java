package dev.loam.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another process that runs this program, with the same JVM, flags and classes. */
final class ChildProcess implements AutoCloseable {
    /** Nothing that the demo waits for takes this long; a child that hangs is ended. */
    private static final long LIFE_SECONDS_MAX = 120;

    private final Process process;
    private final BufferedReader out;

    private ChildProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it; its stderr goes to {@code log}. */
    static ChildProcess start(Path log, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classPath = System.getProperty("java.class.path");
        // The manifest's flags count only where the jar itself is started.
        if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, Main.class.getName()));
        }
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
            CompletableFuture.delayedExecutor(LIFE_SECONDS_MAX, TimeUnit.SECONDS)
                    .execute(process.toHandle()::destroyForcibly);
            return new ChildProcess(process);
        } catch (IOException failed) {
            throw new UncheckedIOException("a child process cannot be started", failed);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Up to {@code count} lines of its stdout; fewer only if it ended. */
    List<String> readLines(int count) {
        List<String> lines = new ArrayList<>();
        try {
            for (String line = ""; lines.size() < count; lines.add(line)) {
                line = out.readLine();
                if (line == null) {
                    return lines;
                }
            }
            return lines;
        } catch (IOException failed) {
            throw new UncheckedIOException("the child's output cannot be read", failed);
        }
    }

    /** SIGKILL: it gets no chance to tidy up. What it has printed can still be read. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for its end. */
    int exitCode() {
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
    }
}
