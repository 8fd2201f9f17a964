package dev.loam.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One target under Jazzer in a process of its own, for so many seconds. What it prints is kept in a
 * file and read as figures only. Nothing is written but in the directory of its own.
 */
final class FuzzProcess implements AutoCloseable {
    /** Longer than any seed of a target. */
    private static final int INPUT_BYTES_MAX = 16 << 10;

    /** An answer that takes longer is a finding, on a machine that does other things as well. */
    private static final int ANSWER_SECONDS_MAX = 30;

    private static final int RESIDENT_MEBIBYTES_MAX = 2_048;

    private static final String DRIVER = "com.code_intelligence.jazzer.Jazzer";
    private static final Pattern RUNS =
            Pattern.compile("stat::number_of_executed_units: *([0-9]+)");
    private static final Pattern COVERAGE = Pattern.compile(" cov: ([0-9]+) ft:");

    /**
     * What came of it.
     *
     * @param executions as Jazzer counts them
     * @param coverage edges of Loam's code that were reached
     * @param finding where to look, if there was one
     */
    record Outcome(String target, long executions, long coverage, Optional<String> finding) {}

    private final String target;
    private final Path directory;
    private final Process process;

    private FuzzProcess(String target, Path directory, Process process) {
        this.target = target;
        this.directory = directory;
        this.process = process;
    }

    /** Why this machine cannot run it, if so. */
    static Optional<String> obstacle() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String platform =
                (system.startsWith("mac") ? "macos" : system.split(" ", 2)[0])
                        + "_"
                        + (machine.equals("amd64") ? "x86_64" : machine);
        String driver = "com/code_intelligence/jazzer/driver/jazzer_driver_" + platform;
        boolean isThere =
                Stream.of("/libjazzer_driver.so", "/libjazzer_driver.dylib", "/jazzer_driver.dll")
                        .anyMatch(each -> ClassLoader.getSystemResource(driver + each) != null);
        return isThere ? Optional.empty() : Optional.of("Jazzer has no driver for " + platform);
    }

    /**
     * Starts it.
     *
     * @param work where the corpora of all targets are kept from one run to the next
     */
    static FuzzProcess start(String target, Path work, int seconds) throws Exception {
        Path directory = work.resolve(target);
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        int count = 0;
        for (byte[] seed : FuzzTargets.named(target).seeds()) {
            Files.write(corpus.resolve("seed-" + count++), seed);
        }
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(command(target, directory, corpus, seconds))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new FuzzProcess(target, directory, process);
    }

    private static List<String> command(String target, Path directory, Path corpus, int seconds) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:+EnableDynamicAgentLoading"));
        command.add("-Djava.awt.headless=true");
        command.add("-Djava.io.tmpdir=" + directory);
        command.add("-D" + FuzzEntry.TARGET + "=" + target);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DRIVER));
        command.add("--target_class=" + FuzzEntry.class.getName());
        command.add("--instrumentation_includes=dev.loam.**");
        command.add("--instrumentation_excludes=dev.loam.fuzz.**");
        // To look for hooks in all other classes takes longer than many runs.
        command.add("--custom_hook_includes=dev.loam.**");
        command.add("--custom_hook_excludes=dev.loam.fuzz.**");
        // Paths are ours; it would try to make the target open others.
        command.add("--disabled_hooks=com.code_intelligence.jazzer.sanitizers.FilePathTraversal");
        command.add("--reproducer_path=" + directory);
        command.add("-artifact_prefix=" + directory + "/");
        command.add("-max_total_time=" + seconds);
        command.add("-max_len=" + INPUT_BYTES_MAX);
        command.add("-timeout=" + ANSWER_SECONDS_MAX);
        command.add("-rss_limit_mb=" + RESIDENT_MEBIBYTES_MAX);
        command.add("-print_final_stats=1");
        command.add(corpus.toString());
        return command;
    }

    /** Waits for its end. */
    Outcome await() throws IOException, InterruptedException {
        int exit = process.waitFor();
        Path log = directory.resolve("log");
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        Optional<String> finding =
                exit == 0 ? Optional.empty() : Optional.of("exit " + exit + ", see " + log);
        return new Outcome(target, last(RUNS, said), last(COVERAGE, said), finding);
    }

    private static long last(Pattern figure, String said) {
        Matcher found = figure.matcher(said);
        long last = 0;
        while (found.find()) {
            last = Long.parseLong(found.group(1));
        }
        return last;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
