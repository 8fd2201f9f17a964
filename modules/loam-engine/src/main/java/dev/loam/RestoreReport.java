package dev.loam;

/**
 * What {@link Backups#restore} did.
 *
 * @param generation that was restored
 * @param elapsedMillis that it took
 */
public record RestoreReport(BackupInfo generation, long elapsedMillis) {}
