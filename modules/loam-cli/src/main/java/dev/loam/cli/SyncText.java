package dev.loam.cli;

import dev.loam.SyncAmount;
import dev.loam.SyncReport;

/** What was exchanged with a peer, as people read it. */
final class SyncText {
    private SyncText() {}

    static String report(SyncReport report) {
        return "synced with %s: %d batches received, %d sent%s%s%s"
                .formatted(
                        PeerText.shortened(report.peer()),
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
}
