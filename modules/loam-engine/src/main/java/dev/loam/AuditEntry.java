package dev.loam;

import java.time.Instant;

/**
 * An event in its place in the audit trail.
 *
 * @param number from 1, without a gap
 * @param time by the clock of the device, in milliseconds; it may step back, the number does not
 */
public record AuditEntry(long number, Instant time, AuditEvent event) {}
