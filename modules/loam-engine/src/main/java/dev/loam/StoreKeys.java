package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import dev.loam.crypto.KeyFile;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.LastingKey;
import dev.loam.crypto.MasterKey;
import dev.loam.crypto.Recipients;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.StreamHeader;
import dev.loam.crypto.Suite;
import dev.loam.log.LogSealing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The keys of a sealed store, unlocked. The master key opens one table, {@code log-keys}: the data
 * key of each segment of the log, and two keys that last, of the small files and of the tables of
 * indexes, so that another master key means that table written anew and nothing else.
 *
 * <p>Readers look at what is published by one volatile write; who changes something holds a lock
 * while it is written. Any thread.
 */
final class StoreKeys implements AutoCloseable {
    private static final String SMALL_FILES = "small";
    private static final String MANIFEST = "manifest";

    /** The names of the two keys that last; those of segments are random. */
    private static final Bytes FILES_KEY = reserved(1);

    private static final Bytes INDEX_KEY = reserved(2);

    private static final Set<Bytes> LASTING = Set.of(FILES_KEY, INDEX_KEY);

    /** Of this process, whatever stores are tried in it: it counts, and holds nothing else. */
    private static final UnlockThrottle THROTTLE =
            new UnlockThrottle(new Environment(InstantSource.system()));

    private final Path store;
    private final List<String> mended;
    private final Optional<Duration> rotateAfter;
    private final SecureRandom random;
    private final KeyFiles keyFiles;
    private final LogKeysFiles tableFiles;
    private final LastingKey files;
    private final LastingKey index;

    /** Held while one of the two files is written: one change at a time. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Whether a change of the master key failed, and which of the two counts is unknown. */
    private boolean isDoubtful;

    private volatile Unlocked unlocked;

    private record Unlocked(MasterKey master, KeyTable table) {}

    private StoreKeys(
            Path store,
            Encryption encryption,
            SecureRandom random,
            MasterKey master,
            LogKeysFiles.Opened opened) {
        KeyTable table = opened.table();
        this.store = store;
        this.mended = opened.mended();
        this.rotateAfter = encryption.rotateAfter();
        this.random = random;
        this.keyFiles = new KeyFiles(store);
        this.tableFiles = new LogKeysFiles(store);
        this.unlocked = new Unlocked(master, table);
        this.files = lasting(master, table, FILES_KEY);
        this.index = lasting(master, table, INDEX_KEY);
    }

    private static Bytes reserved(int number) {
        byte[] id = new byte[KeyTable.ID_BYTES];
        id[id.length - 1] = (byte) number;
        return Bytes.adopt(id);
    }

    private static LastingKey lasting(MasterKey master, KeyTable table, Bytes id) {
        return new LastingKey(
                master.store(),
                master.suite(),
                table.key(id).orElseThrow(() -> new AssertionError("the table lacks " + id)));
    }

    /** Whether the store in this directory is a sealed one. */
    static boolean isSealed(Path store) {
        return new KeyFiles(store).exist();
    }

    /** Makes the keys of a new store; whoever calls holds its lock. */
    static StoreKeys make(Path store, Encryption encryption, Environment environment) {
        SecureRandom random = environment.random();
        StoreId id = new StoreId(environment.randomBytes(StoreId.SIZE));
        MasterKey master;
        try (SlotSecret secret = encryption.toMake(encryption.source(), id, environment)) {
            master =
                    MasterKey.create(
                            id, encryption.suite(), secret, "first", environment.now(), random);
        }
        try {
            LogKeysFiles tableFiles = new LogKeysFiles(store);
            KeyTable table = tableFiles.empty(master);
            for (Bytes lasting : LASTING) {
                try (Secret key = Secret.random(random, Suite.KEY_BYTES)) {
                    table = table.with(lasting, key, Bytes.EMPTY);
                }
            }
            table = withSeen(table, SeenKeyFile.of(master.file()));
            // The table first: without a key file there is no sealed store yet, and this is done
            // anew.
            tableFiles.write(table, random);
            new KeyFiles(store).write(master.file());
            return new StoreKeys(store, encryption, random, master, LogKeysFiles.Opened.of(table));
        } catch (RuntimeException | Error refused) {
            master.close();
            throw refused;
        }
    }

    /**
     * Unlocks the store and repairs what a crash left of its key files; whoever calls holds its
     * lock.
     *
     * @throws LoamException {@code WRONG_KEY}, {@code CORRUPT}, {@code TAMPERED}, and what the
     *     source of the key throws
     */
    static StoreKeys unlock(Path store, Encryption encryption, Environment environment) {
        MasterKey master = unlock(keyFile(store), encryption);
        try {
            LogKeysFiles.Opened opened = new LogKeysFiles(store).read(master);
            opened = opened.and(new KeyFiles(store).repair(master.file()));
            return new StoreKeys(store, encryption, environment.random(), master, opened);
        } catch (RuntimeException | Error refused) {
            master.close();
            throw refused;
        }
    }

    /** The master key, to be closed; costs what a passphrase costs, and a wait after wrong ones. */
    static MasterKey unlock(KeyFile file, Encryption encryption) {
        return unlock(file, encryption, THROTTLE);
    }

    static MasterKey unlock(KeyFile file, Encryption encryption, UnlockThrottle throttle) {
        try (SlotSecret secret = encryption.toOpen(file.store())) {
            throttle.await();
            MasterKey unlocked = file.unlock(secret);
            throttle.succeeded();
            return unlocked;
        } catch (LoamException refused) {
            if (refused.code() == ErrorCode.WRONG_KEY) {
                throttle.failed();
            }
            throw refused;
        }
    }

    /** See {@link Keys#verify}. */
    static long verify(Path store, Encryption encryption) {
        KeyFile file = keyFile(store);
        new KeyFiles(store).requireBoth(file);
        try (MasterKey master = unlock(file, encryption)) {
            LogKeysFiles tableFiles = new LogKeysFiles(store);
            KeyTable table = tableFiles.peek(master);
            tableFiles.requireBoth();
            // Read anew: it is written before the table is told of it.
            seen(table)
                    .suspicion(store, keyFile(store))
                    .ifPresent(
                            older -> {
                                throw new LoamException(ErrorCode.TAMPERED, older);
                            });
            return table.ids().stream().filter(id -> !LASTING.contains(id)).count();
        }
    }

    /**
     * What anybody may see of a sealed store's keys.
     *
     * @throws LoamException {@code CORRUPT}
     */
    static KeyFile keyFile(Path store) {
        return new KeyFiles(store)
                .read()
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.NOT_ENCRYPTED, store + " is not encrypted"));
    }

    /** Whether something of a store lies there already. */
    static boolean isNew(Path store) {
        return !Files.exists(store.resolve("log")) && !Files.exists(store.resolve("device"));
    }

    /** The files of keys that opening found missing, damaged or behind, and wrote anew. */
    List<String> mended() {
        return mended;
    }

    KeyFile keyFile() {
        return unlocked.master().file();
    }

    /** What whoever opens the store should know. */
    List<String> notes() {
        return Stream.of(suspicion(), keyFiles.complaint(keyFile()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** By which slot it was unlocked. */
    int slot() {
        return unlocked.master().slot();
    }

    StoreId store() {
        return unlocked.master().store();
    }

    Suite suite() {
        return unlocked.master().suite();
    }

    SecureRandom random() {
        return random;
    }

    // ---- small files

    Bytes sealFile(String name, Bytes content) {
        return new SealedSmallFile(files).seal(random, name, content);
    }

    Bytes openFile(Path path, String name, Bytes stored) {
        return new SealedSmallFile(files).open(path, name, stored);
    }

    /** 32 bytes that nobody without the keys makes for the list of segments. */
    Bytes authenticateManifest(Bytes text) {
        return files.authenticate(MANIFEST, text);
    }

    /** A name that tells nobody without the keys what it is the hash of. */
    Bytes nameOf(Bytes hash) {
        return files.authenticate(SMALL_FILES, hash);
    }

    /** What the tables of indexes hang on. */
    KeyTable.Parent index() {
        return index;
    }

    // ---- what leaves the store sealed

    /** A stream that whoever can open the store can open, anywhere; to be closed. */
    SealedStream begin(SealedStream.Kind kind, Instant at) {
        return withMaster(
                master ->
                        SealedStream.begin(
                                kind, suite(), new Recipients.Store(master), at, random));
    }

    /**
     * A stream that this store has begun; to be closed.
     *
     * @throws LoamException {@code WRONG_KEY} if it did so under another master key
     */
    SealedStream goOn(StreamHeader header) {
        return withMaster(header::unlock);
    }

    private <R> R withMaster(Function<MasterKey, R> use) {
        changing.lock();
        try {
            return use.apply(unlocked.master());
        } finally {
            changing.unlock();
        }
    }

    // ---- the keys of segments

    /** A key of the log's, to be closed; empty if there is none. */
    Optional<Secret> key(Bytes id) {
        return look(table -> table.key(id));
    }

    /** Adds the key of a segment that begins; durable when it returns. */
    void add(Bytes id, Secret key) {
        change(
                table ->
                        table.with(
                                id,
                                key,
                                new SealedLog.SegmentNote(keyFile().epoch(), Optional.empty())
                                        .encode()));
    }

    /** Throws away the keys of all segments but these; durable when it returns. */
    void keepOnly(Set<Bytes> segments) {
        Set<Bytes> kept = new TreeSet<>(segments);
        kept.addAll(LASTING);
        if (!kept.containsAll(look(KeyTable::ids))) {
            change(table -> table.keepOnly(kept));
        }
    }

    /**
     * The last position of the segments that have ended: a log that ends before it was put back to
     * an older state, or has lost some of them.
     */
    Position lastEnded() {
        return new Position(
                look(
                        table ->
                                table.ids().stream()
                                        .filter(id -> !LASTING.contains(id))
                                        .map(id -> SealedLog.SegmentNote.of(table, id).end())
                                        .flatMap(Optional::stream)
                                        .mapToLong(LogSealing.SegmentEnd::lastPosition)
                                        .max()
                                        .orElse(0)));
    }

    /** How many segments were begun under an earlier master key than the present one. */
    long segmentsOfEarlierEpochs() {
        long present = keyFile().epoch();
        return look(
                table ->
                        table.ids().stream()
                                .filter(id -> !LASTING.contains(id))
                                .map(id -> SealedLog.SegmentNote.of(table, id))
                                .filter(note -> note.epoch() < present)
                                .count());
    }

    /** Asks the table; of two that follow each other one. */
    <R> R look(Function<KeyTable, R> question) {
        while (true) {
            Unlocked now = unlocked;
            try {
                return question.apply(now.table());
            } catch (LoamException closed) {
                if (closed.code() != ErrorCode.CLOSED || now.equals(unlocked)) {
                    throw closed;
                }
                // Another master key is in place: asked again of its table.
            }
        }
    }

    /** Changes the table; durable when it returns. */
    void change(UnaryOperator<KeyTable> edit) {
        changing.lock();
        try {
            refuseInDoubt();
            writeTable(edit);
        } finally {
            changing.unlock();
        }
    }

    private void writeTable(UnaryOperator<KeyTable> edit) {
        Unlocked now = unlocked;
        SeenKeyFile seen = seen(now.table()).and(now.master().file());
        KeyTable changed = withSeen(edit.apply(now.table()), seen);
        tableFiles.write(changed, random);
        unlocked = new Unlocked(now.master(), changed);
    }

    // ---- slots and rotation

    /** Replaces the key file by what {@code edit} makes of the master key; durable on return. */
    void changeSlots(Function<MasterKey, KeyFile> edit) {
        changing.lock();
        try {
            refuseInDoubt();
            Unlocked now = unlocked;
            KeyFile changed = edit.apply(now.master());
            keyFiles.write(changed);
            unlocked = new Unlocked(now.master().with(changed), now.table());
            tellTable();
        } finally {
            changing.unlock();
        }
    }

    /** After the key file, which counts by itself: a table that is behind accuses nobody. */
    private void tellTable() {
        try {
            writeTable(table -> table);
        } catch (LoamException laterThen) {
            // With the next change of the table, which comes with the next segment.
        }
    }

    /** What is to be said where the key file was put back to an older one. */
    Optional<String> suspicion() {
        Unlocked now = unlocked;
        return seen(now.table()).suspicion(store, now.master().file());
    }

    private static SeenKeyFile seen(KeyTable table) {
        return SeenKeyFile.of(table.note(FILES_KEY).orElse(Bytes.EMPTY));
    }

    private static KeyTable withSeen(KeyTable table, SeenKeyFile seen) {
        return table.withNote(FILES_KEY, seen.encode());
    }

    /**
     * Another master key, for the same slots; what is sealed stays as it is. Killed at any moment,
     * the store has one of the two.
     */
    void rotate(Instant at) {
        changing.lock();
        try {
            refuseInDoubt();
            Unlocked now = unlocked;
            MasterKey next = now.master().rotated(at, random);
            try {
                KeyTable table = withSeen(now.table().under(next), SeenKeyFile.of(next.file()));
                tableFiles.writeNext(table, random);
                isDoubtful = true;
                keyFiles.write(next.file());
                tableFiles.useNext();
                isDoubtful = false;
                unlocked = new Unlocked(next, table);
            } catch (RuntimeException | Error failed) {
                next.close();
                throw failed;
            }
            now.master().close();
        } finally {
            changing.unlock();
        }
    }

    /** When the master key is to be changed by the schedule; empty for never. */
    Optional<Instant> rotationDue() {
        return rotateAfter.map(keyFile().since()::plus);
    }

    /** Changes the master key where it is old enough, and says whether it was. */
    boolean rotateIfDue(Instant now) {
        boolean isDue = rotationDue().filter(due -> !now.isBefore(due)).isPresent();
        if (isDue) {
            rotate(now);
        }
        return isDue;
    }

    /** A key that is added to a table which does not count would be lost. */
    private void refuseInDoubt() {
        if (isDoubtful) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "a change of the master key failed half way; reopen the store, which ends it"
                            + " or takes it back");
        }
    }

    @Override
    public void close() {
        files.close();
        index.close();
        unlocked.master().close();
    }

    @Override
    public String toString() {
        return "StoreKeys[" + store + "]";
    }
}
