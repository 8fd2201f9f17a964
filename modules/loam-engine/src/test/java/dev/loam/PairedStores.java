package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
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

    /** The codes with which either of two sessions, which run side by side, failed. */
    static List<ErrorCode> failures(Callable<SyncReport> here, Callable<SyncReport> there)
            throws InterruptedException {
        List<ErrorCode> codes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<SyncReport> ended : threads.invokeAll(List.of(here, there))) {
                try {
                    ended.get();
                } catch (ExecutionException failed) {
                    if (!(failed.getCause() instanceof LoamException told)) {
                        throw new AssertionError(failed);
                    }
                    codes.add(told.code());
                }
            }
        }
        return codes;
    }

    static SyncReport sync(Loam a, Loam b) throws Exception {
        a.welcome(b.identity().id(), b.introduction());
        b.welcome(a.identity().id(), a.introduction());
        PipedLink[] ends = PipedLink.between(a, b, Integer.MAX_VALUE);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SyncReport> there = other.submit(() -> b.sync(ends[1], Progress.NONE));
            SyncReport here = a.sync(ends[0], Progress.NONE);
            there.get();
            return here;
        }
    }
}
