package dev.loam;

/**
 * What {@link Loam#rebuild} did.
 *
 * @param batches replayed from the log
 * @param digestBefore of the state before, in hexadecimal
 * @param digestAfter of the state rebuilt; equal unless the index was damaged
 */
public record RebuildReport(
        long batches, long records, long elapsedMillis, String digestBefore, String digestAfter) {}
