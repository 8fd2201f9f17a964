package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Peer;
import dev.loam.SyncOptions;
import dev.loam.SyncReport;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loam sync now}. */
@Command(
        name = "now",
        description = {
            "Sync with each paired device whose address is known, one after the other.",
            "Exit code not 0 if any of them failed; the others are synced nevertheless."
        })
final class SyncNowCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final BandwidthOption bandwidth = new BandwidthOption();

    @Option(
            names = "--live",
            description =
                    "Stay connected with all of them and exchange what is written, until"
                            + " interrupted (Ctrl-C or SIGTERM); connect again where a connection"
                            + " is lost.")
    private boolean live;

    @Override
    public Integer call() {
        return live ? follow() : syncOnce();
    }

    private Integer follow() {
        UntilInterrupted end = UntilInterrupted.start();
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted());
                PeerFollower _ =
                        PeerFollower.start(
                                store.loam(),
                                reachable(store),
                                bandwidth.applyTo(SyncOptions.live()),
                                new PeerNews(common))) {
            end.await();
        } finally {
            end.finished();
        }
        return ExitCode.OK.number();
    }

    private static List<Peer> reachable(OpenStore store) {
        List<Peer> peers =
                store.loam().peers().stream().filter(peer -> !peer.addresses().isEmpty()).toList();
        if (peers.isEmpty()) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND,
                    "no address of a paired device is known; `loam sync pair` learns one, or"
                            + " the other device connects to `loam sync serve` here");
        }
        return peers;
    }

    private Integer syncOnce() {
        List<JsonObject> results = new ArrayList<>();
        ExitCode worst = ExitCode.OK;
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            for (Peer peer : reachable(store)) {
                ExitCode result = sync(store, peer, results);
                worst = result == ExitCode.OK ? worst : result;
            }
        }
        if (common.json()) {
            common.print(JsonObject.builder().put("peers", results).build());
        }
        return worst.number();
    }

    private ExitCode sync(OpenStore store, Peer peer, List<JsonObject> results) {
        try (ProgressLine progress = common.progress("sync", "bytes")) {
            SyncReport report =
                    PeerClient.sync(
                            store.loam(),
                            peer,
                            bandwidth
                                    .applyTo(SyncOptions.once())
                                    .progress(
                                            (durable, moved, total) ->
                                                    progress.at(moved, total.bytes())));
            results.add(LoamJson.sync(report));
            if (!common.json()) {
                common.print(SyncText.report(report));
            }
            return report.isDone() ? ExitCode.OK : ExitCode.FAILED;
        } catch (LoamException failed) {
            JsonObject.Builder result = JsonObject.builder().put("peer", peer.id().toString());
            LoamJson.error(failed).members().forEach((name, value) -> result.put(name, value));
            results.add(result.put("done", false).build());
            common.note(failed.code() + ": " + PeerText.name(peer) + ": " + failed.getMessage());
            return ExitCode.of(failed.code());
        }
    }
}
