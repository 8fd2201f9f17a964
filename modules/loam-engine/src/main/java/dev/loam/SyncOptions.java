package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How to sync with a peer. Immutable; {@link #once} and {@link #live} are the starts.
 *
 * @param duration whether to stay once both sides have everything
 * @param vaults the only ones to exchange; empty: all that both are in. The peer is let into no
 *     other
 * @param bytesPerSecond bound on what is sent, from 1; a single batch may overdraw it, and the next
 *     waits
 * @param bytesMax bound on the bytes of batches that both sides announce together, from 1; a
 *     session that would move more ends as {@code DEFERRED} before it does
 * @param progress told how far it is
 * @param pause ends the session from outside
 */
public record SyncOptions(
        Stay duration,
        Optional<Set<VaultId>> vaults,
        long bytesPerSecond,
        long bytesMax,
        SyncProgress progress,
        PauseSignal pause) {
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** What follows once both sides have everything. */
    public enum Stay {
        /** The session ends. */
        UNTIL_DONE,
        /** The session goes on with what either side writes, if both stay. */
        LIVE
    }

    public SyncOptions {
        vaults = vaults.map(TreeSet::new).map(Collections::unmodifiableSet);
        if (bytesPerSecond < 1 || bytesMax < 1) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a bound on the bytes of a sync is at least 1, not "
                            + Math.min(bytesPerSecond, bytesMax));
        }
    }

    /** Everything, once, as fast as it goes. */
    public static SyncOptions once() {
        return of(Stay.UNTIL_DONE);
    }

    /** Everything, and what is written from then on. */
    public static SyncOptions live() {
        return of(Stay.LIVE);
    }

    private static SyncOptions of(Stay duration) {
        return new SyncOptions(
                duration,
                Optional.empty(),
                UNLIMITED,
                UNLIMITED,
                SyncProgress.NONE,
                new PauseSignal());
    }

    public SyncOptions only(Set<VaultId> chosen) {
        return new SyncOptions(
                duration, Optional.of(chosen), bytesPerSecond, bytesMax, progress, pause);
    }

    public SyncOptions bytesPerSecond(long bytes) {
        return new SyncOptions(duration, vaults, bytes, bytesMax, progress, pause);
    }

    public SyncOptions bytesMax(long bytes) {
        return new SyncOptions(duration, vaults, bytesPerSecond, bytes, progress, pause);
    }

    public SyncOptions progress(SyncProgress told) {
        return new SyncOptions(duration, vaults, bytesPerSecond, bytesMax, told, pause);
    }

    public SyncOptions pause(PauseSignal signal) {
        return new SyncOptions(duration, vaults, bytesPerSecond, bytesMax, progress, signal);
    }

    /** These, with no vault besides those that the peer may have. */
    SyncOptions within(Optional<Set<VaultId>> allowed) {
        if (allowed.isEmpty()) {
            return this;
        }
        Set<VaultId> both = new TreeSet<>(allowed.get());
        vaults.ifPresent(both::retainAll);
        return only(both);
    }

    /** Whether the peer may have the vault. */
    boolean includes(VaultId vault) {
        return vaults.map(chosen -> chosen.contains(vault)).orElse(true);
    }
}
