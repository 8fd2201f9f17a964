package dev.loam.cli;

import dev.loam.Memory;
import dev.loam.OpenReport;
import dev.loam.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process is killed in the middle of writing; what it acknowledged is there afterwards. */
final class CrashStep implements DemoStep {
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 500;
    private static final Pattern KEY = Pattern.compile("killed/(\\d{7})");

    @Override
    public String title() {
        return "Kill it while it writes";
    }

    @Override
    public Outcome run(DemoScene scene) {
        Path log = scene.directory().resolve("killed-writer.log");
        List<Integer> acknowledged = new ArrayList<>();
        int exitCode;
        try (ChildProcess child =
                ChildProcess.start(
                        log,
                        List.of(
                                "demo-writer",
                                "--store=" + scene.first(),
                                "--vault=" + DemoScene.VAULT))) {
            collect(child.readLines(ACKNOWLEDGED_BEFORE_THE_KILL), acknowledged);
            child.kill();
            // What it managed to say before the signal reached it counts too.
            collect(child.readLines(Integer.MAX_VALUE), acknowledged);
            exitCode = child.exitCode();
            scene.say(
                    "process %d wrote from 8 threads and was killed (SIGKILL, exit code %d)"
                            .formatted(child.pid(), exitCode));
        }
        if (acknowledged.isEmpty()) {
            return new Outcome(
                    "the process wrote nothing: " + tail(log), JsonObject.builder().build());
        }
        return count(scene, acknowledged);
    }

    private static void collect(List<String> lines, List<Integer> acknowledged) {
        for (String line : lines) {
            Matcher key = KEY.matcher(line);
            if (key.matches()) {
                acknowledged.add(Integer.parseInt(key.group(1)));
            }
        }
    }

    private static Outcome count(DemoScene scene, List<Integer> acknowledged) {
        Stopwatch stopwatch = Stopwatch.started();
        try (OpenStore store = scene.open(scene.first())) {
            double millis = stopwatch.seconds() * 1e3;
            OpenReport report = store.loam().openReport();
            long found = acknowledged.stream().filter(number -> isThere(store, number)).count();
            scene.say(
                    "reopened in %.0f ms, %d writes read back from the log"
                            .formatted(millis, report.replayedBatches()));
            scene.say(
                    "%d memories acknowledged before the kill, %d of them found"
                            .formatted(acknowledged.size(), found));
            return Outcome.of(
                    found == acknowledged.size(),
                    "acknowledged memories are lost",
                    JsonObject.builder()
                            .put("acknowledged", acknowledged.size())
                            .put("found", found)
                            .put("reopenMillis", millis)
                            .put("replayedBatches", report.replayedBatches())
                            .build());
        }
    }

    private static boolean isThere(OpenStore store, int number) {
        Optional<Memory> memory = store.vault().get(WriterCommand.key(number));
        return memory.map(Memory::text).filter(WriterCommand.text(number)::equals).isPresent();
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException failed) {
            throw new UncheckedIOException(log + " cannot be read", failed);
        }
    }
}
