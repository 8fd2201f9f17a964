package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultState;
import dev.loam.log.SimulatedDisk;
import dev.loam.sync.SyncInput;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The real engine with everything outside of it given: clock, randomness, disk. Its sessions are
 * stepped by the caller, one input at a time.
 */
public final class SimulatedStore implements AutoCloseable {
    /**
     * How one is opened.
     *
     * @param segmentFramesMax batches after which a segment of the log is full
     * @param seed of all randomness of this process
     */
    public record Options(Durability durability, int segmentFramesMax, long seed) {}

    /** One end of a session. */
    public interface Session {
        /** The report if the session ended at once. */
        Optional<SyncReport> begin();

        Optional<SyncReport> take(SyncInput input);
    }

    private final Store store;
    private final Loam loam;

    private SimulatedStore(Store store, Loam loam) {
        this.store = store;
        this.loam = loam;
    }

    public static SimulatedStore open(SimulatedDisk disk, InstantSource clock, Options options) {
        // Time stands still for what goes by it in the background.
        Environment environment =
                new Environment(clock, new SeededSecrets(options.seed()), () -> 0);
        Store store =
                Store.open(
                        disk.store(),
                        LoamOptions.unencrypted().clock(clock).durability(options.durability()),
                        environment,
                        (path, log) -> disk.open(log, options.segmentFramesMax(), options.seed()));
        return new SimulatedStore(store, Loam.of(disk.store(), store));
    }

    /**
     * The disk survived a crash: it lies where it lay, though the simulation has put a copy in its
     * place.
     */
    public static void remainsInPlace(SimulatedDisk disk) {
        StorePlace place = new StorePlace(disk.store());
        if (place.isRemembered().isPresent()) {
            place.remember();
        }
    }

    /** Each lets in what the other is now, as both do before a session. */
    public void greet(SimulatedStore other) {
        loam.welcome(other.loam.identity().id(), other.loam.introduction());
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
        }
        return frontier;
    }

    /** Whether it has been let into a vault as what it is now. */
    public boolean mayWrite() {
        return store.state().vaults().values().stream()
                .anyMatch(vault -> store.ownActors().in(vault).isPresent());
    }

    /** As which this device writes, or wrote, by their hexadecimal names. */
    public List<String> ownActors() {
        return store.state().vaults().values().stream()
                .flatMap(vault -> vault.actors().entrySet().stream())
                .filter(entry -> entry.getValue().device().equals(store.device()))
                .map(entry -> entry.getKey().toString())
                .toList();
    }

    /** A session with a paired device, not begun. */
    public Session session(DeviceId peer, Consumer<Bytes> outgoing) {
        SyncRun run =
                new SyncRun(store, peer, SyncOptions.once(), new PeerVisit(store, peer), outgoing);
        return new Session() {
            @Override
            public Optional<SyncReport> begin() {
                return run.begin();
            }

            @Override
            public Optional<SyncReport> take(SyncInput input) {
                return run.take(input);
            }
        };
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
