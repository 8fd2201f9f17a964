package dev.loam.cli;

import dev.loam.Peer;
import dev.loam.SyncAmount;
import dev.loam.SyncReport;
import dev.loam.core.DeviceId;

/** Peers and what was exchanged with them, as people read it. */
final class SyncText {
    private static final int ID_CHARS = 12;

    private SyncText() {}

    static String peer(Peer peer) {
        return peer.name() + " (" + shortened(peer.id()) + ")";
    }

    static String report(SyncReport report) {
        return "synced with %s: %d batches received, %d sent%s%s%s"
                .formatted(
                        shortened(report.peer()),
                        report.receivedBatches(),
                        report.sentBatches(),
                        report.isDone()
                                ? ""
                                : "; ended early: " + report.reason() + planned(report),
                        waiting(report),
                        report.diverged().isEmpty()
                                ? ""
                                : "; look at: " + String.join(", ", report.diverged()));
    }

    private static String waiting(SyncReport report) {
        if (report.waitingBatches() == 0) {
            return "";
        }
        String why =
                report.clockAhead().isZero()
                        ? "for what did not come"
                        : "as the clocks are " + report.clockAhead().toSeconds() + " s apart";
        return "; " + report.waitingBatches() + " batches wait " + why;
    }

    /** What an interrupted session would have moved. */
    private static String planned(SyncReport report) {
        return " of %s to receive, %s to send"
                .formatted(amount(report.toReceive()), amount(report.toSend()));
    }

    private static String amount(SyncAmount amount) {
        return "%d operations in %d bytes".formatted(amount.operations(), amount.bytes());
    }

    /** Enough of an id to tell a person's devices apart. */
    private static String shortened(DeviceId id) {
        return id.toString().substring(0, ID_CHARS);
    }
}
