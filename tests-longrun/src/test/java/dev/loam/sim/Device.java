package dev.loam.sim;

import dev.loam.Durability;
import dev.loam.SimulatedStore;
import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;
import dev.loam.log.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A device: a disk, a clock, and a store while a process lives. */
final class Device {
    private final int number;
    private final long seed;
    private final Plant plant;
    private final SimulatedDisk disk;
    private final SimulatedClock clock;
    private final Durability durability;
    private final int segmentFramesMax;
    private final Duration suspendAfter;
    private final boolean isSealed;
    private @Nullable SimulatedStore store;
    private @Nullable DeviceId id;
    private int life;

    /** What reads showed last. */
    private SortedMap<String, Long> visible = new TreeMap<>();

    /** What of that its log did not have batch by batch any more. */
    private SortedMap<String, Long> letGo = new TreeMap<>();

    /** What no crash may take away. */
    private SortedMap<String, Long> promised = new TreeMap<>();

    /** By device, what of its frontier another one had when a session with it was done. */
    private final Map<Device, SortedMap<String, Long>> told = new HashMap<>();

    /** Sent to the store, and no answer came. */
    private Optional<Write> open = Optional.empty();

    /** For itself, not for its user: it let somebody in, acknowledged, settled, shut out. */
    private boolean mayHaveSpoken;

    private boolean isPoisoned;

    /** Since then no process has come up. */
    private boolean isRestored;

    private boolean wasRestored;

    Device(int number, Schedule schedule, Path directory, LongSupplier now, Plant plant) {
        this.number = number;
        this.seed = schedule.seed() * 31 + number;
        this.disk = new SimulatedDisk(directory.resolve("device-" + number), plant.onDisk());
        this.clock = new SimulatedClock(now);
        this.durability = schedule.durability();
        this.segmentFramesMax = schedule.segmentFramesMax();
        this.suspendAfter = schedule.pace().suspendAfter();
        this.isSealed = schedule.isSealed();
        this.plant = plant;
    }

    int number() {
        return number;
    }

    SimulatedDisk disk() {
        return disk;
    }

    SimulatedClock clock() {
        return clock;
    }

    /** Whether its files are encrypted. */
    boolean isSealed() {
        return isSealed;
    }

    boolean isUp() {
        return store != null;
    }

    /** Counts its processes: what belongs to an earlier one is over. */
    int life() {
        return life;
    }

    SimulatedStore store() {
        SimulatedStore running = store;
        if (running == null) {
            throw new IllegalStateException(number + " is down");
        }
        return running;
    }

    DeviceId id() {
        DeviceId known = id;
        if (known == null) {
            throw new IllegalStateException(number + " was never up");
        }
        return known;
    }

    /** Starts a process on the disk as it is. */
    void open() {
        life++;
        SimulatedStore.Options options =
                new SimulatedStore.Options(
                        durability,
                        segmentFramesMax,
                        suspendAfter,
                        isSealed,
                        plant.inStore(),
                        seed * 1_000 + life);
        if (!isRestored) {
            SimulatedStore.remainsInPlace(disk, clock, options);
        }
        SimulatedStore opened = SimulatedStore.open(disk, clock, options);
        store = opened;
        isRestored = false;
        id = opened.loam().identity().id();
        isPoisoned = false;
    }

    /** Ends the process in order; whatever it says, it is gone then. */
    Optional<LoamException> close() {
        SimulatedStore closing = store();
        store = null;
        life++;
        try {
            closing.close();
            return Optional.empty();
        } catch (LoamException failed) {
            return Optional.of(failed);
        }
    }

    SortedMap<String, Long> visible() {
        return visible;
    }

    void setVisible(SortedMap<String, Long> frontier) {
        visible = frontier;
        letGo = store().letGo();
        if (durability != Durability.NONE) {
            promised = frontier;
        }
    }

    SortedMap<String, Long> promised() {
        return promised;
    }

    /** All that is visible must be there whatever happens. */
    void promiseVisible() {
        promised = visible;
    }

    /** So much must be there whatever happens. */
    void promise(SortedMap<String, Long> frontier) {
        TreeMap<String, Long> more = new TreeMap<>(promised);
        frontier.forEach((actor, sequence) -> more.merge(actor, sequence, Math::max));
        promised = more;
    }

    /** It holds what a snapshot held, and what it held more was set aside. */
    void cameHome(SortedMap<String, Long> frontier) {
        visible = frontier;
        promised = frontier;
    }

    /**
     * A session is done that began at this frontier; what was set aside in it the other was not
     * given.
     */
    void hasTold(Device peer, SortedMap<String, Long> frontier) {
        SortedMap<String, Long> now = store().frontier();
        TreeMap<String, Long> given = new TreeMap<>();
        frontier.forEach(
                (actor, sequence) ->
                        given.put(actor, Math.min(sequence, now.getOrDefault(actor, 0L))));
        told.put(peer, given);
    }

    /** What devices that it has not shut out since were known to have. */
    SortedMap<String, Long> heldByOthers() {
        TreeMap<String, Long> held = new TreeMap<>();
        told.forEach(
                (peer, frontier) -> {
                    if (!store().refuses(peer.id())) {
                        frontier.forEach(
                                (actor, sequence) -> held.merge(actor, sequence, Math::max));
                    }
                });
        return held;
    }

    void restored(SortedMap<String, Long> frontier) {
        told.clear();
        wasRestored = true;
        isRestored = true;
        visible = frontier;
        promised = frontier;
        letGo = new TreeMap<>();
        open = Optional.empty();
    }

    /** By actor, how far the log was without batches when reads showed what is visible. */
    SortedMap<String, Long> letGo() {
        return letGo;
    }

    /** Whether it ever was put back: its actor may have written the same numbers twice. */
    boolean wasRestored() {
        return wasRestored;
    }

    boolean isPoisoned() {
        return isPoisoned;
    }

    /** A write failed, and may be there all the same. */
    void poisonedBy(Write write) {
        if (!isPoisoned) {
            isPoisoned = true;
            open = Optional.of(write);
        }
    }

    void poisonedInSession() {
        isPoisoned = true;
    }

    void setMayHaveSpoken(boolean may) {
        mayHaveSpoken = may;
    }

    boolean mayHaveSpoken() {
        return mayHaveSpoken;
    }

    Optional<Write> takeOpen() {
        Optional<Write> taken = open;
        open = Optional.empty();
        return taken;
    }
}
