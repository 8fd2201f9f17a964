package dev.loam.cli;

import dev.loam.Memory;
import dev.loam.Peer;
import dev.loam.Progress;
import dev.loam.SyncReport;
import dev.loam.Update;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.core.Value;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import dev.loam.server.PeerClient;
import dev.loam.server.PeerListener;
import dev.loam.server.PeerServer;
import java.util.List;
import java.util.stream.Collectors;

/** A second device joins; both change the same field offline, and lose nothing. */
final class SyncStep implements DemoStep {
    private static final String FIELD = "place";
    private static final String ON_FIRST = "harbour";
    private static final String ON_SECOND = "station";

    @Override
    public String title() {
        return "Sync with a second device";
    }

    @Override
    public Outcome run(DemoScene scene) {
        try (OpenStore first = scene.open(scene.first());
                OpenStore second = scene.open(scene.second())) {
            Stopwatch stopwatch = Stopwatch.started();
            SyncReport joined = join(first, second);
            scene.say(
                    "paired over TLS; %d batches (%d KiB) came over in %.1f s"
                            .formatted(
                                    joined.receivedBatches(),
                                    joined.receivedBytes() >> 10,
                                    stopwatch.seconds()));
            String key = scene.input().turns().getFirst().memory().key();
            edit(first.vault(), key, ON_FIRST);
            edit(second.vault(), key, ON_SECOND);
            scene.say(
                    "offline, one device set the field \"%s\" of %s to \"%s\", the other to \"%s\""
                            .formatted(FIELD, key, ON_FIRST, ON_SECOND));
            SyncReport report = sync(first, second, second.loam().peers().getFirst());
            return outcome(scene, first, second, key, report);
        }
    }

    private static SyncReport join(OpenStore first, OpenStore second) {
        try (PeerServer server = PeerServer.start(first.loam(), 0, new Unheard())) {
            Peer host =
                    PeerClient.pair(second.loam(), server.offerPairing(List.of()), "second device");
            return PeerClient.sync(second.loam(), host, Progress.NONE);
        }
    }

    /** Each time the server listens elsewhere: the peer's address is the port of the moment. */
    private static SyncReport sync(OpenStore first, OpenStore second, Peer host) {
        try (PeerServer server = PeerServer.start(first.loam(), 0, new Unheard())) {
            Peer moved =
                    new Peer(
                            host.id(),
                            host.publicKey(),
                            host.name(),
                            server.offerPairing(List.of()).addresses());
            return PeerClient.sync(second.loam(), moved, Progress.NONE);
        }
    }

    private static void edit(Vault vault, String key, String value) {
        vault.update(key, Update.none().set(FIELD, value));
        vault.put(Memory.of("Only this device knew: " + value + ".").key("offline/" + value));
    }

    private static Outcome outcome(
            DemoScene scene, OpenStore first, OpenStore second, String key, SyncReport report) {
        String digest = first.loam().digest();
        boolean same = digest.equals(second.loam().digest());
        List<Value> here = first.vault().siblings(key, FIELD);
        List<Value> there = second.vault().siblings(key, FIELD);
        scene.say(
                "synced: %d batches sent, %d received; digests %s: %s"
                        .formatted(
                                report.sentBatches(),
                                report.receivedBatches(),
                                same ? "equal" : "DIFFERENT",
                                digest));
        scene.say(
                "both devices read \"%s\" as %s; what lost is still there: %s"
                        .formatted(
                                FIELD,
                                plain(here.subList(0, 1)),
                                plain(here.subList(1, here.size()))));
        return Outcome.of(
                report.isDone() && same && here.size() == 2 && here.equals(there),
                "the devices differ after the sync",
                JsonObject.builder()
                        .put("sentBatches", report.sentBatches())
                        .put("receivedBatches", report.receivedBatches())
                        .put("digestsEqual", same)
                        .put("digest", digest)
                        .put("siblings", LoamJson.siblings(here))
                        .build());
    }

    private static String plain(List<Value> values) {
        return values.stream().map(MemoryText::plain).collect(Collectors.joining(", "));
    }

    /** The demo looks at the reports of the calling side. */
    private static final class Unheard implements PeerListener {
        @Override
        public void paired(Peer peer) {}

        @Override
        public void synced(SyncReport report) {}

        @Override
        public void refused(String address, ErrorCode code, String why) {}
    }
}
