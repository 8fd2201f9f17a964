package dev.loam.server;

import dev.loam.Loam;
import dev.loam.Peer;
import dev.loam.PeerLink;
import dev.loam.Progress;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.crypto.DeviceIdentity;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What connections need of a store.
 *
 * @param identity this device
 * @param find the peer of that id, if the two are paired
 * @param add trusts a peer from now on; durable when it returns
 * @param introductions what is asked for before a session
 * @param session exchanges operations over an admitted link
 */
record PeerBook(
        DeviceIdentity identity,
        Function<DeviceId, Optional<Peer>> find,
        Consumer<Peer> add,
        Introductions introductions,
        BiFunction<PeerLink, Progress, SyncReport> session) {
    /**
     * What is asked for before a session.
     *
     * @param own what this device asks a peer for; at most 656 bytes
     * @param welcome does what a peer asks for
     */
    record Introductions(Supplier<Bytes> own, BiConsumer<DeviceId, Bytes> welcome) {
        static final Introductions NONE = new Introductions(() -> Bytes.EMPTY, (peer, asked) -> {});
    }

    static PeerBook of(Loam loam) {
        return of(loam, loam::sync);
    }

    /** Each session on these terms. */
    static PeerBook of(Loam loam, SyncOptions options) {
        return of(loam, (link, progress) -> loam.sync(link, options));
    }

    private static PeerBook of(Loam loam, BiFunction<PeerLink, Progress, SyncReport> session) {
        return new PeerBook(
                loam.identity(),
                loam::peer,
                loam::addPeer,
                new Introductions(loam::introduction, loam::welcome),
                session);
    }
}
