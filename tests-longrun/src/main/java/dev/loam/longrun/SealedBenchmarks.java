package dev.loam.longrun;

import dev.loam.Encryption;
import dev.loam.KeySource;
import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Progress;
import dev.loam.Vault;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.MasterKey;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What sealing costs: encrypted stores and others by turns. Started by tools/bench seal. */
public final class SealedBenchmarks {
    private static final List<String> PARTS = List.of("writes", "reads", "rotation");
    private static final int CALLERS = 64;
    private static final int[] TEXT_BYTES = {300, 4 << 10, 64 << 10};
    private static final int MEMORIES = 100_000;
    private static final int SEGMENTS = 10_000;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int TURNS = 61;
    private static final int REBUILDS = 31;

    private SealedBenchmarks() {}

    /**
     * Arguments: a directory to work in, which is emptied afterwards; then names of parts, all if
     * none is named.
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-seal");
        List<String> parts = Arrays.asList(arguments).subList(1, arguments.length);
        try {
            for (String part : parts.isEmpty() ? PARTS : parts) {
                switch (part) {
                    case "writes" -> writes(directory);
                    case "reads" -> reads(directory);
                    case "rotation" -> rotation(directory);
                    default -> throw new IllegalArgumentException("no part: " + part);
                }
            }
        } finally {
            Benchmarks.delete(directory);
        }
    }

    private static LoamOptions sealed() {
        return LoamOptions.unencrypted()
                .encryption(
                        Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES]))
                                .allowDirectKey());
    }

    private static void writes(Path directory) throws Exception {
        for (int bytes : TEXT_BYTES) {
            List<Bytes> texts =
                    Stream.generate(() -> Bytes.ofUtf8(Benchmarks.textOf(bytes)))
                            .limit(256)
                            .toList();
            Callers callers =
                    new Callers(
                            CALLERS,
                            () -> texts.get(ThreadLocalRandom.current().nextInt(texts.size())),
                            TURN_NANOS);
            try (Loam sealed = Loam.open(directory.resolve("sealed-" + bytes), sealed());
                    Loam plain =
                            Loam.open(
                                    directory.resolve("plain-" + bytes),
                                    LoamOptions.unencrypted())) {
                new Rounds("memories of %,d B put durably, 64 callers".formatted(bytes), TURNS)
                        .with("sealed", () -> putRate(sealed, callers))
                        .with("plain", () -> putRate(plain, callers))
                        .run();
            }
        }
    }

    private static double putRate(Loam loam, Callers callers) throws Exception {
        Vault vault = loam.vault("main");
        double rate = callers.rate(text -> vault.put(Memory.of(text.toUtf8())));
        loam.flush();
        vault.recall("settle", 1);
        return rate;
    }

    private static void reads(Path directory) throws Exception {
        try (Loam sealed = filled(directory.resolve("sealed"), sealed());
                Loam plain = filled(directory.resolve("plain"), LoamOptions.unencrypted())) {
            new Rounds(
                            "batches replayed by a rebuild of %,d memories".formatted(MEMORIES),
                            REBUILDS)
                    .with("sealed", () -> rebuildRate(sealed))
                    .with("plain", () -> rebuildRate(plain))
                    .run();
            // After that, since how many segments an index has counts for more than its sealing.
            new Rounds("recalls of %,d memories by words, warm".formatted(MEMORIES))
                    .with("sealed", () -> recallRate(sealed))
                    .with("plain", () -> recallRate(plain))
                    .run();
        }
        for (String name : List.of("sealed", "plain", "sealed", "plain")) {
            LoamOptions options = name.equals("sealed") ? sealed() : LoamOptions.unencrypted();
            long began = System.nanoTime();
            Loam.open(directory.resolve(name), options).close();
            System.out.printf(
                    Locale.ROOT,
                    "opening and closing, %s: %,d ms%n",
                    name,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
    }

    private static Loam filled(Path store, LoamOptions options) throws Exception {
        Loam loam = Loam.open(store, options);
        Benchmarks.putAll(
                loam.vault("main"),
                MEMORIES,
                CALLERS,
                i -> Memory.of(Benchmarks.sentence(20)).key("k" + i));
        loam.vault("main").recall("settle", 1);
        return loam;
    }

    private static double recallRate(Loam loam) {
        Vault vault = loam.vault("main");
        int count = 300;
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            vault.recall(Benchmarks.sentence(3), 10);
        }
        return count / ((System.nanoTime() - began) / 1e9);
    }

    private static double rebuildRate(Loam loam) {
        long began = System.nanoTime();
        loam.rebuild(Progress.NONE);
        return MEMORIES / ((System.nanoTime() - began) / 1e9);
    }

    /**
     * What a change of the master key does in a store, but for asking for a passphrase: the table
     * is wrapped anew and written three times, the key file twice, each forced.
     */
    private static void rotation(Path directory) throws Exception {
        SecureRandom random = new SecureRandom();
        try (SlotSecret secret =
                        new SlotSecret.Key(
                                SlotSecret.Source.KEY_FILE,
                                Secret.random(random, Suite.KEY_BYTES));
                MasterKey master =
                        MasterKey.create(
                                new StoreId(Bytes.adopt(new byte[StoreId.SIZE])),
                                Suite.AES_256_GCM,
                                secret,
                                "bench",
                                Instant.now(),
                                random)) {
            KeyTable table = KeyTable.empty("log-keys", master);
            byte[] id = new byte[KeyTable.ID_BYTES];
            for (int i = 0; i < SEGMENTS; i++) {
                random.nextBytes(id);
                try (Secret key = Secret.random(random, Suite.KEY_BYTES)) {
                    table = table.with(Bytes.copyOf(id), key, Bytes.adopt(new byte[40]));
                }
            }
            for (int round = 0; round < 5; round++) {
                long began = System.nanoTime();
                try (MasterKey next = master.rotated(Instant.now(), random)) {
                    Bytes wrapped = table.under(next).encode(random);
                    for (String name : List.of("log-keys.next", "log-keys", "log-keys.copy")) {
                        writeForced(directory.resolve(name), wrapped);
                    }
                    for (String name : List.of("keys", "keys.copy")) {
                        writeForced(directory.resolve(name), next.file().encode());
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "another master key over %,d segments: %,d ms%n",
                        SEGMENTS,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
        }
    }

    private static void writeForced(Path file, Bytes content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer rest = content.asBuffer();
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
