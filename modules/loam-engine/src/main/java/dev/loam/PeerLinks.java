package dev.loam;

import dev.loam.core.DeviceId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The links of the sessions that run in this process. Any thread. */
final class PeerLinks {
    private final Set<PeerLink> open = ConcurrentHashMap.newKeySet();

    void add(PeerLink link) {
        open.add(link);
    }

    void remove(PeerLink link) {
        open.remove(link);
    }

    boolean isConnected(DeviceId peer) {
        return open.stream().anyMatch(link -> link.peer().equals(peer));
    }

    /** Breaks every link to that device. */
    void breakAll(DeviceId peer) {
        open.stream().filter(link -> link.peer().equals(peer)).forEach(PeerLink::close);
    }
}
