package dev.loam;

/**
 * What {@link Loam#backup} did.
 *
 * @param generation that it made
 * @param unitsWritten files that it wrote
 * @param unitsKept files that were there already and belong to it too
 * @param bytesWritten of the files that it wrote
 * @param elapsedMillis that it took
 */
public record BackupReport(
        BackupInfo generation,
        int unitsWritten,
        int unitsKept,
        long bytesWritten,
        long elapsedMillis) {}
