package dev.loam.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The command {@code tools/fuzz}: runs targets, two at a time, or one of them on one input. */
public final class Fuzz {
    private static final String ALL = "all";
    private static final int SECONDS = 300;
    private static final int SECONDS_MAX = 86_400;
    private static final int LANES = 2;
    private static final int FOUND = 1;
    private static final int MISUSED = 2;

    /** What was asked for. */
    private record Request(List<String> targets, int seconds, Optional<Path> input) {}

    /** Why it cannot be asked for. */
    private static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        Misuse(String why) {
            super(why);
        }
    }

    private Fuzz() {}

    /**
     * @param arguments the directory to work in, then what the command was given
     */
    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        try {
            Request request = request(List.of(arguments).subList(1, arguments.length));
            if (request.input().isPresent()) {
                FuzzJudge.judge(
                        FuzzTargets.named(request.targets().getFirst()),
                        Files.readAllBytes(request.input().get()));
                System.out.println("answered as it must be");
            } else if (FuzzProcess.obstacle().isPresent()) {
                System.out.println("skipped: " + FuzzProcess.obstacle().get());
            } else if (!run(request.targets(), work, request.seconds())) {
                System.exit(FOUND);
            }
        } catch (Misuse misuse) {
            System.err.println("tools/fuzz: " + misuse.getMessage() + "; --help says more");
            System.exit(MISUSED);
        }
    }

    private static Request request(List<String> arguments) throws Misuse {
        Optional<String> target = Optional.empty();
        int seconds = SECONDS;
        Optional<Path> input = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--seconds" -> seconds = seconds(valueOf(arguments, ++i));
                case "--input" -> input = Optional.of(file(valueOf(arguments, ++i)));
                default -> {
                    if (argument.startsWith("-") || target.isPresent()) {
                        throw new Misuse(argument + " is no option, or one target too many");
                    }
                    target = Optional.of(argument);
                }
            }
        }
        String named = target.orElse(ALL);
        if (named.equals(ALL) && input.isEmpty()) {
            return new Request(FuzzTargets.names(), seconds, input);
        }
        if (!FuzzTargets.names().contains(named)) {
            throw new Misuse(
                    named + " is no target; there are " + String.join(", ", FuzzTargets.names()));
        }
        return new Request(List.of(named), seconds, input);
    }

    private static String valueOf(List<String> arguments, int at) throws Misuse {
        if (at == arguments.size()) {
            throw new Misuse(arguments.getLast() + " needs a value");
        }
        return arguments.get(at);
    }

    private static int seconds(String text) throws Misuse {
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > SECONDS_MAX) {
            throw new Misuse("--seconds takes a number from 1 to " + SECONDS_MAX);
        }
        return Integer.parseInt(text);
    }

    private static Path file(String text) throws Misuse {
        if (!Files.isRegularFile(Path.of(text))) {
            throw new Misuse(text + " is no file");
        }
        return Path.of(text);
    }

    /** Whether nothing was found. */
    static boolean run(List<String> targets, Path work, int seconds) throws Exception {
        List<Future<FuzzProcess.Outcome>> running = new ArrayList<>();
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            for (String target : targets) {
                running.add(lanes.submit(() -> runOne(target, work, seconds)));
            }
        }
        boolean isClean = true;
        for (Future<FuzzProcess.Outcome> each : running) {
            isClean &= each.get().finding().isEmpty();
        }
        return isClean;
    }

    private static FuzzProcess.Outcome runOne(String target, Path work, int seconds)
            throws Exception {
        try (FuzzProcess process = FuzzProcess.start(target, work, seconds)) {
            FuzzProcess.Outcome outcome = process.await();
            tell(outcome, seconds);
            return outcome;
        }
    }

    private static void tell(FuzzProcess.Outcome outcome, int seconds) {
        System.err.printf(
                Locale.ROOT,
                "counters: fuzz %s seconds=%d executions=%d edges=%d %s%n",
                outcome.target(),
                seconds,
                outcome.executions(),
                outcome.coverage(),
                outcome.finding().map(where -> "FOUND, " + where).orElse("nothing found"));
    }
}
