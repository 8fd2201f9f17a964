package dev.loam.cli;

import dev.loam.ConflictPage;
import dev.loam.LoamOptions;
import dev.loam.Page;
import dev.loam.json.LoamJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam conflicts}. */
@Command(
        name = "conflicts",
        description = {
            "List fields that devices changed without knowing of each other: first the value that",
            "counts, then the others. Setting the field again settles it, by \"update\" of the",
            "library or by \"remember --key KEY\" with the whole memory as it should be.",
            "Where there are more, stderr says how to go on; with --json it is the member \"next\"."
        })
final class ConflictsCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Memories on a page, 1 to 1000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "KEY", description = "Go on after this key.")
    private @Nullable String cursor;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            ConflictPage page =
                    store.vault()
                            .conflicts(limit, Optional.ofNullable(cursor).map(Page.Cursor::new));
            if (common.json()) {
                common.print(LoamJson.conflicts(page));
            } else {
                page.conflicts().forEach(each -> common.print(MemoryText.conflict(each)));
                page.next().ifPresent(next -> common.note("more: --cursor " + next.after()));
            }
        }
        return ExitCode.OK.number();
    }
}
