package dev.loam.cli;

import dev.loam.Inbox;
import dev.loam.LoamOptions;
import dev.loam.Page;
import dev.loam.json.InboxJson;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam inbox list}. */
@Command(
        name = "list",
        description = {
            "List what is in the inbox: what was to be done, and what stands there instead.",
            "Where there is more, stderr says how to go on; with --json it is the member \"next\"."
        })
final class InboxListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Entries on a page, 1 to 1000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "KEY", description = "Go on after this key.")
    private @Nullable String cursor;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Inbox.Entries page =
                    store.vault()
                            .inbox()
                            .list(limit, Optional.ofNullable(cursor).map(Page.Cursor::new));
            if (common.json()) {
                common.print(InboxJson.entries(page));
            } else {
                page.entries().forEach(each -> common.print(MemoryText.inboxEntry(each)));
                page.next().ifPresent(next -> common.note("more: --cursor " + next.after()));
            }
        }
        return ExitCode.OK.number();
    }
}
