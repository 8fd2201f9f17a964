package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.Opener;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.index.IndexSealing;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Seals the files of one index, each by a key of its own, in the table {@code KEYS} beside them. An
 * index is derived: with a table that cannot be read it is built anew.
 */
final class SealedIndex implements IndexSealing {
    private static final String LABEL = "index-keys";
    private static final long UNFINISHED = -1;

    /** A row of the table, by the name of its file. */
    private record Known(Bytes id, long contentBytes) {}

    private final StoreKeys keys;
    private final KeyTableFile file;

    /** Guards what follows; not held while a file is read or written. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Known> known = new TreeMap<>();
    private KeyTable table;
    private boolean isDirty;

    /** Held while the table is written, so that an older one never replaces a newer. */
    private final ReentrantLock persisting = new ReentrantLock();

    SealedIndex(Path directory, StoreKeys keys) {
        this.keys = keys;
        this.file = new KeyTableFile(directory, OWN_FILES, LABEL);
        this.table = read();
        for (Bytes id : table.ids()) {
            ByteReader note =
                    ByteReader.of("the note of a file's key", table.note(id).orElseThrow());
            String name = note.utf8();
            known.put(name, new Known(id, note.zigzag()));
        }
    }

    private KeyTable read() {
        try {
            return file.read(keys.index()).orElseGet(() -> file.empty(keys.index()));
        } catch (LoamException doubtful) {
            return file.empty(keys.index());
        }
    }

    private static Bytes note(String name, long contentBytes) {
        return new ByteWriter().utf8(name).zigzag(contentBytes).toBytes();
    }

    @Override
    public BlockSealer create(String name) {
        Sealer.Fresh fresh = Sealer.fresh(keys.suite(), keys.random(), Sealer.Use.INDEX_BLOCK);
        byte[] random = new byte[KeyTable.ID_BYTES];
        keys.random().nextBytes(random);
        Bytes id = Bytes.adopt(random);
        lock.lock();
        try (Secret key = fresh.key()) {
            forget(name);
            table = table.with(id, key, note(name, UNFINISHED));
            known.put(name, new Known(id, UNFINISHED));
            isDirty = true;
        } finally {
            lock.unlock();
        }
        return new Blocks(fresh.sealer());
    }

    private record Blocks(Sealer sealer) implements BlockSealer {
        @Override
        public void seal(byte[] associated, byte[] content, int length, byte[] sealed) {
            sealer.seal(associated, content, length, sealed);
        }

        @Override
        public void close() {
            sealer.close();
        }
    }

    @Override
    public Optional<SealedFile> open(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(known.get(name))
                    .filter(each -> each.contentBytes() != UNFINISHED)
                    .map(this::sealedFile);
        } finally {
            lock.unlock();
        }
    }

    private SealedFile sealedFile(Known found) {
        KeyTable seen = table;
        return new SealedFile() {
            @Override
            public long contentBytes() {
                return found.contentBytes();
            }

            @Override
            public BlockOpener opener() {
                try (Secret key = seen.key(found.id()).orElseThrow()) {
                    return new OpenBlocks(new Opener(keys.suite(), key, Sealer.Use.INDEX_BLOCK));
                }
            }
        };
    }

    private record OpenBlocks(Opener opener) implements BlockOpener {
        @Override
        public boolean open(byte[] associated, byte[] sealed, int length, byte[] content) {
            return opener.open(associated, sealed, length, content);
        }

        @Override
        public void close() {
            opener.close();
        }
    }

    @Override
    public void finished(String name, long contentBytes) {
        note(name, name, contentBytes);
    }

    @Override
    public void renamed(String from, String to) {
        lock.lock();
        try {
            Known moved = known.get(from);
            forget(to);
            if (moved != null) {
                note(from, to, moved.contentBytes());
            }
        } finally {
            lock.unlock();
        }
    }

    private void note(String from, String to, long contentBytes) {
        lock.lock();
        try {
            Known before = known.remove(from);
            if (before != null) {
                known.put(to, new Known(before.id(), contentBytes));
                table = table.withNote(before.id(), note(to, contentBytes));
                isDirty = true;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void deleted(String name) {
        lock.lock();
        try {
            forget(name);
        } finally {
            lock.unlock();
        }
    }

    private void forget(String name) {
        Known gone = known.remove(name);
        if (gone != null) {
            table = table.without(gone.id());
            isDirty = true;
        }
    }

    @Override
    public void persist() {
        persisting.lock();
        try {
            Optional<KeyTable> changed = takeChanged();
            try {
                changed.ifPresent(each -> file.write(each, keys.random()));
            } catch (LoamException notWritten) {
                setDirty();
                throw notWritten;
            }
        } finally {
            persisting.unlock();
        }
    }

    private void setDirty() {
        lock.lock();
        try {
            isDirty = true;
        } finally {
            lock.unlock();
        }
    }

    private Optional<KeyTable> takeChanged() {
        lock.lock();
        try {
            boolean wasDirty = isDirty;
            isDirty = false;
            return wasDirty ? Optional.of(table) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            known.clear();
            table = file.empty(keys.index());
            isDirty = false;
        } finally {
            lock.unlock();
        }
    }
}
