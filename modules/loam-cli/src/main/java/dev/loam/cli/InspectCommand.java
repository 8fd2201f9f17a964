package dev.loam.cli;

import dev.loam.Inspection;
import dev.loam.LoamOptions;
import dev.loam.json.LogJson;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam inspect}. */
@Command(
        name = "inspect",
        description = {
            "Show what the store consists of: segments, files, and who wrote how much.",
            "Live bytes are an estimate: keys and present states of all living memories, encoded."
                    + " Dead bytes are the rest of the log, of which compaction can give back some."
        })
final class InspectCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Inspection found;
            try (ProgressLine progress = common.progress("inspect", "memories")) {
                found = store.loam().inspect(progress);
            }
            if (common.json()) {
                common.print(LogJson.inspection(found));
            } else {
                print(found);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(Inspection found) {
        common.print("segment         positions    frames         bytes  state");
        for (Inspection.Segment segment : found.segments()) {
            common.print(
                    String.format(
                            Locale.ROOT,
                            "%7d  %16s  %8d  %12d  %s",
                            segment.number(),
                            segment.first() + "-" + segment.last(),
                            segment.frames(),
                            segment.bytes(),
                            state(segment)));
        }
        common.print("");
        common.print(count(found.liveBytes(), "live, about"));
        common.print(count(found.deadBytes(), "dead, about"));
        found.bytesByKind().forEach((kind, bytes) -> common.print(count(bytes, kind)));
        for (Inspection.Author author : found.authors()) {
            common.print("");
            common.print("vault " + author.vault() + ", actor " + author.actor());
            common.print("  device " + author.device());
            common.print(
                    "  "
                            + author.batches()
                            + " batches, "
                            + author.operations()
                            + " operations"
                            + (author.batches() == 0 ? "" : ", the last at " + author.last()));
        }
    }

    private static String state(Inspection.Segment segment) {
        if (segment.compacted()) {
            return "compacted";
        }
        return segment.sealed() ? "sealed" : "being written";
    }

    private static String count(long bytes, String what) {
        return String.format(Locale.ROOT, "%-14s %12d bytes", what, bytes);
    }
}
