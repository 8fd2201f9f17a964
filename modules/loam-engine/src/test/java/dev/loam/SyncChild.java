package dev.loam;

import java.nio.file.Path;

/** A process of its own that syncs with its only peer over its standard streams, to be killed. */
final class SyncChild {
    private SyncChild() {}

    /** Argument: store directory. */
    public static void main(String[] arguments) {
        Loam loam = TestStores.open(Path.of(arguments[0]));
        Peer peer = loam.peers().getFirst();
        SyncReport _ = loam.sync(new StreamLink(peer.id(), System.in, System.out), Progress.NONE);
        loam.close();
    }
}
