package dev.loam.cli;

import dev.loam.KnownBackup;
import dev.loam.LoamOptions;
import dev.loam.Parked;
import dev.loam.PeerStatus;
import dev.loam.StoreStats;
import dev.loam.VaultInfo;
import dev.loam.json.LoamJson;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code loam status}. */
@Command(
        name = "status",
        description = "Show what the store holds, how large it is, and how far each peer is.")
final class StatusCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            StoreStats stats = store.loam().stats();
            if (common.json()) {
                common.print(
                        LoamJson.status(
                                stats,
                                store.loam().peerStatuses(),
                                store.loam().parked(),
                                store.loam().audit().backups()));
            } else {
                print(stats);
                print(store.loam().peerStatuses());
                store.loam().parked().forEach(this::print);
                printBackups(store.loam().audit().backups());
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
        common.print("device     " + stats.device());
        common.print("digest     " + stats.digest());
        common.print("peers      " + stats.peers());
    }

    private void print(List<PeerStatus> peers) {
        for (PeerStatus peer : peers) {
            common.print("  peer     " + PeerText.name(peer.peer()) + ": " + PeerText.status(peer));
        }
    }

    private void printBackups(List<KnownBackup> backups) {
        common.print(
                "backups    "
                        + (backups.isEmpty()
                                ? "none was made of this store"
                                : "the last at "
                                        + backups.getLast()
                                                .made()
                                                .truncatedTo(ChronoUnit.SECONDS)));
        for (KnownBackup backup : backups) {
            common.print("  backup   " + BackupText.known(backup));
        }
    }

    private void print(Parked parked) {
        common.print(
                "  waiting  batch "
                        + parked.sequence()
                        + " of "
                        + parked.actor()
                        + " ("
                        + parked.reason()
                        + "), written "
                        + parked.stamped().truncatedTo(ChronoUnit.SECONDS)
                        + " by its device's clock"
                        + parked.missing()
                                .map(
                                        missing ->
                                                "; lacks batch "
                                                        + missing.sequence()
                                                        + " of "
                                                        + missing.actor())
                                .orElse("")
                        + parked.passesAt()
                                .map(
                                        at ->
                                                "; can be taken at "
                                                        + at.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""));
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%.1f MiB", count / (double) (1 << 20));
    }
}
