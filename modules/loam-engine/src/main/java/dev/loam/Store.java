package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.RecordId;
import dev.loam.core.Stamp;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.index.IndexCheckpoint;
import dev.loam.index.IndexSnapshot;
import dev.loam.index.RecordIndex;
import dev.loam.log.LogOptions;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The parts of an open store and how they stand to each other: the log is the ground, the index is
 * derived from it, the writer moves both forward, everybody else reads. {@link #state} and {@link
 * #index} are published by the writer, each by one volatile write.
 */
final class Store implements Writer.Ground, AutoCloseable {
    static final int CHECKPOINT_BATCHES = 5_000;
    static final long CHECKPOINT_MILLIS = 60_000;

    private final Path directory;
    private final Environment environment;
    private final OpLog log;
    private final RecordPlaces places;
    private final DeviceIdentity identity;
    private final PeerBook peers;
    private final MemoryLayout layout;
    private final Writer writer;
    private final OpenReport report;
    private final List<String> damage;

    /**
     * Held while a rebuilt index takes the old one's place, the only lock held across I/O: a reader
     * that finds the old one closed waits here for the new one.
     */
    private final ReentrantLock swapping = new ReentrantLock();

    private volatile RecordIndex index;
    private volatile boolean closed;
    private volatile StoreState state;
    private volatile Consumer<SortedMap<VaultId, VaultState>> listener = changed -> {};

    // Touched by the writer thread alone.
    private RunTable runs;
    private Stamp latest;
    private long uncommitted;
    private long lastCheckpointMillis;

    private Store(Path directory, Environment environment, OpLog log, Optional<String> model) {
        this.directory = directory;
        this.environment = environment;
        this.log = log;
        this.places = new RecordPlaces(log);
        this.identity =
                new DeviceFile(directory)
                        .readOrMake(log.end().equals(Position.START), environment.random());
        this.peers = new PeerBook(directory);
        Checkpoint known = committed(directory, log);
        TreeSet<String> wanted = new TreeSet<>(known.wanted());
        model.ifPresent(wanted::add);
        this.layout = new MemoryLayout(wanted);
        RecordIndex opened = openIndex(directory, log, layout);
        try {
            boolean fresh = opened.committed().isEmpty();
            Position from =
                    opened.committed().map(IndexCheckpoint::position).orElse(Position.START);
            Recovery recovery = new Recovery(log, opened, checkpoint(opened.committed(), wanted));
            recovery.replayAfter(from, Progress.NONE);
            index = opened;
            state = recovery.state();
            runs = recovery.reached().runs();
            damage = List.copyOf(recovery.damage());
            latest = state.latestStamp();
            uncommitted = recovery.replayed();
            lastCheckpointMillis = environment.elapsedMillis();
            List<String> notes = new ArrayList<>(log.report().notes());
            notes.addAll(damage);
            report =
                    new OpenReport(
                            log.report().cleanlyClosed(),
                            recovery.replayed(),
                            fresh && log.end().isAfter(Position.START),
                            notes);
        } catch (RuntimeException | Error failure) {
            opened.close();
            throw failure;
        }
        this.writer = new Writer(this, "loam-writer");
    }

    static Store open(Path directory, LoamOptions options) {
        return open(directory, options, standard -> standard);
    }

    static Store open(Path directory, LoamOptions options, UnaryOperator<LogOptions> adjusted) {
        Environment environment = new Environment(options.clock());
        Path indexDirectory = directory.resolve("index");
        OpLog log =
                OpLog.open(
                        directory,
                        adjusted.apply(
                                LogOptions.standard(
                                                () ->
                                                        RecordIndex.peek(
                                                                        indexDirectory,
                                                                        Optional.empty())
                                                                .map(IndexCheckpoint::position)
                                                                .orElse(Position.START))
                                        .openJdkPackages(options.openJdkPackages())));
        try {
            Store store =
                    new Store(directory, environment, log, options.embedder().map(Embedder::model));
            store.writer.start();
            return store;
        } catch (RuntimeException | Error failure) {
            log.close();
            throw failure;
        }
    }

    /** What the index's last commit holds of ours; a start where there is none of use. */
    private static Checkpoint committed(Path directory, OpLog log) {
        return RecordIndex.peek(directory.resolve("index"), Optional.of(log.store()))
                .flatMap(Store::readable)
                .orElseGet(() -> Checkpoint.start(new TreeSet<>()));
    }

    private static Optional<Checkpoint> readable(IndexCheckpoint commit) {
        try {
            return Optional.of(Checkpoint.decode(commit.engineState()));
        } catch (LoamException unreadable) {
            // The index is derived: the caller drops it, the log has all of it.
            return Optional.empty();
        }
    }

    /**
     * Opens the index, dropping it first if it cannot belong to what the log holds, or does not
     * list what lacks a vector of a model that is wanted now.
     */
    private static RecordIndex openIndex(Path directory, OpLog log, MemoryLayout layout) {
        Path path = directory.resolve("index");
        deleteTree(directory.resolve("index.tmp"));
        RecordIndex opened = RecordIndex.open(path, log.store(), layout);
        boolean usable =
                opened.committed().isEmpty()
                        || opened.committed()
                                .filter(commit -> !commit.position().isAfter(log.end()))
                                .flatMap(Store::readable)
                                .filter(known -> known.wanted().containsAll(layout.wanted()))
                                .isPresent();
        if (usable) {
            return opened;
        }
        opened.close();
        deleteTree(path);
        return RecordIndex.open(path, log.store(), layout);
    }

    private static Checkpoint checkpoint(
            Optional<IndexCheckpoint> committed, SortedSet<String> wanted) {
        return committed
                .map(commit -> Checkpoint.decode(commit.engineState()))
                .orElseGet(() -> Checkpoint.start(wanted));
    }

    // ---- reading

    StoreState state() {
        if (closed) {
            throw new LoamException(ErrorCode.CLOSED, "the store " + directory + " is closed");
        }
        return state;
    }

    /** The state and the index together, as of one moment or later. */
    IndexSnapshot snapshot() {
        while (true) {
            RecordIndex current = index;
            try {
                return current.snapshot();
            } catch (LoamException closed) {
                swapping.lock();
                try {
                    // Another index is in place after a rebuild: try that one.
                    if (current == index) {
                        throw closed;
                    }
                } finally {
                    swapping.unlock();
                }
            }
        }
    }

    /** What the log knows of how a record came to be. */
    RecordPast past(RecordId record) {
        try (PastReader reader = new PastReader(places.look(), new EntryReader(log), record)) {
            return reader.read();
        }
    }

    RecordIndex index() {
        return index;
    }

    /** Where in the log the operations of each record lie. */
    RecordPlaces places() {
        return places;
    }

    OpLog log() {
        return log;
    }

    OpenReport report() {
        return report;
    }

    DeviceIdentity identity() {
        return identity;
    }

    DeviceId device() {
        return identity.id();
    }

    PeerBook peers() {
        return peers;
    }

    Environment environment() {
        return environment;
    }

    /** Only from a {@link Task}: the table belongs to the writer thread. */
    RunTable runs() {
        return runs;
    }

    /** The actor as which this device writes in a vault that exists. */
    ActorId ownActor(VaultState vault) {
        return StoreState.actorOf(vault, device())
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.FORBIDDEN,
                                        "this device has not been let into the vault \""
                                                + vault.name()
                                                + "\"; sync with a device that is in it"));
    }

    // ---- writing

    /** Called with the vaults that changed, on the writer thread, after they are visible. */
    void onChange(Consumer<SortedMap<VaultId, VaultState>> changed) {
        listener = changed;
    }

    <R> R write(Task<R> task) {
        if (!damage.isEmpty()) {
            throw new LoamException(
                    ErrorCode.READ_ONLY,
                    "the log is damaged and the store takes no writes: " + damage.getFirst());
        }
        return writer.submit(task);
    }

    <R> R ask(Task<R> task) {
        return writer.submit(task);
    }

    <R> R writeAlone(Task<R> task) {
        return writer.submitAlone(task);
    }

    @Override
    public Stage begin() {
        return new Stage(state, index.snapshot(), log.end(), latest);
    }

    @Override
    public void publish(Stage stage) {
        List<LogEntry> entries = stage.entries();
        if (entries.isEmpty()) {
            return;
        }
        Position before = log.end();
        List<Bytes> payloads = new ArrayList<>(entries.size());
        entries.forEach(entry -> payloads.add(entry.encode()));
        log.append(payloads);
        StoreState next = stage.state();
        index.apply(stage.changes(), log.end());
        places.appended(entries, stage.batches(), before);
        Position position = before;
        for (LogEntry entry : entries) {
            position = position.next();
            runs.add(entry, position);
        }
        latest = stage.latestStamp();
        state = next;
        uncommitted += entries.size();
        listener.accept(stage.touchedVaults());
    }

    @Override
    public void idle() {
        long now = environment.elapsedMillis();
        if (uncommitted >= CHECKPOINT_BATCHES
                || (uncommitted > 0 && now - lastCheckpointMillis >= CHECKPOINT_MILLIS)) {
            commitIndex();
        }
    }

    private void commitIndex() {
        index.checkpoint(
                new IndexCheckpoint(
                        log.end(), new Checkpoint(state, runs, layout.wanted()).encode()));
        uncommitted = 0;
        lastCheckpointMillis = environment.elapsedMillis();
    }

    /** Replays the whole log into a new index beside the old one and puts it in its place. */
    Recovery rebuild(Progress progress) {
        return writeAlone(
                stage -> {
                    Path built = directory.resolve("index.tmp");
                    deleteTree(built);
                    Recovery recovery;
                    try (RecordIndex fresh = RecordIndex.open(built, log.store(), layout)) {
                        recovery = new Recovery(log, fresh, Checkpoint.start(layout.wanted()));
                        recovery.replayAfter(Position.START, progress);
                        fresh.checkpoint(
                                new IndexCheckpoint(log.end(), recovery.reached().encode()));
                        fresh.awaitCheckpoint();
                    }
                    swap(built);
                    state = recovery.state();
                    runs = recovery.reached().runs();
                    uncommitted = 0;
                    return recovery;
                });
    }

    /** Open snapshots of the old index stay readable: its files go when the last one is closed. */
    private void swap(Path built) {
        Path path = directory.resolve("index");
        swapping.lock();
        try {
            index.close();
            deleteTree(path);
            Files.move(built, path, StandardCopyOption.ATOMIC_MOVE);
            SmallFile.forceDirectory(directory);
            index = RecordIndex.open(path, log.store(), layout);
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    "the rebuilt index cannot be put in place; reopen the store",
                    failure);
        } finally {
            swapping.unlock();
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new LoamException(
                    ErrorCode.IO_FAILED, root + " cannot be deleted; delete it by hand", failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        writer.stop();
        try {
            if (!writer.isPoisoned() && uncommitted > 0) {
                commitIndex();
                index.awaitCheckpoint();
            }
        } finally {
            try {
                index.close();
                if (!writer.isPoisoned()) {
                    places.close();
                }
            } finally {
                log.close();
            }
        }
    }
}
