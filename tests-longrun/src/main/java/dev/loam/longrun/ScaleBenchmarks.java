package dev.loam.longrun;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a store of a million memories costs: to open, to reopen after a kill, to rebuild, to scan.
 * Each step runs in a JVM of its own, the measured ones with a heap of 256 MiB. Started by {@code
 * tools/bench scale}; no test asserts on the figures.
 */
public final class ScaleBenchmarks {
    private static final int TAIL = 10_000;
    private static final String SMALL_HEAP = "-Xmx256m";

    private final Path directory;
    private final String count;

    private ScaleBenchmarks(Path directory, String count) {
        this.directory = directory;
        this.count = count;
    }

    /** Arguments: a directory to work in; how many memories, a million if that is left out. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-scale");
        try {
            new ScaleBenchmarks(directory, arguments.length > 1 ? arguments[1] : "1000000").run();
        } finally {
            Benchmarks.delete(directory);
        }
    }

    private void run() throws Exception {
        Path store = directory.resolve("store");
        step("-Xmx1g", "fill", store, count);
        step(SMALL_HEAP, "scan", store);
        step(SMALL_HEAP, "serve", store, count);
        step(SMALL_HEAP, "rebuild", store);
        Path before = directory.resolve("index-before");
        linkTree(store.resolve("index"), before);
        killedTail(store);
        // The index as the tail found it: none of the tail is in it, whatever was committed since.
        Benchmarks.delete(store.resolve("index"));
        Files.move(before, store.resolve("index"));
        step(SMALL_HEAP, "reopen", store);
        Benchmarks.delete(store.resolve("index"));
        step(SMALL_HEAP, "reopen", store);
    }

    private static void step(String heap, String... arguments) throws Exception {
        Process child =
                start(heap, arguments).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
        int status = child.waitFor();
        if (status != 0) {
            throw new AssertionError(arguments[0] + " ended with status " + status);
        }
    }

    private void step(String heap, String name, Path store) throws Exception {
        step(heap, name, store.toString());
    }

    private void step(String heap, String name, Path store, String count) throws Exception {
        step(heap, name, store.toString(), count);
    }

    private static void killedTail(Path store) throws Exception {
        Process child = start("-Xmx1g", "tail", store.toString(), Integer.toString(TAIL)).start();
        try (var lines = child.inputReader()) {
            String line = lines.readLine();
            if (!"written".equals(line)) {
                throw new AssertionError("the tail was not written");
            }
            child.toHandle().destroyForcibly();
        }
        child.waitFor();
    }

    private static ProcessBuilder start(String heap, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Xmx"))
                .forEach(command::add);
        command.addAll(List.of(heap, "-cp", System.getProperty("java.class.path")));
        command.add(ScaleStep.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Lucene never writes to a file again, so that links keep what was there. */
    private static void linkTree(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                    Files.createLink(to.resolve(file.getFileName()), file);
                }
            }
        }
    }
}
