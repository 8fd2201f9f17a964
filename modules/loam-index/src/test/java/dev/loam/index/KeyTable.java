package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The sealing of these tests: a table of keys, and a file beside the index that it is kept in. */
final class KeyTable implements IndexSealing {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TAG_BITS = 128;

    /** Of a file that is not finished. */
    private static final long UNKNOWN = -1;

    private record Entry(Bytes key, long contentBytes) {}

    private final Path file;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Integer> openings = new TreeMap<>();
    private int persisted;
    private boolean isFull;

    /** What {@code directory} says is durable. */
    KeyTable(Path directory) {
        file = directory.resolve(OWN_FILES);
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            while (in.available() > 0) {
                String name = in.readUTF();
                byte[] key = in.readNBytes(32);
                entries.put(name, new Entry(Bytes.copyOf(key), in.readLong()));
            }
        } catch (IOException unreadable) {
            entries.clear();
        }
    }

    @Override
    public synchronized BlockSealer create(String name) {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        entries.put(name, new Entry(Bytes.copyOf(key), UNKNOWN));
        return new Blocks(key);
    }

    /** As if the file had been sealed under a key that somebody else chose. */
    synchronized void put(String name, byte[] key, long contentBytes) {
        entries.put(name, new Entry(Bytes.copyOf(key), contentBytes));
    }

    synchronized void putLength(String name, long contentBytes) {
        entries.put(name, new Entry(known(name).key(), contentBytes));
    }

    /** From now on this file is opened as if it were that one. */
    synchronized void takeFor(String name, String other) {
        entries.put(name, known(other));
    }

    private Entry known(String name) {
        return Objects.requireNonNull(entries.get(name), name);
    }

    synchronized boolean knows(String name) {
        return entries.containsKey(name);
    }

    /** From now on there is no room on the disk for the table. */
    synchronized void fill() {
        isFull = true;
    }

    /** For a file whose key somebody else chose. */
    static BlockSealer sealer(byte[] key) {
        return new Blocks(key);
    }

    int persisted() {
        return persisted;
    }

    @Override
    public synchronized Optional<SealedFile> open(String name) {
        return Optional.ofNullable(entries.get(name))
                .filter(entry -> entry.contentBytes() != UNKNOWN)
                .map(entry -> sealedFile(name, entry));
    }

    /** How often each file was decrypted. */
    synchronized Map<String, Integer> openings() {
        return Map.copyOf(openings);
    }

    private synchronized void opened(String name) {
        openings.merge(name, 1, Integer::sum);
    }

    private SealedFile sealedFile(String name, Entry entry) {
        return new SealedFile() {
            @Override
            public long contentBytes() {
                return entry.contentBytes();
            }

            @Override
            public BlockOpener opener() {
                opened(name);
                return new Blocks(entry.key().toArray());
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
        if (isFull) {
            throw new LoamException(ErrorCode.DISK_FULL, "no room for the table");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (Map.Entry<String, Entry> each : entries.entrySet()) {
                out.writeUTF(each.getKey());
                out.write(each.getValue().key().toArray());
                out.writeLong(each.getValue().contentBytes());
            }
            Path next = file.resolveSibling(OWN_FILES + ".tmp");
            Files.write(next, bytes.toByteArray());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        persisted++;
    }

    @Override
    public synchronized void clear() {
        entries.clear();
    }

    private static final class Blocks implements BlockSealer, BlockOpener {
        private static final int INDEX_BLOCK = 2;

        private final SecretKeySpec key;
        private final Cipher cipher;
        private long number;

        Blocks(byte[] key) {
            this.key = new SecretKeySpec(key, "AES");
            try {
                cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        private void begin(int mode, long block, byte[] associated)
                throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(12).putInt(INDEX_BLOCK).putLong(block).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associated);
        }

        @Override
        public void seal(byte[] associated, byte[] content, int length, byte[] sealed) {
            try {
                begin(Cipher.ENCRYPT_MODE, number, associated);
                ByteBuffer.wrap(sealed).putLong(number++);
                cipher.doFinal(content, 0, length, sealed, Long.BYTES);
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public boolean open(byte[] associated, byte[] sealed, int length, byte[] content) {
            try {
                begin(Cipher.DECRYPT_MODE, ByteBuffer.wrap(sealed).getLong(), associated);
                cipher.doFinal(sealed, Long.BYTES, length - Long.BYTES, content, 0);
                return true;
            } catch (AEADBadTagException altered) {
                return false;
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void close() {}
    }
}
