package dev.loam.sim;

/**
 * What happens to a world from outside. An event draws its chances from its own seed, so that
 * leaving others out does not change it.
 *
 * <p>Whatever else may happen to devices, such as who is in a vault and who no more, becomes a
 * record here, gets a share in {@code Schedule.Weights}, is carried out in {@link Happenings}, and
 * changes in {@link Model} what a device must hold.
 */
sealed interface Event {
    int device();

    /** Seed of what the event leaves to chance. */
    long seed();

    /** A put, an update or a delete. */
    record Change(int device, long seed) implements Event {}

    /** Some memories are forgotten, on all devices. */
    record Forget(int device, long seed) implements Event {}

    /** A session with another device, over a link of some quality. */
    record Meet(int device, int other, long seed) implements Event {}

    /** A session with something that is paired and sends what it likes. */
    record Hostility(int device, int other, long seed) implements Event {}

    /** The process ends now, or at one of its next calls to the disk. */
    record Crash(int device, long seed) implements Event {}

    /** The store is closed and opened again. */
    record Reopen(int device, long seed) implements Event {}

    /** The disk is full for a while. */
    record Full(int device, long seed) implements Event {}

    /** The disk's next force fails. */
    record BrokenForce(int device, long seed) implements Event {}

    /** The clock is wrong from now on, or right. */
    record ClockError(int device, long seed) implements Event {}

    /** The clock is days or years ahead, and is set right after a while. */
    record ClockJump(int device, long seed) implements Event {}

    /** Frames between two devices get lost for a while, one way or both. */
    record Partition(int device, int other, long seed) implements Event {}

    /** The device is shut down for long. */
    record Absence(int device, long seed) implements Event {}

    /** The store does what it does by itself now and then: acknowledges, settles, shuts out. */
    record Tidy(int device, long seed) implements Event {}

    /** Suspends another device, as if it had been away for long. */
    record ShutOut(int device, int other, long seed) implements Event {}

    /** Shuts another device out for good, as one that was lost or stolen. */
    record Revoke(int device, int other, long seed) implements Event {}

    /** A copy is made of the closed store. */
    record Backup(int device, long seed) implements Event {}

    /** The last copy takes the place of the store. */
    record Restore(int device, long seed) implements Event {}

    /** The index is made anew from the log. */
    record Rebuild(int device, long seed) implements Event {}
}
