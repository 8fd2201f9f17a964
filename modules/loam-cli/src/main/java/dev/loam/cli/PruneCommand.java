package dev.loam.cli;

import dev.loam.Blocker;
import dev.loam.LoamOptions;
import dev.loam.PruneReport;
import dev.loam.json.LoamJson;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam prune}. */
@Command(
        name = "prune",
        description = {
            "Settle the history of the vault that every device has acknowledged.",
            "What only told apart writes that may have been concurrent is dropped from then on; no"
                    + " memory changes. Says which devices have not acknowledged the rest, and how"
                    + " much waits for each of them alone. A store that is open does this by itself"
                    + " once an hour where it is worth it.",
            "`loam compact` gives the space back."
        })
final class PruneCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            PruneReport report = store.vault().prune();
            if (common.json()) {
                common.print(LoamJson.prune(report));
            } else {
                print(report, store);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(PruneReport report, OpenStore store) {
        common.print(
                report.settled().isNone()
                        ? report.vault() + ": there is nothing to settle"
                        : report.vault() + ": settled " + PeerText.unsettled(report.settled()));
        for (Blocker blocker : report.blockers()) {
            String name =
                    store.loam()
                            .peer(blocker.device())
                            .map(PeerText::name)
                            .orElse(blocker.device().toString());
            String since =
                    blocker.lastBatch()
                            .map(at -> "since " + at.truncatedTo(ChronoUnit.SECONDS))
                            .orElse("yet");
            String alone =
                    blocker.alone().isNone()
                            ? ""
                            : "; " + PeerText.unsettled(blocker.alone()) + " wait for it alone";
            common.print("  " + name + " has acknowledged nothing " + since + alone);
        }
    }
}
