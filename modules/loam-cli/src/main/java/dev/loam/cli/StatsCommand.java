package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.StoreStats;
import dev.loam.VaultInfo;
import dev.loam.json.LoamJson;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam stats}. */
@Command(name = "stats", description = "Show what the store holds and how large it is.")
final class StatsCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            StoreStats stats = store.loam().stats();
            if (common.json()) {
                common.print(LoamJson.stats(stats));
            } else {
                print(stats);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(StoreStats stats) {
        common.print("store      " + common.store().toAbsolutePath());
        common.print("memories   " + stats.records());
        for (VaultInfo vault : stats.vaults()) {
            common.print("  vault    " + vault.name() + ": " + vault.records());
        }
        common.print(
                "log        "
                        + bytes(stats.logBytes())
                        + " in "
                        + stats.logSegments()
                        + " segments, "
                        + stats.end()
                        + " batches");
        common.print("index      " + bytes(stats.indexBytes()));
        common.print("peers      " + stats.peers());
        common.print("device     " + stats.device());
        common.print("digest     " + stats.digest());
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%.1f MiB", count / (double) (1 << 20));
    }
}
