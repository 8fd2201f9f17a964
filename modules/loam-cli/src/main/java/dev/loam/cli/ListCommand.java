package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Page;
import dev.loam.json.LoamJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..1",
            description = "Only keys that begin with this.")
    private String prefix = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Length of a page, 1 to 1000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "KEY", description = "Go on after this key.")
    private @Nullable String cursor;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Page page =
                    store.vault()
                            .scan(prefix, limit, Optional.ofNullable(cursor).map(Page.Cursor::new));
            if (common.json()) {
                common.print(LoamJson.page(page));
            } else {
                int columns = common.surroundings().columns();
                page.memories().forEach(memory -> common.print(MemoryText.line(memory, columns)));
                page.next().ifPresent(next -> common.note("more: --cursor " + next.after()));
            }
        }
        return ExitCode.OK.number();
    }
}
