package dev.loam.server;

import dev.loam.Peer;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;

/**
 * Told what a {@link PeerServer} did. Called on the server's own threads, on several at once; what
 * it throws goes to that thread's uncaught exception handler and nowhere else. It must not close
 * the server.
 */
public interface PeerListener {
    /** A device proved the pairing code; it is a peer from now on. */
    void paired(Peer peer);

    /** A peer's session came to its end. */
    void synced(SyncReport report);

    /**
     * A connection ended without pairing and without a report. Nothing secret is told.
     *
     * @param address of the other end, {@code host:port}
     * @param why for people
     */
    void refused(String address, ErrorCode code, String why);
}
