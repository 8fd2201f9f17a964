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
 */
public record PeerStatus(
        Peer peer,
        boolean isConnected,
        Optional<Instant> lastSeen,
        Optional<String> lastResult,
        Backlog behind) {}
