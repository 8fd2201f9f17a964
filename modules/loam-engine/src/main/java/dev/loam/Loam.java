package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.log.LogOptions;
import dev.loam.log.LogVerification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An open store: the memory of one or several agents on this device. One process at a time owns a
 * store, and one {@code Loam} in it.
 *
 * <p>Four words are used with one meaning each. <em>Durable</em>: in the log, and the disk was told
 * to keep it. <em>Visible</em>: {@code get} and {@code scan} return it; writes return when both
 * hold, unless {@link Durability} says otherwise. <em>Searchable</em>: {@code recall} finds it,
 * which holds from the same moment on. <em>Converged</em>: another device has acknowledged it as
 * durable there.
 */
public final class Loam implements AutoCloseable {
    private final Path directory;
    private final Store store;
    private final Optional<Embedder> embedder;
    private final Optional<Encryption> encryption;
    private final Optional<EmbeddingWorker> worker;
    private final Housekeeper housekeeper;
    private final Optional<HousekeepingThread> housekeeping;

    /** Held while the log is rewritten: one compaction at a time. */
    private final ReentrantLock compacting = new ReentrantLock();

    private volatile boolean closed;

    private enum Upkeep {
        BY_ITSELF,
        WHEN_TOLD
    }

    private Loam(Path directory, Store store, LoamOptions options, Upkeep upkeep) {
        this.directory = directory;
        this.store = store;
        this.embedder = options.embedder();
        this.encryption = options.encryption();
        this.housekeeper = new Housekeeper(store, options.suspendAfter());
        this.worker = embedder.map(each -> new EmbeddingWorker(store, each));
        worker.ifPresent(
                each -> {
                    store.onChange(each::wake);
                    each.start();
                });
        this.housekeeping =
                upkeep == Upkeep.BY_ITSELF && store.isWritable()
                        ? Optional.of(new HousekeepingThread(housekeeper))
                        : Optional.empty();
        housekeeping.ifPresent(HousekeepingThread::start);
    }

    /**
     * Opens the store in {@code directory}, or makes one if that is absent or empty. Costs what was
     * written since the index's last commit, not what the store holds.
     *
     * @throws LoamException {@code NOT_A_STORE}, {@code STORE_BUSY} (by which process), {@code
     *     PERMISSIONS}, {@code FORMAT_VERSION}, {@code INVALID_CONFIG} (JVM flags to add), {@code
     *     CORRUPT}, {@code DISK_FULL}
     */
    public static Loam open(Path directory, LoamOptions options) {
        Store store = Store.open(directory, options);
        return new Loam(directory, store, options, Upkeep.BY_ITSELF);
    }

    /** The same with other bounds on the log's segments. */
    static Loam open(Path directory, LoamOptions options, UnaryOperator<LogOptions> adjustedLog) {
        return new Loam(
                directory, Store.open(directory, options, adjustedLog), options, Upkeep.BY_ITSELF);
    }

    /**
     * The facade of a store that was opened otherwise; closing it closes the store. Does what keeps
     * a store in order only when {@link #tidy} is called.
     */
    static Loam of(Path directory, Store store) {
        return of(directory, store, LoamOptions.unencrypted());
    }

    static Loam of(Path directory, Store store, LoamOptions options) {
        return new Loam(directory, store, options, Upkeep.WHEN_TOLD);
    }

    /** Acknowledges, settles and shuts out what is due by the store's clock. */
    void tidy() {
        housekeeper.run();
    }

    Store store() {
        return store;
    }

    /** What opening found and did. */
    public OpenReport openReport() {
        return store.report();
    }

    /**
     * The vault of that name, 1 to 128 of {@code A-Z a-z 0-9 . _ -}. It comes into being with its
     * first memory.
     */
    public Vault vault(String name) {
        return new Vault(store, embedder, name);
    }

    /** The vaults of this store in the order of their names. */
    public List<VaultInfo> vaults() {
        List<VaultInfo> vaults = new ArrayList<>();
        store.state()
                .byName()
                .forEach(
                        (name, vault) ->
                                vaults.add(
                                        new VaultInfo(
                                                vault.id(),
                                                name,
                                                vault.records(),
                                                vault.actors().size(),
                                                vault.digest().toHex())));
        return vaults;
    }

    /**
     * The state digest of the whole store, 64 hexadecimal digits: equal on two devices that have
     * the same operations of the same vaults.
     */
    public String digest() {
        return store.state().digest().toHex();
    }

    /** Figures, read without waiting for writers. */
    public StoreStats stats() {
        StoreState state = store.state();
        return new StoreStats(
                store.log().store(),
                store.device(),
                store.log().end(),
                state.digest().toHex(),
                state.records(),
                vaults(),
                store.log().segmentCount(),
                store.log().sizeBytes(),
                store.index().sizeBytes(),
                worker.map(EmbeddingWorker::awaiting).orElse(0L),
                embedder.map(Embedder::model),
                store.peers().all().size());
    }

    /**
     * Returns when everything that was visible before the call is durable, at any {@link
     * Durability}. Any thread; an interrupt is ignored.
     *
     * @throws LoamException {@code IO_FAILED} if the disk failed; whether what was written since
     *     the last flush is durable is then unknown, and only reopening the store tells; {@code
     *     OVERLOADED}, to be tried again; {@code CLOSED}
     */
    public void flush() {
        store.flush();
    }

    /**
     * Writes of all threads, embedding included, that were begun and have not yet returned or
     * thrown. Exact at each moment, after failures too; 0 once the store is closed and all callers
     * are back. Any thread.
     */
    public int pendingWrites() {
        return store.pendingWrites();
    }

    /** Reads the whole log and checks every frame, chain and seal. Repairs nothing. */
    public VerifyReport verify(Progress progress) {
        return verify(new VerifyScope.Full(), progress);
    }

    /** Checks as much of the log as {@code scope} says. Repairs nothing. */
    public VerifyReport verify(VerifyScope scope, Progress progress) {
        return switch (scope) {
            case VerifyScope.Full _ -> new Verification(store).run(progress);
            case VerifyScope.Sample sample ->
                    new SampleVerification(store.log(), sample).run(progress);
            case VerifyScope.Quick _ -> {
                LogVerification quick = store.log().verifyQuickly();
                yield new VerifyReport(
                        quick.segments(), quick.batches(), quick.bytes(), quick.damage());
            }
        };
    }

    /**
     * Reads the log from its beginning and hands on the operations that {@code filter} lets pass,
     * in this store's order, on the calling thread. What {@code sink} throws ends it. What cannot
     * be read is told in the report and left out. A memory of which a compaction has let go the
     * operations is handed on as such, unless the filter asks who made them, or when.
     *
     * @throws LoamException {@code NOT_FOUND} if the filter names a vault or an actor that the
     *     store does not know
     */
    public ReplayReport replay(
            OperationFilter filter,
            Consumer<LoggedOperation> sink,
            Consumer<CompactedRecord> compacted,
            Progress progress) {
        return new Replay(store, filter, sink, compacted).run(progress);
    }

    /** What the store consists of. Reads the states of all memories, and not the log. */
    public Inspection inspect(Progress progress) {
        return new Inspector(store, directory).run(progress);
    }

    /**
     * Looks for texts in every byte of the store's files, and in what the log, snapshots, batches
     * that wait and what was set aside hold deflated or sealed: after {@link Vault#forget} there
     * must be none. Of each text one place a MiB of a file is told. Costs a reading of the whole
     * store. What the index has compressed by its own means is not looked into, nor the index of a
     * sealed store, nor what stands across two MiB of a snapshot; after a {@code forget} nothing
     * that was replaced is in the index, and no snapshot of its vault is there.
     *
     * @throws LoamException {@code INVALID_ARGUMENT} if a text is blank, or there is none; {@code
     *     IO_FAILED}
     */
    public List<Remains> remains(List<String> texts) {
        return new RemainsSearch(store.directory(), texts).run(store);
    }

    /**
     * Builds the index anew from the log, beside the old one, and puts it in its place. Reads go on
     * meanwhile, writes wait. Interrupted, by the end of the process or by a {@code progress} that
     * throws, the next call goes on from its last commit; the index in use stays as it is.
     *
     * @throws LoamException {@code CORRUPT} if the log is damaged: nothing is replaced, because the
     *     index may hold what the log has lost; {@code INVALID_ARGUMENT} if {@code progress} threw
     */
    public RebuildReport rebuild(Progress progress) {
        String before = digest();
        long began = store.environment().elapsedMillis();
        Recovery recovery = store.rebuild(progress, Recovery.COMMIT_EVERY);
        worker.ifPresent(EmbeddingWorker::wake);
        store.audit().record(new AuditEvent.Rebuilt(recovery.replayed()));
        return new RebuildReport(
                recovery.replayed(),
                recovery.start().number(),
                recovery.state().records(),
                store.environment().elapsedMillis() - began,
                before,
                recovery.state().digest().toHex());
    }

    /**
     * Rewrites the sealed segments of the log as one. What was overwritten or deleted longer ago
     * than the options keep is let go; what it made of the memories stays. In vaults that other
     * devices are in, that holds only of what is settled there, see {@link Vault#prune}: every
     * other batch is kept, joined and compressed.
     *
     * <p>The result is written beside the log, forced, read back and compared with a replay of what
     * it replaces, before one change of the log's list puts it in place: killed at any moment, the
     * store is as before or as after. Reads and writes go on meanwhile; a second call waits.
     *
     * <p>A device that lacks what was let go takes a snapshot when it next meets this one.
     *
     * @throws LoamException {@code DISK_FULL}: nothing changed, and room for a second log is needed
     *     while the first is replaced; {@code CORRUPT} if the log is damaged: nothing changed;
     *     {@code OVERLOADED} if a device was let into a vault, or a snapshot taken, meanwhile:
     *     nothing changed
     */
    public CompactReport compact(CompactOptions options, Progress progress) {
        compacting.lock();
        try {
            return new Compaction(store, options, progress).run();
        } finally {
            compacting.unlock();
        }
    }

    /**
     * Adds a generation to a directory of backups: the store as it is at one moment of this call.
     * What earlier generations hold already is not written again; what an interrupted call has
     * finished is gone on from. Reads, writes and compactions go on meanwhile. Memory does not
     * depend on what the store holds.
     *
     * <p>It holds what the log holds, who this device is, with its private key, and whom it trusts:
     * keep it as you keep the store. {@link Backups} reads, verifies and restores it.
     *
     * @param progress told bytes of the log's files
     * @throws LoamException {@code EXISTS} if the directory holds something else, or backups of
     *     another store; {@code STORE_BUSY} if another process writes to it; {@code CORRUPT} if the
     *     log is damaged; {@code DISK_FULL}, {@code IO_FAILED}, {@code PERMISSIONS}: earlier
     *     generations are as they were
     */
    public BackupReport backup(BackupOptions options, Progress progress) {
        BackupReport report = new BackupRun(store, options, progress, new BackupFiles()).run();
        store.audit().record(new AuditEvent.BackupMade(report.generation().id()));
        return report;
    }

    /**
     * Waits until every text has a vector of the embedder's; at once if there is none.
     *
     * @return false if {@code timeout} passed first
     */
    public boolean awaitEmbedded(Duration timeout, Progress progress) {
        return worker.map(each -> each.await(timeout, progress)).orElse(true);
    }

    /**
     * The ways to the master key of a sealed store, and its changes.
     *
     * @throws LoamException {@code NOT_ENCRYPTED} if the store is not sealed
     */
    public Keys keys() {
        return Keys.of(store, encryption);
    }

    /** What was done to this store's keys, peers and memories as a whole. */
    public Audit audit() {
        return new Audit(store.audit(), store.log().store());
    }

    /** This device's key pair. */
    public DeviceIdentity identity() {
        return store.identity();
    }

    /** The devices that this store is paired with. */
    public List<Peer> peers() {
        return store.peers().all();
    }

    public Optional<Peer> peer(DeviceId id) {
        return store.peers().find(id);
    }

    /**
     * The batches that syncs could not take yet, and why; kept across a reopen. Of each author and
     * peer the first; what comes after it waits for it.
     */
    public List<Parked> parked() {
        return store.parked().stillIn(store.state());
    }

    /**
     * Trusts a device from now on, or changes what is known of it. Durable when it returns.
     *
     * @throws LoamException {@code REVOKED} if the device was revoked; {@code INVALID_ARGUMENT} for
     *     this store's own
     */
    public void addPeer(Peer peer) {
        new PeerChanges(store).add(peer);
    }

    /** What is known of each peer, as {@link #peers} lists them. */
    public List<PeerStatus> peerStatuses() {
        PeerSurvey survey = new PeerSurvey(store);
        return store.peers().all().stream().map(survey::status).toList();
    }

    /**
     * Gives a peer another name on this device. Durable when it returns.
     *
     * @param name for people: 1 to 256 bytes of UTF-8 without control characters
     * @throws LoamException {@code NOT_FOUND} if there is no such peer; {@code INVALID_ARGUMENT},
     *     {@code LIMIT_EXCEEDED} for a name that is none
     */
    public Peer renamePeer(DeviceId id, String name) {
        return new PeerChanges(store).rename(id, name);
    }

    /**
     * Exchanges only these vaults with a peer, in both directions, with the next session on: it is
     * let into no other, and nothing of another is taken from it. What it got before it keeps.
     * Durable when it returns.
     *
     * @param vaults at least one; of those that this store does not have yet, too
     * @throws LoamException {@code NOT_FOUND} if there is no such peer; {@code INVALID_ARGUMENT}
     *     for no vault at all
     */
    public Peer exchangeOnly(DeviceId id, Set<VaultId> vaults) {
        return new PeerChanges(store).limit(id, Optional.of(vaults));
    }

    /**
     * Exchanges all vaults with a peer, with the next session on. Durable when it returns.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such peer
     */
    public Peer exchangeAll(DeviceId id) {
        return new PeerChanges(store).limit(id, Optional.empty());
    }

    /**
     * Trusts a device no longer: from now on it is refused, its sessions here end as {@code
     * REVOKED}, and nothing more of them is applied. Durable when it returns. What it wrote before
     * stays, as does what it holds; other devices that are paired with it still exchange with it.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such peer
     */
    public void removePeer(DeviceId id) {
        new PeerChanges(store).remove(id);
    }

    /**
     * Shuts a device out for good, from every vault that it is in here: from now on it is refused,
     * its sessions here are broken, and every other device refuses it as soon as it hears of this.
     * It cannot be let in again. It keeps what it has; what it wrote before stays. Durable when it
     * returns.
     *
     * @return the names of the vaults that it was shut out of, in their order
     * @throws LoamException {@code NOT_FOUND} if the device is neither a peer nor in a vault;
     *     {@code INVALID_ARGUMENT} for this store's own device; {@code FORBIDDEN} if this device
     *     may not write to one of those vaults: nothing was changed
     */
    public List<String> revoke(DeviceId device) {
        return new Revocation(store).revoke(device);
    }

    /** Whether the device was revoked, here or by another device of a vault that is here. */
    public boolean isRevoked(DeviceId device) {
        return store.isRevoked(device);
    }

    /**
     * What a session begins with, before {@link #sync}: asks the peer to let this store into vaults
     * as a new actor. Mostly empty; at most 656 bytes.
     */
    public Bytes introduction() {
        return new Membership(store).introduction();
    }

    /**
     * Does what a paired device asks for in its {@link #introduction}, as far as it may: it is let
     * into vaults that it is in already as another actor. Durable with the next session.
     *
     * @throws LoamException {@code FORBIDDEN} if the device is not paired; {@code INVALID_ARGUMENT}
     *     for what is no introduction
     */
    public void welcome(DeviceId device, Bytes introduction) {
        Peer peer =
                peer(device)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORBIDDEN,
                                                "the device " + device + " is not paired"));
        new Membership(store).letIn(peer, introduction);
    }

    /**
     * Exchanges with a paired device what either lacks, over a link that is already authenticated;
     * the link is closed at the end. Blocks until done. Interrupted at any point, the next call
     * goes on from there.
     *
     * @return how it ended; a session that could not finish says so in its reason
     */
    public SyncReport sync(PeerLink link, Progress progress) {
        return sync(
                link,
                SyncOptions.once()
                        .progress(
                                (durable, bytes, total) -> progress.at(durable, total.batches())));
    }

    /**
     * As {@link #sync(PeerLink, Progress)}, in the way that {@code options} say. A live session
     * blocks until it is paused, the store is closed, or it fails.
     */
    public SyncReport sync(PeerLink link, SyncOptions options) {
        store.links().add(link);
        try {
            PeerVisit visit = new PeerVisit(store, link.peer());
            // After the link is listed: a peer that is removed from here on finds it broken.
            visit.checkPaired();
            return sync(link, options, visit);
        } finally {
            store.links().remove(link);
            link.close();
        }
    }

    private SyncReport sync(PeerLink link, SyncOptions options, PeerVisit visit) {
        try {
            SyncReport report = new SyncDriver(store, link, options, visit).run();
            visit.ended(report);
            return report;
        } catch (LoamException failed) {
            visit.failed(failed.code());
            throw failed;
        }
    }

    /**
     * Answers what is queued, ends background work, commits the index and releases the store, in
     * which all that was answered is then durable, at any {@link Durability}. Idempotent.
     *
     * @throws LoamException {@code IO_FAILED}, {@code DISK_FULL}: the store is released; the next
     *     opening reads what the disk has
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            worker.ifPresent(EmbeddingWorker::stop);
            housekeeping.ifPresent(HousekeepingThread::stop);
            try {
                if (store.isWritable()) {
                    housekeeper.closing();
                }
            } catch (LoamException notSaid) {
                // Said the next time: nothing hangs on it but what others may prune.
            } finally {
                store.close();
            }
        }
    }
}
