package dev.loam;

import dev.loam.core.DeviceId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The links of the sessions that run in this process. Any thread. */
final class PeerLinks {
    /** With what ends the session in question. */
    private final Map<PeerLink, Runnable> open = new ConcurrentHashMap<>();

    /** Until a session runs over it, a link to a device that is shut out is broken. */
    void add(PeerLink link) {
        open.put(link, link::close);
    }

    /** A session runs over the link from now on, and ends by itself once it is told to look. */
    void runs(PeerLink link, Runnable look) {
        open.put(link, look);
    }

    void remove(PeerLink link) {
        open.remove(link);
    }

    boolean isConnected(DeviceId peer) {
        return open.keySet().stream().anyMatch(link -> link.peer().equals(peer));
    }

    /** Ends all that runs with that device, which is no peer any more. */
    void shutOut(DeviceId peer) {
        open.forEach(
                (link, end) -> {
                    if (link.peer().equals(peer)) {
                        end.run();
                    }
                });
    }
}
