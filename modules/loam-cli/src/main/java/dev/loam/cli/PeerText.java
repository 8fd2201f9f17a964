package dev.loam.cli;

import dev.loam.Backlog;
import dev.loam.Peer;
import dev.loam.PeerStatus;
import dev.loam.Unsettled;
import dev.loam.core.DeviceId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What is known of peers, as people read it. */
final class PeerText {
    private static final int ID_CHARS = 12;

    private PeerText() {}

    /** Its name, and enough of its id to tell it from another of that name. */
    static String name(Peer peer) {
        return peer.name() + " (" + shortened(peer.id()) + ")";
    }

    static String shortened(DeviceId id) {
        return id.toString().substring(0, ID_CHARS);
    }

    /** When it was seen, how that ended, what it lacks. */
    static String status(PeerStatus peer) {
        String seen =
                peer.isConnected()
                        ? "connected"
                        : peer.lastSeen()
                                .map(at -> "last seen " + at.truncatedTo(ChronoUnit.SECONDS))
                                .orElse("never seen");
        String result = peer.lastResult().map(how -> ", " + how).orElse("");
        return seen + result + ", " + behind(peer.behind()) + keeps(peer.keeps());
    }

    private static String keeps(Unsettled alone) {
        return alone.isNone() ? "" : "; it alone keeps " + unsettled(alone) + " from being pruned";
    }

    /** How much history. */
    static String unsettled(Unsettled history) {
        return history.operations() + " operations (" + size(history.bytes()) + ")";
    }

    private static String behind(Backlog backlog) {
        if (backlog.isNone()) {
            return "has everything";
        }
        String bytes =
                backlog.bytes().isPresent() ? " (" + size(backlog.bytes().getAsLong()) + ")" : "";
        return "behind by " + backlog.operations() + " operations" + bytes;
    }

    private static String size(long bytes) {
        return bytes < 1 << 10
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f KiB", bytes / (double) (1 << 10));
    }
}
