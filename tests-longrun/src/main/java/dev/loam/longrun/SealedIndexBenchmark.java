package dev.loam.longrun;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.StoreId;
import dev.loam.core.VaultId;
import dev.loam.index.CandidateLists;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.IndexSealing;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.Projection;
import dev.loam.index.QueryVector;
import dev.loam.index.RecordChange;
import dev.loam.index.RecordIndex;
import dev.loam.index.SearchFilter;
import dev.loam.index.SearchRequest;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What sealing an index costs, against the same index in the clear: opening, searching, reading.
 * Each measurement runs in a JVM of its own, in turns, and is of the processor time of its thread.
 * Started by {@code tools/bench index}; no test asserts on the figures.
 */
public final class SealedIndexBenchmark {
    private static final int DIMENSIONS = 384;
    private static final int BLOCK_BYTES = 4_096;
    private static final int TURNS = 5;
    private static final int OPENINGS = 5;
    private static final int WARMING = 1_000;
    private static final int CALLS = 500;
    private static final String MODEL = "bench";
    private static final VaultId VAULT = new VaultId(Bytes.adopt(new byte[VaultId.SIZE]));
    private static final StoreId STORE = new StoreId(VAULT.bytes());
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Path directory;
    private final Random random = new Random(7);

    private SealedIndexBenchmark(Path directory) {
        this.directory = directory;
    }

    /** Arguments: a directory to work in; how many records, 20,000 if that is left out. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("measure")) {
            new SealedIndexBenchmark(Path.of(arguments[1])).measure();
            return;
        }
        Path work = Files.createTempDirectory(Path.of(arguments[0]), "loam-index");
        int records = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
        try {
            List<Path> indexes = List.of(work.resolve("plain"), work.resolve("sealed"));
            new SealedIndexBenchmark(indexes.getFirst()).fill(records);
            seal(indexes.getFirst(), indexes.getLast());
            Map<String, double[]> best = new TreeMap<>();
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < indexes.size(); i++) {
                    collect(best, i, indexes.get(i));
                }
            }
            best.forEach(SealedIndexBenchmark::print);
        } finally {
            Benchmarks.delete(work);
        }
    }

    private static void print(String what, double[] figures) {
        System.out.printf(
                Locale.ROOT,
                "%-42s plain %,12.1f   sealed %,12.1f   plain : sealed %5.2f%n",
                what,
                figures[0],
                figures[1],
                figures[0] / figures[1]);
    }

    /** Of several turns the least: what else the machine does only adds. */
    private static void collect(Map<String, double[]> best, int column, Path index)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(SealedIndexBenchmark.class.getName(), "measure", index.toString()));
        Process child =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        for (String line : child.inputReader().lines().toList()) {
            String[] parts = line.split("\t", -1);
            double figure = Double.parseDouble(parts[1]);
            double[] figures =
                    best.computeIfAbsent(
                            parts[0], first -> new double[] {Double.MAX_VALUE, Double.MAX_VALUE});
            figures[column] = Math.min(figures[column], figure);
        }
        if (child.waitFor() != 0) {
            throw new AssertionError("measuring " + index + " failed");
        }
    }

    private RecordIndex open() throws Exception {
        Files.createDirectories(directory);
        Optional<IndexSealing> sealing =
                directory.endsWith("sealed")
                        ? Optional.of(new FileOfKeys(directory))
                        : Optional.empty();
        return RecordIndex.open(directory, STORE, SealedIndexBenchmark::project, sealing);
    }

    private static Projection project(RecordId id, Bytes state) {
        int vectorBytes = DIMENSIONS * Float.BYTES;
        TreeMap<String, Bytes> vectors = new TreeMap<>();
        vectors.put(MODEL, state.slice(0, vectorBytes));
        return new Projection(
                true,
                Optional.of(state.slice(vectorBytes, state.size()).toUtf8()),
                Optional.of("s" + id.key().hashCode() % 800),
                id.key().hashCode(),
                Optional.empty(),
                new TreeSet<>(),
                new TreeMap<>(),
                vectors,
                new TreeSet<>(),
                false);
    }

    private float[] vector() {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private RecordChange change(int number) {
        byte[] text = Benchmarks.sentence(20).getBytes(StandardCharsets.UTF_8);
        ByteBuffer state =
                ByteBuffer.allocate(DIMENSIONS * Float.BYTES + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float part : vector()) {
            state.putFloat(part);
        }
        state.put(text);
        RecordId id = new RecordId(VAULT, "k%07d".formatted(number));
        return RecordChange.first(id, Bytes.adopt(state.array()));
    }

    private void fill(int records) throws Exception {
        long began = System.nanoTime();
        try (RecordIndex index = open()) {
            for (int from = 0; from < records; from += 1_000) {
                List<RecordChange> changes = new ArrayList<>();
                for (int i = from; i < Math.min(records, from + 1_000); i++) {
                    changes.add(change(i));
                }
                index.apply(changes, new Position(from + 1));
            }
            index.checkpoint(new IndexCheckpoint(new Position(records), Bytes.EMPTY));
            index.awaitCheckpoint();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d records in %.1f s, %,d bytes%n",
                    directory.getFileName(),
                    records,
                    (System.nanoTime() - began) / 1e9,
                    index.sizeBytes());
        }
    }

    /** The same files, as docs/formats/index-seal.md has them: another index has other segments. */
    private static void seal(Path plain, Path sealed) throws Exception {
        Files.createDirectory(sealed);
        FileOfKeys keys = new FileOfKeys(sealed);
        try (Stream<Path> files = Files.list(plain)) {
            for (Path file : files.filter(each -> !each.endsWith("write.lock")).toList()) {
                String name = file.getFileName().toString();
                byte[] content = Files.readAllBytes(file);
                Files.write(sealed.resolve(name), sealedBytes(content, keys.create(name)));
                keys.finished(name, content.length);
            }
        }
        keys.persist();
    }

    private static byte[] sealedBytes(byte[] content, IndexSealing.BlockSealer sealer) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int blocks = Math.max(1, (content.length + BLOCK_BYTES - 1) / BLOCK_BYTES);
        for (int block = 0; block < blocks; block++) {
            int from = block * BLOCK_BYTES;
            int to = Math.min(content.length, from + BLOCK_BYTES);
            ByteBuffer associated = ByteBuffer.allocate(2 * Long.BYTES).putLong(block);
            associated.putLong(block == blocks - 1 ? content.length : -1);
            byte[] sealed = new byte[to - from + IndexSealing.OVERHEAD_BYTES];
            sealer.seal(
                    associated.array(), Arrays.copyOfRange(content, from, to), to - from, sealed);
            all.writeBytes(sealed);
        }
        sealer.close();
        return all.toByteArray();
    }

    private interface Call {
        int run();
    }

    private void measure() throws Exception {
        long[] openings = new long[OPENINGS];
        for (int i = 0; i < OPENINGS; i++) {
            long began = THREADS.getCurrentThreadCpuTime();
            RecordIndex opened = open();
            openings[i] = THREADS.getCurrentThreadCpuTime() - began;
            opened.close();
        }
        tell("opening, microseconds", openings);
        try (RecordIndex index = open();
                IndexSnapshot snapshot = index.snapshot()) {
            if (index.committed().isEmpty()) {
                throw new AssertionError("the index was emptied");
            }
            Random keys = new Random(11);
            calls("words", number -> search(snapshot, Benchmarks.sentence(8), Optional.empty()));
            calls("vector", number -> search(snapshot, "", Optional.of(vector())));
            calls(
                    "words and vector",
                    number -> search(snapshot, Benchmarks.sentence(8), Optional.of(vector())));
            calls(
                    "get",
                    number -> {
                        RecordId id = new RecordId(VAULT, "k%07d".formatted(keys.nextInt(20_000)));
                        return () -> snapshot.state(id).map(Bytes::size).orElse(0);
                    });
        }
    }

    private static Call search(IndexSnapshot snapshot, String words, Optional<float[]> vector) {
        SearchRequest request =
                new SearchRequest(
                        VAULT,
                        words,
                        vector.map(values -> new QueryVector(MODEL, values)),
                        SearchFilter.all(),
                        100);
        return () -> {
            CandidateLists lists = snapshot.search(request);
            return lists.text().size() + lists.dense().size();
        };
    }

    private static void calls(String what, IntFunction<Call> calls) {
        long[] nanos = new long[CALLS];
        for (int i = -WARMING; i < CALLS; i++) {
            Call call = calls.apply(i);
            long began = THREADS.getCurrentThreadCpuTime();
            if (call.run() == 0) {
                throw new AssertionError(what + " found nothing");
            }
            if (i >= 0) {
                nanos[i] = THREADS.getCurrentThreadCpuTime() - began;
            }
        }
        tell(what + ", microseconds, p25", nanos);
    }

    private static void tell(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.println(what + "\t" + nanos[nanos.length / 4] / 1e3);
    }
}
