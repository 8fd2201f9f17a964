package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.RecordId;
import dev.loam.core.RecordState;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.Suite;
import dev.loam.log.SimulatedDisk;
import dev.loam.sim.SimulatedClock;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncInput;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The real engine with everything outside of it given: clock, randomness, disk. Its sessions are
 * stepped by the caller, one input at a time.
 */
public final class SimulatedStore implements AutoCloseable {
    /**
     * How one is opened.
     *
     * @param segmentFramesMax batches after which a segment of the log is full
     * @param suspendAfter so long a device may be away
     * @param isSealed whether its files are encrypted
     * @param seed of all randomness of this process
     */
    public record Options(
            Durability durability,
            int segmentFramesMax,
            Duration suspendAfter,
            boolean isSealed,
            Plant plant,
            long seed) {
        private LoamOptions of(SimulatedClock clock) {
            LoamOptions open = LoamOptions.unencrypted().clock(clock).durability(durability);
            return isSealed ? open.encryption(encryption()) : open;
        }

        private static Encryption encryption() {
            return Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES])).allowDirectKey();
        }
    }

    /** A fault that an engine could have. */
    public enum Plant {
        NONE,

        /** What others have forgotten is not carried out. */
        PURGES_OF_OTHERS_IGNORED
    }

    /** One end of a session. */
    public interface Session {
        /** The report if the session ended at once. */
        Optional<SyncReport> begin();

        Optional<SyncReport> take(SyncInput input);
    }

    /** What a log begins with that has this first segment. */
    private record Beginning(long segment, States.Vaults states) {}

    private static final int INBOX_PAGE = 100;

    /** Digits of a name that tell it apart in one run. */
    private static final int BRIEF = 4;

    private final Store store;
    private final Loam loam;
    private final Housekeeper housekeeper;
    private final Plant plant;
    private Optional<Beginning> lookedAt = Optional.empty();

    private SimulatedStore(Store store, Loam loam, Options options) {
        this.store = store;
        this.loam = loam;
        this.plant = options.plant();
        this.housekeeper = new Housekeeper(store, Optional.of(options.suspendAfter()));
    }

    public static SimulatedStore open(SimulatedDisk disk, SimulatedClock clock, Options options) {
        Store store =
                Store.open(
                        disk.store(),
                        options.of(clock),
                        environment(clock, options),
                        (path, log) -> disk.open(log, options.segmentFramesMax(), options.seed()));
        return new SimulatedStore(store, Loam.of(disk.store(), store), options);
    }

    private static Environment environment(SimulatedClock clock, Options options) {
        return new Environment(
                clock, new SeededSecrets(options.seed()), clock::elapsedNanos, () -> 0);
    }

    /**
     * The disk survived a crash: it lies where it lay, though the simulation has put a copy in its
     * place.
     */
    public static void remainsInPlace(SimulatedDisk disk, SimulatedClock clock, Options options) {
        if (!StoreKeys.isSealed(disk.store())) {
            remainsInPlace(StoreFolder.plain(disk.store()));
            return;
        }
        try (StoreKeys keys =
                StoreKeys.unlock(disk.store(), Options.encryption(), environment(clock, options))) {
            remainsInPlace(new StoreFolder(disk.store(), Optional.of(keys)));
        }
    }

    private static void remainsInPlace(StoreFolder folder) {
        StorePlace place = new StorePlace(folder);
        if (place.isRemembered().isPresent()) {
            place.remember();
        }
    }

    /** Each lets in what the other is now, as both do before a session. */
    public void greet(SimulatedStore other) {
        loam.welcome(other.loam.identity().id(), other.loam.introduction());
    }

    /** Says what it has applied, as when it is closed. */
    public void acknowledge() {
        housekeeper.closing();
    }

    /** Settles what all have acknowledged. */
    public void prune() {
        store.state()
                .vaults()
                .values()
                .forEach(vault -> new Pruning(store, vault.id()).prune(vault.name()));
    }

    /** Does what is due by the wall clock: shuts out who was away for too long. */
    public void keepHouse() {
        housekeeper.run();
    }

    public Loam loam() {
        return loam;
    }

    /** How far each actor of each vault is applied, by their hexadecimal names. */
    public SortedMap<String, Long> frontier() {
        TreeMap<String, Long> frontier = new TreeMap<>();
        for (VaultState vault : store.state().vaults().values()) {
            vault.frontier()
                    .tips()
                    .forEach((actor, tip) -> frontier.put(actor.toString(), tip.sequence()));
            vault.closed()
                    .forEach(
                            (actor, closed) ->
                                    frontier.put(actor.toString(), closed.tip().sequence()));
        }
        return frontier;
    }

    /** Whether it has been let into a vault as what it is now, and nobody has shut it out. */
    public boolean mayWrite() {
        return store.state().vaults().values().stream()
                .anyMatch(vault -> ControlBatch.author(store, vault).isPresent());
    }

    /** Whether what it holds of a vault is to be replaced. */
    public boolean wantsSnapshot() {
        return store.state().vaults().values().stream().anyMatch(store.ownActors()::wantsSnapshot);
    }

    /** The devices of which an actor is excluded from a vault here. */
    public Set<DeviceId> excluded() {
        return store.state().vaults().values().stream()
                .flatMap(vault -> vault.actors().values().stream())
                .filter(ActorState::isExcluded)
                .map(ActorState::device)
                .collect(Collectors.toSet());
    }

    /** Whether the device is in a vault here. */
    public boolean isMember(DeviceId device) {
        return store.state().vaults().values().stream()
                .anyMatch(vault -> StoreState.actorOf(vault, device).isPresent());
    }

    /** Whether a session with the device would be refused. */
    public boolean refuses(DeviceId device) {
        return !new PeerVisit(store, device).isAdmitted();
    }

    /** Names the snapshot that its log begins with; empty if it never took one. */
    public Optional<String> snapshotTaken() {
        return Optional.of(beginning().adopted())
                .filter(adopted -> !adopted.isEmpty())
                .map(adopted -> adopted.values().stream().map(Bytes::toHex).toList().toString());
    }

    /**
     * The last batch of each actor of each vault, by their hexadecimal names, that its log has only
     * as a part of states: by a compaction, or because it came so in a snapshot.
     */
    public SortedMap<String, Long> letGo() {
        TreeMap<String, Long> letGo = new TreeMap<>();
        for (VaultId vault : beginning().state().vaults().keySet()) {
            beginning()
                    .letGo(vault)
                    .forEach((actor, sequence) -> letGo.put(actor.toString(), sequence));
        }
        return letGo;
    }

    private States.Vaults beginning() {
        long segment = store.firstSegment();
        Beginning known =
                lookedAt.filter(each -> each.segment() == segment)
                        .orElseGet(
                                () ->
                                        new Beginning(
                                                segment,
                                                Compaction.presentStates(store.log())
                                                        .orElse(States.Vaults.NONE)));
        lookedAt = Optional.of(known);
        return known.states();
    }

    /** A batch as the log has it; empty if that was let go. */
    public Optional<Batch> batch(String actor, long sequence) {
        VaultId vault = store.state().vaults().firstKey();
        return new LoggedBatches(store)
                .find(new BatchId(vault, actor(actor), sequence))
                .map(entry -> BatchCodec.decode(entry.batch()));
    }

    /** Whether the past of a memory, up to now, is what the memory is, in every vault. */
    public boolean endsPastInPresent(String key) {
        return store.state().vaults().keySet().stream()
                .allMatch(vault -> endsPastInPresent(new RecordId(vault, key)));
    }

    private boolean endsPastInPresent(RecordId record) {
        RecordState present = store.ask(stage -> stage.record(record));
        RecordState past = store.past(record).asOf(Long.MAX_VALUE);
        return past.contentHash(record).equals(present.contentHash(record));
    }

    /** What the author of a batch had applied, by the hexadecimal names of actors. */
    public SortedMap<String, Long> seenBy(String actor, long sequence) {
        VaultId vault = store.state().vaults().firstKey();
        TreeMap<String, Long> seen = new TreeMap<>();
        store.ask(stage -> new LoggedHistory(store, stage, vault).context(actor(actor), sequence))
                .ifPresent(
                        context ->
                                context.tips()
                                        .forEach(
                                                (each, tip) ->
                                                        seen.put(each.toString(), tip.sequence())));
        store.state()
                .vault(vault)
                .closed()
                .forEach((each, closed) -> seen.put(each.toString(), closed.tip().sequence()));
        seen.put(actor, sequence - 1);
        return seen;
    }

    private static ActorId actor(String name) {
        return new ActorId(Bytes.fromHex(name));
    }

    /** Whether anything was purged here that may not be erased yet. */
    public boolean isForgetting() {
        return store.purgeNotes().from().isPresent();
    }

    /** Whether it has batches out of which something was cut for a purge that has not come. */
    public boolean awaitsForgetting() {
        return store.state().vaults().values().stream()
                .anyMatch(vault -> !vault.awaitedPurges().isEmpty());
    }

    /** What it tells of each device of its vault, if it has one. */
    public List<ForgetStatus.Device> forgetStatus() {
        return store.state().byName().isEmpty()
                ? List.of()
                : loam.vault(store.state().byName().firstKey()).forgetStatus().devices();
    }

    /** Shows what it has on its disk in another form than that in which it was written. */
    public void forEachPlain(BiConsumer<String, Bytes> reader) {
        new PlainContent(store).forEach(reader);
    }

    /** What late devices could not write anew. */
    public List<Inbox.Entry> inbox() {
        List<Inbox.Entry> all = new ArrayList<>();
        Inbox inbox = loam.vault(store.state().byName().firstKey()).inbox();
        Inbox.Entries page = inbox.list(INBOX_PAGE, Optional.empty());
        all.addAll(page.entries());
        while (page.next().isPresent()) {
            page = inbox.list(INBOX_PAGE, page.next());
            all.addAll(page.entries());
        }
        return all;
    }

    /** Shuts a device out as one that was away for too long; it may come home. */
    public void suspend(DeviceId device) {
        for (VaultState vault : store.state().vaults().values()) {
            List<Operation.Suspend> suspensions =
                    store.ask(
                            stage ->
                                    vault.actors().entrySet().stream()
                                            .filter(each -> each.getValue().device().equals(device))
                                            .filter(each -> !each.getValue().isExcluded())
                                            .map(Map.Entry::getKey)
                                            .filter(each -> store.runs().canBePassedOn(vault, each))
                                            .map(Operation.Suspend::new)
                                            .toList());
            if (!suspensions.isEmpty() && ControlBatch.author(store, vault).isPresent()) {
                store.write(
                        stage -> {
                            ControlBatch.stage(store, stage, vault.id(), suspensions);
                            return Optional.empty();
                        });
            }
        }
    }

    /**
     * As what it stands in each vault, in short: of each actor the device, how far it is applied,
     * and who excludes it; and what waits, and for what.
     */
    public String standing() {
        return store.state().vaults().values().stream()
                .map(this::standing)
                .collect(Collectors.joining("; "));
    }

    private String standing(VaultState vault) {
        String own =
                store.ownActors().wantsSnapshot(vault)
                        ? "wants a snapshot"
                        : store.ownActors().isShutOut(vault)
                                ? "is shut out"
                                : store.ownActors().isAwaiting(vault)
                                        ? "waits to be let in"
                                        : "is in";
        return own
                + " as "
                + store.ownActors().in(vault).map(SimulatedStore::brief).orElse("nobody")
                + vault.actors().entrySet().stream()
                        .map(each -> standing(each.getKey(), each.getValue()))
                        .toList()
                + " closed "
                + vault.closed().entrySet().stream()
                        .map(each -> brief(each.getKey()) + ":" + each.getValue().tip().sequence())
                        .toList()
                + " parked "
                + store.parked().stillIn(store.state()).stream()
                        .map(SimulatedStore::brief)
                        .toList();
    }

    private static String standing(ActorId actor, ActorState state) {
        return brief(actor)
                + " of "
                + state.device().bytes().toHex().substring(0, BRIEF)
                + ":"
                + state.tip().sequence()
                + (state.isExcluded()
                        ? " excluded by "
                                + state.exclusions().entrySet().stream()
                                        .map(
                                                by ->
                                                        brief(by.getKey())
                                                                + ":"
                                                                + by.getValue().sequence())
                                        .toList()
                        : "");
    }

    private static String brief(Parked parked) {
        return brief(parked.actor())
                + ":"
                + parked.sequence()
                + " "
                + parked.reason()
                + parked.missing()
                        .map(missing -> " " + brief(missing.actor()) + ":" + missing.sequence())
                        .orElse("");
    }

    private static String brief(ActorId actor) {
        return actor.bytes().toHex().substring(0, BRIEF);
    }

    /** As which this device writes, or wrote, by their hexadecimal names. */
    public List<String> ownActors() {
        return store.state().vaults().values().stream()
                .flatMap(vault -> vault.actors().entrySet().stream())
                .filter(entry -> entry.getValue().device().equals(store.device()))
                .map(entry -> entry.getKey().toString())
                .toList();
    }

    /**
     * A session with a paired device, not begun.
     *
     * @throws LoamException {@code REVOKED}, {@code FORBIDDEN} if the device is refused
     */
    public Session session(DeviceId peer, Consumer<Bytes> outgoing) {
        PeerVisit visit = new PeerVisit(store, peer);
        visit.checkPaired();
        return new Steps(
                store, plant, visit, new SyncRun(store, peer, SyncOptions.once(), visit, outgoing));
    }

    /** As a driver would step it: looks before each input whether the peer is still admitted. */
    private record Steps(Store store, Plant plant, PeerVisit visit, SyncRun run)
            implements Session {
        @Override
        public Optional<SyncReport> begin() {
            return remembered(run::begin);
        }

        @Override
        public Optional<SyncReport> take(SyncInput input) {
            if (plant == Plant.PURGES_OF_OTHERS_IGNORED) {
                store.purgeNotes().end();
            }
            SyncInput what = visit.isAdmitted() ? input : new SyncInput.Stopped(EndReason.REVOKED);
            return remembered(() -> run.take(what));
        }

        private Optional<SyncReport> remembered(Supplier<Optional<SyncReport>> step) {
            try {
                Optional<SyncReport> report = step.get();
                report.ifPresent(visit::ended);
                return report;
            } catch (LoamException failed) {
                visit.failed(failed.code());
                throw failed;
            }
        }
    }

    @Override
    public void close() {
        loam.close();
    }

    /** For stores whose secrets nobody needs to keep. */
    private static final class SeededSecrets extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient SplittableRandom random;

        SeededSecrets(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public int nextInt() {
            return random.nextInt();
        }
    }
}
