package dev.loam.cli;

import dev.loam.Inbox;
import dev.loam.LoamOptions;
import dev.loam.json.InboxJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam inbox list}. */
@Command(
        name = "list",
        description = {
            "List what is in the inbox: what was to be done, and what stands there instead.",
            "Where there is more, stderr says how to go on; with --json it is the member \"next\"."
        })
final class InboxListCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final PageOptions paging = new PageOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Inbox.Entries page = store.vault().inbox().list(paging.limit(), paging.cursor());
            if (common.json()) {
                common.print(InboxJson.entries(page));
            } else {
                page.entries().forEach(each -> common.print(MemoryText.inboxEntry(each)));
                page.next().map(PageOptions::more).ifPresent(common::note);
            }
        }
        return ExitCode.OK.number();
    }
}
