package dev.loam;

/**
 * What {@link Loam#rebuild} did.
 *
 * @param batches replayed from the log
 * @param resumedAfter batches that an interrupted rebuild had replayed before, 0 if there was none
 * @param digestBefore of the state before, in hexadecimal
 * @param digestAfter of the state rebuilt; equal unless the index was damaged
 */
public record RebuildReport(
        long batches,
        long resumedAfter,
        long records,
        long elapsedMillis,
        String digestBefore,
        String digestAfter) {}
