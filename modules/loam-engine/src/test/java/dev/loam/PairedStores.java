package dev.loam;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Stores of one process that know each other. */
final class PairedStores {
    private PairedStores() {}

    static void pair(Loam a, Loam b) {
        a.addPeer(asPeer(b));
        b.addPeer(asPeer(a));
    }

    private static Peer asPeer(Loam loam) {
        return new Peer(loam.identity().id(), loam.identity().publicKey(), "test", List.of());
    }

    static SyncReport sync(Loam a, Loam b) throws Exception {
        PipedLink[] ends = PipedLink.between(a, b, Integer.MAX_VALUE);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there = other.submit(() -> b.sync(ends[1], Progress.NONE));
            SyncReport here = a.sync(ends[0], Progress.NONE);
            there.get();
            return here;
        }
    }
}
