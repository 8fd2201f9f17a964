package dev.loam.sim;

import dev.loam.Peer;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A few devices, what lies between them, and time. Everything happens in one thread, in the order
 * of virtual time; of two things at one time the one that was planned first comes first.
 *
 * <p>A world begins with a vault that some devices or all are in, lives through its schedule, and
 * is then healed: every process runs, every disk and clock and link is sound. From then on it must
 * converge within a few rounds for each device.
 */
final class World implements AutoCloseable {
    static final String VAULT = "main";

    /** 2026-01-01, so that no device's clock is near the epoch. */
    private static final long BEGINNING_MILLIS = 1_767_225_600_000L;

    /** More than any clock was wrong by, and the time that a stamp may lie ahead. */
    private static final long HEALING_MILLIS = 3_600_000;

    /**
     * Of a session on a sound link. Three of them make a device begin anew; {@code PAUSED} says
     * that who is asked for a snapshot has first to be let in itself.
     */
    private static final Set<String> SOUND_OUTCOMES =
            Set.of("DONE", "REBASE_REQUIRED", "WITHHELD", "CLOCK_AHEAD", "PAUSED");

    private static final int RECORDED_MAX = 64;

    /**
     * A device that has to begin anew says so, takes a snapshot, and writes anew: to each other.
     */
    private static final int ROUNDS_PER_DEVICE = 3;

    private record Planned(long atMillis, long order, Runnable what) {}

    private record Link(int from, int to) {}

    private final Schedule schedule;
    private final PriorityQueue<Planned> plan =
            new PriorityQueue<>(
                    Comparator.comparingLong(Planned::atMillis).thenComparingLong(Planned::order));
    private final List<Device> devices = new ArrayList<>();
    private final Map<Link, Long> cutUntil = new HashMap<>();
    private final List<Bytes> recorded = new ArrayList<>();
    private final Trace trace;
    private final Counts counts = new Counts();
    private final Oracle oracle;
    private final Processes processes;
    private final Happenings happenings;

    /** Read by the stores' writers through their clocks. */
    private final AtomicLong nowMillis = new AtomicLong(BEGINNING_MILLIS);

    private long planned;

    World(Schedule schedule, Path directory, Plant plant, int linesKept) {
        this.schedule = schedule;
        this.trace = new Trace(linesKept);
        this.oracle = new Oracle(plant.inFrontOf(Reading.HONEST), counts);
        this.processes = new Processes(this, oracle);
        this.happenings = new Happenings(this, oracle, processes, directory);
        for (int number = 0; number < schedule.devices(); number++) {
            devices.add(new Device(number, schedule, directory, nowMillis::get, plant));
        }
    }

    /** Lives it to its end; throws what went wrong. */
    String run() {
        if (schedule.isSealed()) {
            counts.fault("stores sealed");
        }
        begin();
        for (Schedule.Timed timed : schedule.events()) {
            after(timed.atMillis(), () -> happen(timed.event()));
        }
        runPlan();
        heal();
        return trace.hash();
    }

    Trace trace() {
        return trace;
    }

    Counts counts() {
        return counts;
    }

    private void begin() {
        devices.forEach(Device::open);
        for (Device device : devices) {
            for (Device other : devices) {
                if (device != other) {
                    device.store()
                            .loam()
                            .addPeer(
                                    new Peer(
                                            other.id(),
                                            other.store().loam().identity().publicKey(),
                                            "device " + other.number(),
                                            List.of()));
                }
            }
        }
        new Writing(this, oracle, processes).found(devices.getFirst());
        if (schedule.startsComplete()) {
            converge(devices);
        } else {
            meetAndFinish(devices.get(0), devices.get(1));
        }
    }

    private void happen(Event event) {
        Device device = devices.get(event.device());
        happenings.happen(event);
        processes.settle(device);
        if (device.isUp()) {
            oracle.checkContent(device);
        }
        line(
                "%s -> %s",
                event,
                device.isUp()
                        ? device.store().loam().digest() + " " + device.visible().values()
                        : "down");
        counts.event();
    }

    Schedule.Pace pace() {
        return schedule.pace();
    }

    Device device(int number) {
        return devices.get(number);
    }

    // ---- time

    long nowMillis() {
        return nowMillis.get();
    }

    void after(long millis, Runnable what) {
        plan.add(new Planned(nowMillis.get() + millis, planned++, what));
    }

    private void runPlan() {
        for (Planned next = plan.poll(); next != null; next = plan.poll()) {
            nowMillis.accumulateAndGet(next.atMillis(), Math::max);
            next.what().run();
        }
    }

    void line(String what, Object... details) {
        trace.line(nowMillis.get() - BEGINNING_MILLIS, what.formatted(details));
    }

    // ---- the network

    /** Frames from the one to the other get lost until then. */
    void cut(Device from, Device to, long untilMillis) {
        cutUntil.put(new Link(from.number(), to.number()), untilMillis);
    }

    boolean isCut(Device from, Device to) {
        return cutUntil.getOrDefault(new Link(from.number(), to.number()), 0L) > nowMillis.get();
    }

    /** For whoever sends again what it has heard. */
    void record(Bytes frame) {
        if (recorded.size() == RECORDED_MAX) {
            recorded.removeFirst();
        }
        recorded.add(frame);
    }

    /** A frame that somebody sent, or noise. */
    Bytes overheard(SplittableRandom random) {
        return recorded.isEmpty() || random.nextInt(8) == 0
                ? Mutation.noise(random)
                : recorded.get(random.nextInt(recorded.size()));
    }

    Encounter meet(Device caller, Device called, LinkQuality quality, long seed) {
        line("%d meets %d: %s", caller.number(), called.number(), quality);
        Encounter encounter = new Encounter(this, caller, called, quality, seed);
        encounter.begin();
        return encounter;
    }

    /** The called one is a liar. */
    void meetLiar(Device caller, Device called, long seed) {
        line("%d meets a liar as %d", caller.number(), called.number());
        new Encounter(this, caller, called, LinkQuality.PERFECT, seed).withLiar().begin();
    }

    void sessionEnded(Device device, Device peer, String reason) {
        counts.session(reason);
        if (!device.disk().hasFailed()) {
            oracle.checkFrontier(device);
            oracle.checkContent(device);
            oracle.forgotten().check(device);
            oracle.forgotten().checkReceipts(device, devices);
        }
        line("session of %d with %d: %s", device.number(), peer.number(), reason);
        if (!reason.equals("DONE")) {
            line("%d (%s) %s", device.number(), device.id(), device.store().standing());
        }
    }

    /** Who was revoked is refused by those who know. */
    void checkSessionFailure(Device device, Device peer, LoamException failed) {
        boolean isRefusal =
                failed.code() == ErrorCode.REVOKED || failed.code() == ErrorCode.FORBIDDEN;
        if (isRefusal && oracle.revocations().mayBeRefused(peer)) {
            counts.fault("revoked device refused");
        } else {
            processes.checkFailure(device, failed);
        }
    }

    /** All that the device showed before has been forced: the peer was told of it. */
    void toldPeer(Device device) {
        oracle.checkFrontier(device);
        device.promiseVisible();
    }

    void checkAfterSessionStep(Device device) {
        processes.settle(device);
        if (device.isUp()) {
            device.setMayHaveSpoken(false);
        }
    }

    void speakOfErasing(Device device) {
        processes.speakOfErasing(device);
    }

    void checkEnded(Device device, UncheckedIOException failed) {
        processes.checkEnded(device, failed);
    }

    // ---- healing

    private void heal() {
        cutUntil.clear();
        nowMillis.addAndGet(HEALING_MILLIS);
        for (Device device : devices) {
            device.clock().setErrorMillis(0);
            processes.mend(device);
        }
        runPlan();
        line("healed");
        List<Device> remaining = oracle.revocations().remaining(devices);
        converge(remaining);
        oracle.revocations().check(devices, remaining);
        counts.faults("revoked device stayed out", oracle.revocations().count(remaining));
        for (Device device : devices) {
            oracle.checkContent(device);
            oracle.checkPasts(device);
            Violation.unless(
                    device.store().loam().verify((done, total) -> {}).damage().isEmpty(),
                    "the log of device %d is damaged",
                    device.number());
        }
        oracle.forgotten().checkReceipts(remaining);
        oracle.homecomings().checkNothingIsLost(remaining);
        counts.faults("late device came home", oracle.homecomings().count());
        counts.converged();
    }

    private void converge(List<Device> among) {
        for (int round = 0; round <= ROUNDS_PER_DEVICE * among.size(); round++) {
            boolean isDone = true;
            for (Device caller : among) {
                for (Device called : among) {
                    if (caller.number() < called.number()) {
                        isDone &= meetAndFinish(caller, called);
                    }
                }
            }
            if (isDone && haveConverged(among)) {
                line("converged to %s", among.getFirst().store().loam().digest());
                return;
            }
            among.forEach(this::acknowledge);
        }
        throw new Violation(
                "after "
                        + (ROUNDS_PER_DEVICE * among.size() + 1)
                        + " rounds of all there is no convergence");
    }

    /** As a store does a minute after it got something: excluded authors are taken when named. */
    private void acknowledge(Device device) {
        device.setMayHaveSpoken(true);
        device.store().acknowledge();
        processes.settle(device);
        device.setMayHaveSpoken(false);
    }

    private static boolean haveConverged(List<Device> among) {
        return among.stream().allMatch(device -> device.store().mayWrite())
                && among.stream().map(device -> device.store().frontier()).distinct().count() <= 1;
    }

    /** Whether all was exchanged; who has to begin anew says so first. */
    private boolean meetAndFinish(Device caller, Device called) {
        Encounter encounter = meet(caller, called, LinkQuality.PERFECT, schedule.seed());
        runPlan();
        boolean isDone = true;
        for (int end = 0; end < 2; end++) {
            String outcome = encounter.outcome(end).orElse("none");
            // Who lacks what was cut out ahead of its forgetting makes no snapshot for others.
            boolean mayRefuse =
                    caller.store().awaitsForgetting() || called.store().awaitsForgetting();
            Violation.unless(
                    SOUND_OUTCOMES.contains(outcome) || (outcome.equals("REFUSED") && mayRefuse),
                    "a session of %d with %d on a sound link ended with %s",
                    caller.number(),
                    called.number(),
                    outcome);
            isDone &= outcome.equals("DONE");
        }
        return isDone;
    }

    @Override
    public void close() {
        for (Device device : devices) {
            if (device.isUp()) {
                device.close();
            }
        }
    }
}
