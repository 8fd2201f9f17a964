package dev.loam;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a peer and of the last session with it.
 *
 * @param isConnected whether a session with it is open in this process
 * @param lastSeen by this device's clock; empty if there has been no session yet
 * @param lastResult how the last session ended: {@link SyncReport#reason}, or the name of an error
 *     code
 * @param behind what it is not known to have
 * @param keeps what could be pruned if this peer alone had acknowledged it
 */
public record PeerStatus(
        Peer peer,
        boolean isConnected,
        Optional<Instant> lastSeen,
        Optional<String> lastResult,
        Backlog behind,
        Unsettled keeps) {}
