package dev.loam.sim;

import dev.loam.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All that a seed decides beforehand: the devices, and what happens when.
 *
 * @param segmentFramesMax batches in a segment of the log
 * @param pace of the times of events and of absences
 * @param isSealed whether the files of all stores are encrypted
 * @param events in the order of their times
 */
record Schedule(
        long seed,
        int devices,
        Durability durability,
        int segmentFramesMax,
        Pace pace,
        boolean startsComplete,
        boolean isSealed,
        List<Timed> events) {
    /** How fast a world's time passes. */
    enum Pace {
        /** All happens within minutes. */
        MINUTES(1),
        /** All happens within weeks: devices are away for longer than others wait for them. */
        WEEKS(8_000);

        private static final Duration SUSPEND_AFTER = Duration.ofDays(2);

        private final long factor;

        Pace(long factor) {
            this.factor = factor;
        }

        long millis(long millis) {
            return millis * factor;
        }

        Duration suspendAfter() {
            return SUSPEND_AFTER;
        }
    }

    /** An event and when it happens, in milliseconds of the world. */
    record Timed(long atMillis, Event event) {}

    private static final int DEVICES_MIN = 2;
    private static final int DEVICES_MAX = 7;
    private static final int EVENTS_MIN = 20;
    private static final int EVENTS_MAX = 60;
    private static final int PAUSE_MILLIS_MAX = 20_000;

    /** Opening a sealed store takes its time. */
    private static final int SEALED_ONE_IN = 24;

    Schedule {
        events = List.copyOf(events);
    }

    static Schedule of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // Two devices are the most frequent world: cheap, and most faults need no more.
        int devices =
                switch (random.nextInt(10)) {
                    case 0 -> random.nextInt(DEVICES_MIN, DEVICES_MAX + 1);
                    case 1, 2, 3 -> DEVICES_MIN + 1;
                    default -> DEVICES_MIN;
                };
        Durability durability = random.nextInt(4) == 0 ? Durability.NONE : Durability.WAL;
        int frames = random.nextInt(3) == 0 ? random.nextInt(3, 12) : 1_000_000;
        Pace pace = random.nextInt(4) == 0 ? Pace.WEEKS : Pace.MINUTES;
        Weights weights = Weights.draw(random);
        List<Timed> events = new ArrayList<>();
        long at = 0;
        int count = random.nextInt(EVENTS_MIN, EVENTS_MAX + 1);
        for (int i = 0; i < count; i++) {
            at += random.nextInt(4) == 0 ? random.nextInt(PAUSE_MILLIS_MAX) : random.nextInt(200);
            events.add(new Timed(pace.millis(at), weights.event(random, devices)));
        }
        boolean restores = weights.restores();
        boolean startsComplete = restores || random.nextBoolean();
        boolean isSealed = random.nextInt(SEALED_ONE_IN) == 0;
        return new Schedule(
                seed, devices, durability, frames, pace, startsComplete, isSealed, events);
    }

    /** The same with some of the events only. */
    Schedule keeping(List<Timed> kept) {
        return new Schedule(
                seed, devices, durability, segmentFramesMax, pace, startsComplete, isSealed, kept);
    }

    /** How often each kind of event comes; most worlds lack some kinds. */
    private static final class Weights {
        private static final int KINDS = 18;

        private static final int SHUT_OUT = 14;
        private static final int REVOKE = 15;
        private static final int REVOKE_SHARE_MAX = 3;
        private static final int CLOCK_JUMP = 16;
        private static final int FORGET = 17;
        private static final int FORGET_SHARE_MAX = 6;

        private final int[] shares;

        private Weights(int[] shares) {
            this.shares = shares;
        }

        static Weights draw(SplittableRandom random) {
            int[] shares = new int[KINDS];
            shares[0] = 40;
            shares[1] = 25;
            for (int kind = 2; kind < KINDS; kind++) {
                shares[kind] = random.nextInt(2) == 0 ? 0 : random.nextInt(1, 8);
            }
            if (random.nextInt(4) != 0) {
                shares[10] = 0;
                shares[11] = 0;
            }
            if (random.nextInt(4) != 0) {
                shares[SHUT_OUT] = 0;
            }
            shares[REVOKE] = random.nextInt(5) == 0 ? random.nextInt(1, REVOKE_SHARE_MAX + 1) : 0;
            shares[CLOCK_JUMP] = random.nextInt(5) == 0 ? random.nextInt(1, 4) : 0;
            shares[FORGET] = random.nextInt(3) == 0 ? random.nextInt(1, FORGET_SHARE_MAX + 1) : 0;
            return new Weights(shares);
        }

        boolean restores() {
            return shares[11] > 0;
        }

        Event event(SplittableRandom random, int devices) {
            int sum = 0;
            for (int share : shares) {
                sum += share;
            }
            int drawn = random.nextInt(sum);
            int kind = 0;
            while (drawn >= shares[kind]) {
                drawn -= shares[kind];
                kind++;
            }
            int device = random.nextInt(devices);
            int other = (device + random.nextInt(1, devices)) % devices;
            long seed = random.nextLong();
            return switch (kind) {
                case 0 -> new Event.Change(device, seed);
                case 1 -> new Event.Meet(device, other, seed);
                case 2 -> new Event.Hostility(device, other, seed);
                case 3 -> new Event.Crash(device, seed);
                case 4 -> new Event.Reopen(device, seed);
                case 5 -> new Event.Full(device, seed);
                case 6 -> new Event.BrokenForce(device, seed);
                case 7 -> new Event.ClockError(device, seed);
                case 8 -> new Event.Partition(device, other, seed);
                case 9 -> new Event.Absence(device, seed);
                case 10 -> new Event.Backup(device, seed);
                case 11 -> new Event.Restore(device, seed);
                case 12 -> new Event.Rebuild(device, seed);
                case 13 -> new Event.Tidy(device, seed);
                case SHUT_OUT -> new Event.ShutOut(device, other, seed);
                case REVOKE -> new Event.Revoke(device, other, seed);
                case CLOCK_JUMP -> new Event.ClockJump(device, seed);
                case FORGET -> new Event.Forget(device, seed);
                default -> throw new AssertionError("kind " + kind);
            };
        }
    }
}
