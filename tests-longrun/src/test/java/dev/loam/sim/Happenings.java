package dev.loam.sim;

import dev.loam.CompactOptions;
import dev.loam.CompactReport;
import dev.loam.RebuildReport;
import dev.loam.SimulatedStore;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.log.SimulatedDisk.End;
import dev.loam.sync.SyncInput;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;

/** Carries out events. */
final class Happenings {
    private static final int CALLS_TO_CRASH_MAX = 25;
    private static final long FULL_MILLIS_MAX = 30_000;
    private static final long CUT_MILLIS_MAX = 60_000;
    private static final long ABSENT_MILLIS_MAX = 600_000;
    private static final long CLOCK_ERROR_MILLIS_MAX = 600_000;
    private static final long JUMP_MILLIS_MIN = Duration.ofDays(1).toMillis();
    private static final long JUMP_MILLIS_MAX = Duration.ofDays(3_650).toMillis();
    private static final long JUMP_LASTS_MILLIS_MAX = 60_000;
    private static final int HOSTILE_FRAMES_MAX = 12;

    /** In which a session between two that have something to say is under way. */
    private static final int SESSION_MILLIS = 400;

    private final World world;
    private final Oracle oracle;
    private final Processes processes;
    private final Writing writing;
    private final Path directory;
    private final Map<Integer, SortedMap<String, Long>> backups = new HashMap<>();

    Happenings(World world, Oracle oracle, Processes processes, Path directory) {
        this.world = world;
        this.oracle = oracle;
        this.processes = processes;
        this.writing = new Writing(world, oracle, processes);
        this.directory = directory;
    }

    void happen(Event event) {
        Device device = world.device(event.device());
        if (!device.isUp()) {
            return;
        }
        SplittableRandom random = new SplittableRandom(event.seed());
        switch (event) {
            case Event.Change _ -> writing.change(device, random);
            case Event.Forget _ -> writing.forget(device, random);
            case Event.Meet meet -> meet(device, world.device(meet.other()), random);
            case Event.Hostility hostility ->
                    hostility(device, world.device(hostility.other()), random);
            case Event.Crash _ -> crash(device, random);
            case Event.Reopen _ -> away(device, 1, random);
            case Event.Absence _ -> away(device, world.pace().millis(ABSENT_MILLIS_MAX), random);
            case Event.Tidy _ -> tidy(device, random);
            case Event.ShutOut shutOut -> shutOut(device, world.device(shutOut.other()));
            case Event.Revoke revoke -> revokeSoon(device, world.device(revoke.other()), random);
            case Event.Full _ -> full(device, random);
            case Event.BrokenForce _ -> {
                world.counts().fault("broken force armed");
                device.disk().failNextForce();
            }
            case Event.ClockError _ ->
                    device.clock()
                            .setErrorMillis(
                                    random.nextInt(4) == 0
                                            ? 0
                                            : random.nextLong(
                                                    -CLOCK_ERROR_MILLIS_MAX,
                                                    CLOCK_ERROR_MILLIS_MAX));
            case Event.ClockJump _ -> clockJump(device, random);
            case Event.Partition partition ->
                    partition(device, world.device(partition.other()), random);
            case Event.Backup _ -> backup(device, random);
            case Event.Restore _ -> restore(device, random);
            case Event.Rebuild _ -> rebuild(device);
        }
    }

    // ---- meeting

    private void meet(Device device, Device other, SplittableRandom random) {
        if (other.isUp()) {
            world.meet(device, other, LinkQuality.draw(random), random.nextLong());
        }
    }

    /** Something that holds the key of a paired device, and says what it has heard, or anything. */
    private void hostility(Device device, Device pretended, SplittableRandom random) {
        if (pretended.isUp() && random.nextInt(3) != 0) {
            world.meetLiar(device, pretended, random.nextLong());
            return;
        }
        try {
            SimulatedStore.Session session = device.store().session(pretended.id(), frame -> {});
            device.setMayHaveSpoken(true);
            Optional<SyncReport> report = session.begin();
            device.setMayHaveSpoken(false);
            world.toldPeer(device);
            int frames = random.nextInt(HOSTILE_FRAMES_MAX);
            for (int i = 0; i < frames && report.isEmpty(); i++) {
                Bytes heard = world.overheard(random);
                Bytes sent = random.nextBoolean() ? heard : Mutation.of(heard, random);
                report = session.take(new SyncInput.FrameReceived(sent));
            }
            if (report.isEmpty()) {
                report = session.take(new SyncInput.LinkClosed());
            }
            Violation.unless(report.isPresent(), "a session outlives its link");
            world.sessionEnded(device, pretended, report.orElseThrow().reason());
        } catch (LoamException failed) {
            world.checkSessionFailure(device, pretended, failed);
        }
    }

    private void tidy(Device device, SplittableRandom random) {
        speak(
                device,
                () -> {
                    if (random.nextBoolean()) {
                        device.store().acknowledge();
                    }
                    if (random.nextBoolean()) {
                        device.store().prune();
                    }
                    if (random.nextBoolean()) {
                        compact(device);
                    }
                    int before = device.store().excluded().size();
                    device.store().keepHouse();
                    int more = device.store().excluded().size() - before;
                    world.counts().faults("shut out for its absence", Math.max(0, more));
                });
    }

    private void compact(Device device) {
        try {
            CompactReport report =
                    device.store().loam().compact(CompactOptions.aggressive(), (done, total) -> {});
            if (report.replaced()) {
                world.counts().fault("compacted");
            }
        } catch (UncheckedIOException ended) {
            processes.checkEnded(device, ended);
        }
    }

    /** It writes something for itself, of which no reader can tell. */
    private void speak(Device device, Runnable what) {
        device.setMayHaveSpoken(true);
        try {
            what.run();
        } catch (LoamException failed) {
            processes.checkFailure(device, failed);
            device.poisonedInSession();
        } catch (UncheckedIOException ended) {
            processes.checkEnded(device, ended);
        }
        processes.settle(device);
        if (device.isUp()) {
            device.setMayHaveSpoken(false);
        }
    }

    /** Two may exclude each other, and whom others have excluded may, not knowing, a third. */
    private void shutOut(Device device, Device other) {
        boolean isOut = oracle.revocations().mayBeRefused(device);
        if (isOut) {
            return;
        }
        speak(
                device,
                () -> {
                    device.store().suspend(other.id());
                    world.counts().fault("shut out");
                });
    }

    /** Mostly while the two have a session, so that it breaks. */
    private void revokeSoon(Device device, Device other, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            revoke(device, other);
            return;
        }
        meet(device, other, random);
        world.after(
                random.nextInt(SESSION_MILLIS),
                () -> {
                    if (device.isUp()) {
                        revoke(device, other);
                    }
                });
    }

    /** Of two that revoke each other neither would remain. */
    private void revoke(Device device, Device other) {
        if (!device.store().mayWrite()
                || !device.store().isMember(other.id())
                || oracle.revocations().mayBeRefused(device)) {
            return;
        }
        SortedMap<String, Long> before = device.store().frontier();
        oracle.revocations().attempt(other);
        world.line("%d revokes %d", device.number(), other.number());
        speak(
                device,
                () -> {
                    device.store().loam().revoke(other.id());
                    world.counts().fault("revoked");
                    oracle.revocations().acknowledge(other, device, before);
                });
    }

    /** What it writes meanwhile is stamped with a time that the others do not believe. */
    private void clockJump(Device device, SplittableRandom random) {
        world.counts().fault("clock jump");
        device.clock().setErrorMillis(random.nextLong(JUMP_MILLIS_MIN, JUMP_MILLIS_MAX));
        world.after(
                world.pace().millis(random.nextLong(JUMP_LASTS_MILLIS_MAX)),
                () -> device.clock().setErrorMillis(0));
    }

    private void partition(Device device, Device other, SplittableRandom random) {
        world.counts().fault("partition");
        long until = world.nowMillis() + random.nextLong(CUT_MILLIS_MAX);
        world.cut(device, other, until);
        if (random.nextBoolean()) {
            world.cut(other, device, until);
        }
    }

    // ---- processes and disks

    private void crash(Device device, SplittableRandom random) {
        End how = random.nextBoolean() ? End.KILL : End.POWER_CUT;
        if (random.nextInt(3) == 0) {
            processes.crash(device, how, random.nextLong());
        } else {
            device.disk().endAt(1 + random.nextInt(CALLS_TO_CRASH_MAX), how, random.nextLong());
        }
    }

    private void away(Device device, long millis, SplittableRandom random) {
        processes.takeDown(device);
        processes.restartLater(device, millis, random.nextLong());
    }

    private void full(Device device, SplittableRandom random) {
        world.counts().fault("full disk");
        device.disk().setFull(true);
        world.after(random.nextLong(FULL_MILLIS_MAX), () -> device.disk().setFull(false));
    }

    private Path backupOf(Device device) {
        return directory.resolve("backup-" + device.number());
    }

    private void backup(Device device, SplittableRandom random) {
        SortedMap<String, Long> frontier = device.visible();
        processes.takeDown(device);
        if (!device.disk().hasFailed()) {
            device.disk().backup(backupOf(device));
            backups.put(device.number(), frontier);
        }
        processes.restartLater(device, 1, random.nextLong());
    }

    private void restore(Device device, SplittableRandom random) {
        SortedMap<String, Long> frontier = backups.get(device.number());
        if (frontier == null || !Files.isDirectory(backupOf(device))) {
            return;
        }
        world.counts().fault("restored backup");
        processes.takeDown(device);
        device.disk().restart();
        device.disk().restore(backupOf(device));
        device.restored(frontier);
        oracle.revocations().restored(device, frontier);
        oracle.homecomings().restored(device);
        processes.restartLater(device, 1, random.nextLong());
    }

    private void rebuild(Device device) {
        try {
            RebuildReport report = device.store().loam().rebuild((done, total) -> {});
            Violation.unless(
                    report.digestBefore().equals(report.digestAfter()),
                    "device %d has another digest after a rebuild",
                    device.number());
        } catch (LoamException failed) {
            processes.checkFailure(device, failed);
        }
    }
}
