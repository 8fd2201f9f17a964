package dev.loam.longrun;

import dev.loam.core.Bytes;
import dev.loam.crypto.Opener;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import dev.loam.index.IndexSealing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys of an index that is measured, in the clear: the cipher is what costs. */
final class FileOfKeys implements IndexSealing {
    private static final Suite SUITE = Suite.AES_256_GCM;

    private record Entry(Bytes key, long contentBytes) {}

    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Entry> entries = new TreeMap<>();

    FileOfKeys(Path directory) throws IOException {
        file = directory.resolve(OWN_FILES);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", -1);
                entries.put(parts[0], new Entry(Bytes.fromHex(parts[1]), Long.parseLong(parts[2])));
            }
        }
    }

    @Override
    public synchronized BlockSealer create(String name) {
        Sealer.Fresh fresh = Sealer.fresh(SUITE, random, Sealer.Use.INDEX_BLOCK);
        try (Secret key = fresh.key()) {
            entries.put(name, new Entry(key.with(Bytes::copyOf), -1));
        }
        Sealer sealer = fresh.sealer();
        return new BlockSealer() {
            @Override
            public void seal(byte[] associated, byte[] content, int length, byte[] sealed) {
                sealer.seal(associated, content, length, sealed);
            }

            @Override
            public void close() {
                sealer.close();
            }
        };
    }

    @Override
    public synchronized Optional<SealedFile> open(String name) {
        return Optional.ofNullable(entries.get(name))
                .filter(entry -> entry.contentBytes() >= 0)
                .map(FileOfKeys::sealedFile);
    }

    private static SealedFile sealedFile(Entry entry) {
        return new SealedFile() {
            @Override
            public long contentBytes() {
                return entry.contentBytes();
            }

            @Override
            public BlockOpener opener() {
                try (Secret key = Secret.take(entry.key().toArray())) {
                    return FileOfKeys.opener(new Opener(SUITE, key, Sealer.Use.INDEX_BLOCK));
                }
            }
        };
    }

    private static BlockOpener opener(Opener opener) {
        return new BlockOpener() {
            @Override
            public boolean open(byte[] associated, byte[] sealed, int length, byte[] content) {
                return opener.open(associated, sealed, length, content);
            }

            @Override
            public void close() {
                opener.close();
            }
        };
    }

    @Override
    public synchronized void finished(String name, long contentBytes) {
        entries.computeIfPresent(name, (same, entry) -> new Entry(entry.key(), contentBytes));
    }

    @Override
    public synchronized void renamed(String from, String to) {
        Entry entry = entries.remove(from);
        if (entry != null) {
            entries.put(to, entry);
        }
    }

    @Override
    public synchronized void deleted(String name) {
        entries.remove(name);
    }

    @Override
    public synchronized void persist() {
        List<String> lines =
                entries.entrySet().stream()
                        .map(
                                each ->
                                        each.getKey()
                                                + " "
                                                + each.getValue().key().toHex()
                                                + " "
                                                + each.getValue().contentBytes())
                        .toList();
        try {
            Path next = file.resolveSibling(OWN_FILES + ".tmp");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public synchronized void clear() {
        entries.clear();
    }
}
