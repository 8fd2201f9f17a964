package dev.loam.longrun;

import dev.loam.Peer;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import dev.loam.server.PeerListener;

/** Tells of refusals alone. */
final class Silent implements PeerListener {
    @Override
    public void paired(Peer peer) {}

    @Override
    public void synced(SyncReport report) {}

    @Override
    public void refused(String address, ErrorCode code, String why) {
        System.err.println(code + " " + why);
    }
}
