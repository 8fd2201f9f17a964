package dev.loam.server;

import dev.loam.Loam;
import dev.loam.Peer;
import dev.loam.PeerLink;
import dev.loam.Progress;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.DeviceId;
import dev.loam.crypto.DeviceIdentity;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What connections need of a store.
 *
 * @param identity this device
 * @param find the peer of that id, if the two are paired
 * @param add trusts a peer from now on; durable when it returns
 * @param session exchanges operations over an admitted link
 */
record PeerBook(
        DeviceIdentity identity,
        Function<DeviceId, Optional<Peer>> find,
        Consumer<Peer> add,
        BiFunction<PeerLink, Progress, SyncReport> session) {
    /** Each session on these terms. */
    static PeerBook of(Loam loam, SyncOptions options) {
        return new PeerBook(
                loam.identity(),
                loam::peer,
                loam::addPeer,
                (link, progress) -> loam.sync(link, options));
    }

    static PeerBook of(Loam loam) {
        return new PeerBook(loam.identity(), loam::peer, loam::addPeer, loam::sync);
    }
}
