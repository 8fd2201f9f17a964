package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Receipt;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code loam demo-writer}: what the demo kills. Writes memories without end, several at a time,
 * and prints the key of each once it is durable.
 */
@Command(name = "demo-writer", hidden = true, description = "What loam demo kills.")
final class WriterCommand implements Callable<Integer> {
    static final String SESSION = "killed-writer";
    private static final int WRITERS = 8;

    // Ends a writer whose parent went away without killing it.
    private static final int MEMORIES_MAX = 1_000_000;

    @Mixin private final CommonOptions common = new CommonOptions();

    static String key(int number) {
        return "killed/%07d".formatted(number);
    }

    static String text(int number) {
        return "Memory number " + number + " of a process that is going to be killed.";
    }

    @Override
    public Integer call() {
        AtomicInteger next = new AtomicInteger();
        try (OpenStore store = common.openOrMake(LoamOptions.unencrypted());
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks =
                    IntStream.range(0, WRITERS)
                            .<Callable<Void>>mapToObj(writer -> () -> write(store, next))
                            .toList();
            writers.invokeAll(tasks);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK.number();
    }

    private Void write(OpenStore store, AtomicInteger next) {
        for (int number = next.getAndIncrement();
                number < MEMORIES_MAX;
                number = next.getAndIncrement()) {
            Receipt receipt =
                    store.vault()
                            .put(
                                    Memory.of(text(number))
                                            .key(key(number))
                                            .field("session", SESSION)
                                            .field("turn", number));
            acknowledge(receipt.key());
        }
        return null;
    }

    private synchronized void acknowledge(String key) {
        common.print(key);
    }
}
