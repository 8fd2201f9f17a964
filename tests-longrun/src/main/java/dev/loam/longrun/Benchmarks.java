package dev.loam.longrun;

import dev.loam.Filter;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * The figures that the README's claims rest on, each beside what bounds it. Started by tools/bench;
 * no test asserts on them, since a busy machine would fail it.
 */
public final class Benchmarks {
    private static final int DIMENSIONS = 384;
    private static final String MODEL = "bench";
    private static final Random RANDOM = new Random(42);
    private static final String[] WORDS = words();

    private Benchmarks() {}

    /** Arguments: a directory to work in, which is emptied afterwards. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-bench");
        try {
            forceRate(directory);
            writes(directory);
            recall(directory);
            open(directory);
        } finally {
            delete(directory);
        }
    }

    /** What the disk allows one caller at a time: a write of 340 bytes and a force. */
    private static void forceRate(Path directory) throws IOException {
        long[] nanos = new long[500];
        try (FileChannel channel =
                FileChannel.open(
                        directory.resolve("force"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1 << 20), 0);
            channel.force(true);
            for (int i = 0; i < nanos.length; i++) {
                long began = System.nanoTime();
                channel.write(ByteBuffer.allocate(340), i * 340L);
                channel.force(false);
                nanos[i] = System.nanoTime() - began;
            }
        }
        print("write of 340 B and force, plain file", nanos);
    }

    private static void writes(Path directory) throws Exception {
        try (Loam loam = Loam.open(directory.resolve("writes"), LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            long[] nanos = new long[2_000];
            for (int i = 0; i < nanos.length; i++) {
                long began = System.nanoTime();
                vault.put(Memory.of(sentence(40)).key("one-" + i));
                nanos[i] = System.nanoTime() - began;
            }
            print("put, one caller", nanos);
            int count = 30_000;
            long began = System.nanoTime();
            putAll(vault, count, 64, i -> Memory.of(sentence(40)).key("many-" + i));
            System.out.printf(
                    Locale.ROOT,
                    "%-45s %,10.0f /s%n",
                    "put, 64 callers",
                    count / ((System.nanoTime() - began) / 1e9));
        }
    }

    private static void recall(Path directory) throws Exception {
        try (Loam loam = Loam.open(directory.resolve("recall"), LoamOptions.unencrypted())) {
            Vault vault = loam.vault("main");
            putAll(
                    vault,
                    10_000,
                    64,
                    i ->
                            Memory.of(sentence(20))
                                    .key("k%05d".formatted(i))
                                    .field("session", "s" + i / 25)
                                    .vector(MODEL, vector()));
            for (int i = 0; i < 2_000; i++) {
                vault.recall(sentence(8), MODEL, vector(), 10, Filter.all());
            }
            long[] nanos = new long[2_000];
            for (int i = 0; i < nanos.length; i++) {
                String query = sentence(8);
                float[] vector = vector();
                long began = System.nanoTime();
                vault.recall(query, MODEL, vector, 10, Filter.all());
                nanos[i] = System.nanoTime() - began;
            }
            print("recall, 10,000 memories, warm, query embedded", nanos);
            long[] gets = new long[20_000];
            for (int i = 0; i < gets.length; i++) {
                String key = "k%05d".formatted(RANDOM.nextInt(10_000));
                long began = System.nanoTime();
                vault.get(key);
                gets[i] = System.nanoTime() - began;
            }
            print("get, 10,000 memories with vectors, warm", gets);
            long[] mixed = new long[500];
            for (int i = 0; i < mixed.length; i++) {
                vault.put(Memory.of(sentence(20)).key("new-" + i).vector(MODEL, vector()));
                String query = sentence(8);
                float[] vector = vector();
                long began = System.nanoTime();
                vault.recall(query, MODEL, vector, 10, Filter.all());
                mixed[i] = System.nanoTime() - began;
            }
            print("recall right after a put", mixed);
        }
    }

    private static void open(Path directory) throws Exception {
        Path store = directory.resolve("open");
        try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
            long began = System.nanoTime();
            putAll(loam.vault("main"), 100_000, 64, i -> Memory.of(sentence(40)).key("k" + i));
            System.out.printf(
                    Locale.ROOT,
                    "%-45s %,10.1f s%n",
                    "writing 100,000 memories, 64 callers",
                    (System.nanoTime() - began) / 1e9);
            began = System.nanoTime();
            loam.rebuild(Progress.NONE);
            System.out.printf(
                    Locale.ROOT,
                    "%-45s %,10.1f s%n",
                    "rebuilding 100,000 memories",
                    (System.nanoTime() - began) / 1e9);
        }
        long[] nanos = new long[7];
        for (int i = 0; i < nanos.length; i++) {
            long began = System.nanoTime();
            try (Loam loam = Loam.open(store, LoamOptions.unencrypted())) {
                nanos[i] = System.nanoTime() - began;
                if (loam.stats().records() != 100_000) {
                    throw new AssertionError("the store lost memories");
                }
            }
        }
        print("opening 100,000 memories, cleanly closed", nanos);
    }

    interface Maker {
        Memory make(int number);
    }

    static void putAll(Vault vault, int count, int callers, Maker maker) throws Exception {
        Semaphore free = new Semaphore(callers);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                Memory memory = maker.make(i);
                free.acquire();
                executor.execute(
                        () -> {
                            try {
                                vault.put(memory);
                            } finally {
                                free.release();
                            }
                        });
            }
        }
    }

    static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-45s p50 %8.3f ms   p99 %8.3f ms   n %,d%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                nanos.length);
    }

    /** Words whose frequency falls with their rank, as in any language. */
    static String sentence(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            int rank = (int) (Math.exp(RANDOM.nextDouble() * Math.log(WORDS.length)) - 1);
            text.append(WORDS[rank]).append(' ');
        }
        return text.toString();
    }

    /** Exactly so many bytes of words. */
    static String textOf(int bytes) {
        return sentence(bytes / 2).substring(0, bytes);
    }

    private static String[] words() {
        String[] words = new String[20_000];
        for (int i = 0; i < words.length; i++) {
            StringBuilder word = new StringBuilder();
            for (int rest = i + 20; rest > 0; rest /= 20) {
                word.append("bdfgklmnprstvzhjcwxq".charAt(rest % 20))
                        .append("aeiou".charAt(rest % 5));
            }
            words[i] = word.toString();
        }
        return words;
    }

    private static float[] vector() {
        float[] vector = new float[DIMENSIONS];
        double norm = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) RANDOM.nextGaussian();
            norm += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(norm);
        }
        return vector;
    }

    static void delete(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
