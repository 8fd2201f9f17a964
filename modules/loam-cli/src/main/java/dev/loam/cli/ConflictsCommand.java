package dev.loam.cli;

import dev.loam.ConflictPage;
import dev.loam.LoamOptions;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam conflicts}. */
@Command(
        name = "conflicts",
        description = {
            "List fields that devices changed without knowing of each other.",
            "First the value that counts, then the others. Setting the field again settles it, by"
                    + " \"update\" of the library or by \"remember --key KEY\" with the whole"
                    + " memory as it should be.",
            "Where there are more, stderr says how to go on; with --json it is the member \"next\"."
        })
final class ConflictsCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final PageOptions paging = new PageOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            ConflictPage page = store.vault().conflicts(paging.limit(), paging.cursor());
            if (common.json()) {
                common.print(LoamJson.conflicts(page));
            } else {
                page.conflicts().forEach(each -> common.print(MemoryText.conflict(each)));
                page.next().map(PageOptions::more).ifPresent(common::note);
            }
        }
        return ExitCode.OK.number();
    }
}
