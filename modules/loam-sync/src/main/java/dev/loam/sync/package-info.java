/**
 * Replication sessions as values: what two peers tell each other, and what each has to do about it.
 * Nothing here opens a socket, starts a thread, reads a clock or touches a disk; {@link
 * dev.loam.sync.SyncSession} shows the loop that does so around it.
 */
@NullMarked
package dev.loam.sync;

import org.jspecify.annotations.NullMarked;
