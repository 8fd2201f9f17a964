package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.AuditEvent;
import dev.loam.Backlog;
import dev.loam.Blocker;
import dev.loam.CompactReport;
import dev.loam.Conflict;
import dev.loam.ConflictPage;
import dev.loam.ForgetReceipt;
import dev.loam.ForgetStatus;
import dev.loam.Hit;
import dev.loam.KnownBackup;
import dev.loam.Memory;
import dev.loam.OpenReport;
import dev.loam.Page;
import dev.loam.Parked;
import dev.loam.Peer;
import dev.loam.PeerStatus;
import dev.loam.PruneReport;
import dev.loam.RebuildReport;
import dev.loam.Recall;
import dev.loam.Receipt;
import dev.loam.Remains;
import dev.loam.StoreStats;
import dev.loam.SyncAmount;
import dev.loam.SyncReport;
import dev.loam.Unsettled;
import dev.loam.VaultInfo;
import dev.loam.VerifyReport;
import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.HeldBack;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The names are a promise: these texts may grow members, never lose or rename one. */
final class LoamJsonTest {
    private static final String HEX_16 = "ab".repeat(16);
    private static final String HEX_32 = "cd".repeat(32);
    private static final VaultId VAULT = new VaultId(Bytes.fromHex(HEX_16));
    private static final DeviceId DEVICE = new DeviceId(Bytes.fromHex(HEX_32));
    private static final Memory MEMORY =
            Memory.of("t").key("k").at(Instant.EPOCH).tag("g").field("n", 1).vector("m", 1f);

    @Test
    void memory() {
        assertThat(LoamJson.memory(MEMORY))
                .hasToString(
                        "{\"key\":\"k\",\"text\":\"t\",\"time\":\"1970-01-01T00:00:00Z\","
                                + "\"tags\":[\"g\"],\"fields\":{\"n\":1},"
                                + "\"vectors\":{\"m\":\"AACAPw==\"}}");
    }

    @Test
    void pageAndRecallAreWithoutVectors() {
        String memory =
                "{\"key\":\"k\",\"text\":\"t\",\"time\":\"1970-01-01T00:00:00Z\","
                        + "\"tags\":[\"g\"],\"fields\":{\"n\":1}}";
        assertThat(LoamJson.page(new Page(List.of(MEMORY), Optional.of(new Page.Cursor("k")))))
                .hasToString("{\"memories\":[" + memory + "],\"next\":\"k\"}");
        assertThat(LoamJson.recall(new Recall(List.of(new Hit(1, 0.5, MEMORY)), Optional.of("m"))))
                .hasToString(
                        "{\"hits\":[{\"rank\":1,\"score\":0.5,\"memory\":"
                                + memory
                                + "}],\"model\":\"m\"}");
    }

    @Test
    void receipt() {
        BatchId batch = new BatchId(VAULT, new ActorId(Bytes.fromHex(HEX_16)), 7);
        assertThat(LoamJson.receipt(new Receipt("k", batch, new Position(9))))
                .hasToString(
                        "{\"key\":\"k\",\"vault\":\"%1$s\",\"actor\":\"%1$s\",\"sequence\":7,\"position\":9}"
                                .formatted(HEX_16));
    }

    private static final StoreStats STATS =
            new StoreStats(
                    new StoreId(Bytes.fromHex(HEX_16)),
                    DEVICE,
                    new Position(9),
                    "d1",
                    3,
                    List.of(new VaultInfo(VAULT, "main", 3, 2, "d2")),
                    1,
                    10,
                    20,
                    4,
                    Optional.empty(),
                    5);

    private static final String FIGURES =
            ("\"store\":\"%1$s\",\"device\":\"%2$s\",\"end\":9,\"digest\":\"d1\","
                            + "\"records\":3,\"vaults\":[{\"id\":\"%1$s\",\"name\":\"main\","
                            + "\"records\":3,\"actors\":2,\"digest\":\"d2\"}],"
                            + "\"logSegments\":1,\"logBytes\":10,\"indexBytes\":20,"
                            + "\"awaitingEmbedding\":4")
                    .formatted(HEX_16, HEX_32);

    @Test
    void stats() {
        assertThat(LoamJson.stats(STATS)).hasToString("{" + FIGURES + ",\"peers\":5}");
    }

    @Test
    void statusNamesWhoHoldsBackPruningAndWhatWaits() {
        PeerStatus peer =
                new PeerStatus(
                        new Peer(DEVICE, Bytes.ofUtf8("key"), "phone", List.of("a:1")),
                        false,
                        Optional.of(Instant.EPOCH),
                        Optional.of("CLOCK_AHEAD"),
                        new Backlog(1, 2, OptionalLong.of(3)),
                        new Unsettled(4, 5, 6));
        ActorId actor = new ActorId(Bytes.fromHex(HEX_16));
        Parked parked =
                new Parked(
                        DEVICE,
                        VAULT,
                        actor,
                        7,
                        "CLOCK",
                        Instant.EPOCH.plusSeconds(300),
                        Optional.empty());
        Parked behind =
                new Parked(
                        DEVICE,
                        VAULT,
                        actor,
                        7,
                        "DEPS",
                        Instant.EPOCH,
                        Optional.of(new BatchId(VAULT, actor, 8)));

        KnownBackup backup =
                new KnownBackup(
                        4,
                        Instant.EPOCH,
                        Map.of(
                                AuditEvent.Thoroughness.DRILL,
                                Instant.EPOCH.plusSeconds(8),
                                AuditEvent.Thoroughness.QUICK,
                                Instant.EPOCH.plusSeconds(9)));

        assertThat(LoamJson.status(STATS, List.of(peer), List.of(parked, behind), List.of(backup)))
                .hasToString(
                        ("{"
                                        + FIGURES
                                        + ",\"peers\":[{\"id\":\"%2$s\",\"name\":\"phone\","
                                        + "\"addresses\":[\"a:1\"],\"connected\":false,"
                                        + "\"lastSeen\":\"1970-01-01T00:00:00Z\","
                                        + "\"lastResult\":\"CLOCK_AHEAD\","
                                        + "\"behind\":{\"batches\":1,\"operations\":2,\"bytes\":3},"
                                        + "\"keeps\":{\"batches\":4,\"operations\":5,\"bytes\":6}}],"
                                        + "\"waiting\":[{\"peer\":\"%2$s\",\"vault\":\"%1$s\","
                                        + "\"actor\":\"%1$s\",\"sequence\":7,\"reason\":\"CLOCK\","
                                        + "\"stamped\":\"1970-01-01T00:05:00Z\","
                                        + "\"passesAt\":\"1970-01-01T00:00:00Z\"},"
                                        + "{\"peer\":\"%2$s\",\"vault\":\"%1$s\","
                                        + "\"actor\":\"%1$s\",\"sequence\":7,\"reason\":\"DEPS\","
                                        + "\"stamped\":\"1970-01-01T00:00:00Z\","
                                        + "\"missing\":{\"actor\":\"%1$s\",\"sequence\":8}}],"
                                        + "\"backups\":[{\"generation\":4,"
                                        + "\"made\":\"1970-01-01T00:00:00Z\","
                                        + "\"verified\":{\"quick\":\"1970-01-01T00:00:09Z\","
                                        + "\"drill\":\"1970-01-01T00:00:08Z\"}}]}")
                                .formatted(HEX_16, HEX_32));
        assertThat(LoamJson.status(STATS, List.of(), List.of(), List.of()))
                .hasToString("{" + FIGURES + ",\"peers\":[],\"waiting\":[],\"backups\":[]}");
    }

    @Test
    void reports() {
        assertThat(LoamJson.verify(new VerifyReport(1, 2, 3, List.of("bad"))))
                .hasToString(
                        "{\"sound\":false,\"segments\":1,\"batches\":2,\"bytes\":3,\"damage\":[\"bad\"]}");
        assertThat(LoamJson.rebuild(new RebuildReport(1, 4, 2, 3, "a", "b")))
                .hasToString(
                        "{\"batches\":1,\"resumedAfter\":4,\"records\":2,\"elapsedMillis\":3,"
                                + "\"digestBefore\":\"a\",\"digestAfter\":\"b\"}");
        assertThat(
                        LoamJson.sync(
                                new SyncReport(
                                        DEVICE,
                                        "DIVERGED",
                                        1,
                                        2,
                                        3,
                                        4,
                                        5,
                                        new SyncAmount(6, 7, 8),
                                        SyncAmount.NOTHING,
                                        List.of("k"),
                                        9,
                                        Duration.ofMillis(10),
                                        "d")))
                .hasToString(
                        ("{\"peer\":\"%s\",\"done\":false,\"reason\":\"DIVERGED\",\"vaults\":1,"
                                        + "\"sentBatches\":2,\"receivedBatches\":3,\"sentBytes\":4,"
                                        + "\"receivedBytes\":5,"
                                        + "\"toSend\":{\"batches\":6,\"operations\":7,\"bytes\":8},"
                                        + "\"toReceive\":{\"batches\":0,\"operations\":0,"
                                        + "\"bytes\":0},\"diverged\":[\"k\"],\"waitingBatches\":9,\"clockAheadMillis\":10,\"digest\":\"d\"}")
                                .formatted(HEX_32));
        assertThat(LoamJson.opened(new OpenReport(true, 2, false, List.of("n"))))
                .hasToString(
                        "{\"cleanlyClosed\":true,\"replayedBatches\":2,\"indexRebuilt\":false,"
                                + "\"notes\":[\"n\"]}");
    }

    @Test
    void peer() {
        assertThat(LoamJson.peer(new Peer(DEVICE, Bytes.EMPTY, "desk", List.of("h:1"))))
                .hasToString(
                        "{\"id\":\"%s\",\"name\":\"desk\",\"addresses\":[\"h:1\"]}"
                                .formatted(HEX_32));
    }

    @Test
    void peerThatGetsSomeVaultsOnly() {
        Optional<Set<VaultId>> only = Optional.of(Set.of(VAULT));
        assertThat(LoamJson.peer(new Peer(DEVICE, Bytes.EMPTY, "desk", List.of(), only)))
                .hasToString(
                        "{\"id\":\"%s\",\"name\":\"desk\",\"addresses\":[],\"onlyVaults\":[\"%s\"]}"
                                .formatted(HEX_32, HEX_16));
    }

    @Test
    void conflicts() {
        Conflict conflict =
                new Conflict("k", "f", List.of(new Value.Text("a"), new Value.Whole(1)));
        assertThat(
                        LoamJson.conflicts(
                                new ConflictPage(
                                        List.of(conflict), Optional.of(new Page.Cursor("k")))))
                .hasToString(
                        "{\"conflicts\":[{\"key\":\"k\",\"field\":\"f\",\"values\":[\"a\",1]}],"
                                + "\"next\":\"k\"}");
    }

    @Test
    void pruneAndCompactNameWhomTheyWaitFor() {
        ActorId actor = new ActorId(Bytes.fromHex(HEX_16));
        Blocker blocker =
                new Blocker(
                        actor,
                        DEVICE,
                        HeldBack.Reason.NOT_ACKNOWLEDGED,
                        Optional.of(Instant.EPOCH),
                        new Unsettled(4, 5, 6));
        assertThat(
                        LoamJson.prune(
                                new PruneReport("main", new Unsettled(1, 2, 3), List.of(blocker))))
                .hasToString(
                        ("{\"vault\":\"main\","
                                        + "\"settled\":{\"batches\":1,\"operations\":2,\"bytes\":3},"
                                        + "\"blockers\":[{\"device\":\"%s\",\"actor\":\"%s\","
                                        + "\"reason\":\"NOT_ACKNOWLEDGED\","
                                        + "\"lastBatch\":\"1970-01-01T00:00:00Z\","
                                        + "\"alone\":{\"batches\":4,\"operations\":5,\"bytes\":6}}]}")
                                .formatted(HEX_32, HEX_16));
        CompactReport.Kept kept = new CompactReport.Kept("main", 7, List.of(DEVICE));
        assertThat(LoamJson.compact(new CompactReport(true, 1, 2, 3, 4, 5, 6, List.of(kept))))
                .hasToString(
                        ("{\"replaced\":true,\"segmentsBefore\":1,\"segmentsAfter\":2,"
                                        + "\"logBytesBefore\":3,\"logBytesAfter\":4,"
                                        + "\"batchesKept\":5,\"batchesLetGo\":6,"
                                        + "\"keptForOthers\":[{\"vault\":\"main\",\"batches\":7,"
                                        + "\"waitingFor\":[\"%s\"]}]}")
                                .formatted(HEX_32));
    }

    @Test
    void whatWasForgottenIsToldByKeyAndByDevice() {
        BatchId purge = new BatchId(VAULT, new ActorId(Bytes.fromHex(HEX_16)), 3);
        assertThat(LoamJson.forgotten(new ForgetReceipt(List.of("k"), purge, 2)))
                .hasToString(
                        ("{\"keys\":[\"k\"],\"vault\":\"%s\",\"actor\":\"%s\","
                                        + "\"sequence\":3,\"batchesCut\":2}")
                                .formatted(HEX_16, HEX_16));
        ForgetStatus.Device device =
                new ForgetStatus.Device(DEVICE, true, Optional.of(Instant.EPOCH));
        assertThat(LoamJson.forgetStatus(new ForgetStatus(List.of(device))))
                .hasToString(
                        ("{\"erased\":1,\"devices\":[{\"id\":\"%s\",\"erased\":true,"
                                        + "\"lastSeen\":\"1970-01-01T00:00:00Z\"}]}")
                                .formatted(HEX_32));
        assertThat(LoamJson.remains(List.of(new Remains(0, "log entry 7"))))
                .hasToString("{\"found\":1,\"remains\":[{\"text\":1,\"place\":\"log entry 7\"}]}");
    }

    @Test
    void error() {
        assertThat(LoamJson.error(new LoamException(ErrorCode.NOT_FOUND, "no \"x\"")))
                .hasToString("{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no \\\"x\\\"\"}}");
    }

    @Test
    void siblings() {
        assertThat(LoamJson.siblings(List.of(new Value.Text("a"), new Value.Truth(true))))
                .hasToString("[\"a\",true]");
    }
}
