package dev.loam.sim;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Part;
import dev.loam.log.SimulatedDisk.End;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;

/** How the processes of devices end and begin, and what each finds of what the last one had. */
final class Processes {
    private static final int RESTART_MILLIS_MAX = 5_000;

    /** About as many calls to the disk as an opening makes. */
    private static final int CALLS_OF_OPENING = 30;

    private static final int RESTARTS_KILLED_ONE_IN = 6;

    private final World world;
    private final Oracle oracle;

    Processes(World world, Oracle oracle) {
        this.world = world;
        this.oracle = oracle;
    }

    /** To be called after anything that a store was asked for. */
    void settle(Device device) {
        if (!device.isUp()) {
            return;
        }
        if (device.disk().isEnded()) {
            world.counts().fault("crash");
            takeDown(device);
            restartLater(device, RESTART_MILLIS_MAX, device.life());
            return;
        }
        oracle.checkFrontier(device);
        if (device.disk().hasFailed() && !device.isPoisoned()) {
            device.poisonedInSession();
        }
        if (device.isPoisoned()) {
            takeDown(device);
            restartLater(device, RESTART_MILLIS_MAX, device.life());
        }
    }

    /** Ends the process at once. */
    void crash(Device device, End how, long seed) {
        if (how == End.KILL) {
            device.promiseVisible();
        }
        device.disk().endNow(how, seed);
        settle(device);
    }

    /** Ends the process, if it lives; without a fault all that it showed is then on the disk. */
    void takeDown(Device device) {
        boolean isSound = !device.disk().hasFailed();
        if (isSound) {
            device.setMayHaveSpoken(true);
        }
        Optional<LoamException> refused = device.close();
        refused.ifPresent(failed -> checkFailure(device, failed));
        if (isSound && refused.isEmpty()) {
            device.promiseVisible();
        }
    }

    void restartLater(Device device, long millis, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + device.number());
        int life = device.life();
        world.after(
                1 + random.nextLong(millis),
                () -> {
                    if (!device.isUp() && device.life() == life) {
                        restart(device, random);
                    }
                });
    }

    private void restart(Device device, SplittableRandom random) {
        device.disk().restart();
        if (random.nextInt(RESTARTS_KILLED_ONE_IN) == 0) {
            End how = random.nextBoolean() ? End.KILL : End.POWER_CUT;
            device.disk().endAt(1 + random.nextInt(CALLS_OF_OPENING), how, random.nextLong());
        }
        try {
            device.open();
        } catch (LoamException failed) {
            checkFailure(device, failed);
            restartLater(device, RESTART_MILLIS_MAX, random.nextLong());
            return;
        } catch (UncheckedIOException failed) {
            checkEnded(device, failed);
            restartLater(device, RESTART_MILLIS_MAX, random.nextLong());
            return;
        }
        speakOfErasing(device);
        findWhatIsThere(device);
        settle(device);
        if (device.isUp()) {
            oracle.checkContent(device);
        }
        world.line("device %d is up", device.number());
    }

    /**
     * What was promised is there; beyond what was shown at most what got no answer, and what others
     * gave back to a device that was put back.
     */
    private void findWhatIsThere(Device device) {
        SortedMap<String, Long> found = device.store().frontier();
        oracle.noteHomecoming(device, found);
        Oracle.checkAtLeast(device, found, device.promised());
        Optional<Write> open = device.takeOpen();
        for (String actor : device.store().ownActors()) {
            long shown = device.visible().getOrDefault(actor, 0L);
            long last = found.getOrDefault(actor, 0L);
            if (last > shown) {
                Violation.unless(
                        device.mayHaveSpoken()
                                || device.wasRestored()
                                || oracle.homecomings().mayRewrite(device)
                                || (open.isPresent() && last == shown + 1),
                        "device %d has batch %d of its own, of which nobody knows",
                        device.number(),
                        last);
                if (open.isPresent() && isOfMemories(device, actor, shown + 1)) {
                    oracle.model().name(actor, shown + 1, open.get());
                    open = Optional.empty();
                }
            } else if (last < shown) {
                oracle.forgetAfter(actor, last);
            }
        }
        device.setMayHaveSpoken(false);
        oracle.homecomings().examine(device);
        device.setVisible(found);
    }

    /** Not what a store says for itself. */
    private static boolean isOfMemories(Device device, String actor, long sequence) {
        return device.store()
                .batch(actor, sequence)
                .filter(
                        batch ->
                                batch.parts().stream()
                                        .map(Part::key)
                                        .noneMatch(Wishes.KEYS::contains))
                .isEmpty();
    }

    /** A store that has something to forget says to others that it has, whenever it gets to it. */
    void speakOfErasing(Device device) {
        if (oracle.model().hasForgotten()) {
            device.setMayHaveSpoken(true);
        }
    }

    /** Some of what a store writes it writes in its caller's thread. */
    void checkEnded(Device device, UncheckedIOException failed) {
        if (!device.disk().isEnded()) {
            throw new Violation("device " + device.number() + " failed", failed);
        }
    }

    /** A failure must have a cause that the world knows of. */
    void checkFailure(Device device, LoamException failed) {
        boolean isExpected =
                switch (failed.code()) {
                    case IO_FAILED -> device.disk().hasFailed() || device.isPoisoned();
                    case DISK_FULL -> device.disk().isFull();
                    default -> false;
                };
        if (!isExpected) {
            throw new Violation(
                    "device " + device.number() + " failed with " + failed.code(), failed);
        }
        if (failed.code() == ErrorCode.DISK_FULL) {
            world.counts().fault("full disk met");
        }
    }

    /** Ends what is wrong with the device and has it run. */
    void mend(Device device) {
        device.disk().setFull(false);
        if (device.isUp()) {
            takeDown(device);
        }
        device.disk().restart();
        device.open();
        speakOfErasing(device);
        findWhatIsThere(device);
        oracle.checkFrontier(device);
    }
}
