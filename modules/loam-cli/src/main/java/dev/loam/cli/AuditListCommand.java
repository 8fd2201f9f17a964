package dev.loam.cli;

import dev.loam.AuditEntry;
import dev.loam.AuditReport;
import dev.loam.LoamOptions;
import dev.loam.json.AuditJson;
import dev.loam.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam audit list}. */
@Command(
        name = "list",
        description = {
            "List the events of the audit trail, oldest first.",
            "Exit code 3 if the trail is not as it was recorded; `loam audit verify` says where."
        })
final class AuditListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only of this time or later.")
    private @Nullable Instant since;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            List<JsonObject> documents = new ArrayList<>();
            AuditReport report =
                    store.loam()
                            .audit()
                            .read(
                                    entry -> {
                                        if (isWanted(entry)) {
                                            take(entry, documents);
                                        }
                                    });
            if (common.json()) {
                common.print(
                        JsonObject.builder()
                                .put("events", documents)
                                .put("sound", report.isSound())
                                .build());
            } else if (!report.isSound()) {
                common.note("the trail is not as it was recorded: " + report.damage().getFirst());
            }
            return (report.isSound() ? ExitCode.OK : ExitCode.DAMAGED).number();
        }
    }

    private boolean isWanted(AuditEntry entry) {
        return since == null || !entry.time().isBefore(since);
    }

    private void take(AuditEntry entry, List<JsonObject> documents) {
        if (common.json()) {
            documents.add(AuditJson.entry(entry));
        } else {
            common.print(AuditText.line(entry));
        }
    }
}
