package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Page;
import dev.loam.json.LoamJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code loam ls}. */
@Command(
        name = "ls",
        description = {
            "List memories in the order of their keys, a page at a time.",
            "Where there are more, stderr says how to go on; with --json it is the member \"next\"."
        })
final class ListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final PageOptions paging = new PageOptions();

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..1",
            description = "Only keys that begin with this.")
    private String prefix = "";

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Page page = store.vault().scan(prefix, paging.limit(), paging.cursor());
            if (common.json()) {
                common.print(LoamJson.page(page));
            } else {
                int columns = common.surroundings().columns();
                page.memories().forEach(memory -> common.print(MemoryText.line(memory, columns)));
                page.next().map(PageOptions::more).ifPresent(common::note);
            }
        }
        return ExitCode.OK.number();
    }
}
