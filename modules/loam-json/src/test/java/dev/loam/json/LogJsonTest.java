package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Change;
import dev.loam.History;
import dev.loam.Inspection;
import dev.loam.LoggedOperation;
import dev.loam.ReplayReport;
import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Dot;
import dev.loam.core.Embedding;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Position;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The names are a promise: these texts may grow members, never lose or rename one. */
final class LogJsonTest {
    private static final String HEX_16 = "ab".repeat(16);
    private static final String HEX_32 = "cd".repeat(32);
    private static final ActorId ACTOR = new ActorId(Bytes.fromHex(HEX_16));
    private static final DeviceId DEVICE = new DeviceId(Bytes.fromHex(HEX_32));
    private static final BatchId BATCH = new BatchId(new VaultId(Bytes.fromHex(HEX_16)), ACTOR, 7);
    private static final String HEAD =
            "{\"vault\":\"v\",\"vaultId\":\"%s\",\"actor\":\"%s\",\"sequence\":7,\"counter\":9,"
                            .formatted(HEX_16, HEX_16)
                    + "\"device\":\"%s\",\"time\":\"1970-01-01T00:00:00Z\",\"key\":\"k\","
                            .formatted(HEX_32);

    private static String line(Operation operation) {
        LoggedOperation logged =
                new LoggedOperation(
                        "v", BATCH, 9, Optional.of(DEVICE), Instant.EPOCH, "k", operation);
        String text = LogJson.operation(logged).toString();
        assertThat(text).startsWith(HEAD);
        return text.substring(HEAD.length());
    }

    @Test
    void operationsAreLines() {
        FieldName field = new FieldName("f");
        Value value = new Value.Whole(1);
        List<Dot> over = List.of(new Dot(ACTOR, 3));
        assertThat(line(new Operation.Set(field, value, over, Lifetime.FRESH)))
                .isEqualTo(
                        "\"kind\":\"set\",\"field\":\"f\",\"value\":1,\"fresh\":true,"
                                + "\"overwritten\":[{\"actor\":\"%s\",\"counter\":3}]}"
                                        .formatted(HEX_16));
        assertThat(line(new Operation.AddElement(field, value, List.of(), Lifetime.CURRENT)))
                .isEqualTo("\"kind\":\"add\",\"field\":\"f\",\"value\":1,\"fresh\":false}");
        assertThat(line(new Operation.RemoveElement(field, value, List.of())))
                .isEqualTo("\"kind\":\"remove\",\"field\":\"f\",\"value\":1}");
        Embedding embedding = new Embedding(Bytes.fromHex(HEX_32), Bytes.fromHex("0000803f"));
        assertThat(line(new Operation.Embed("m", embedding, List.of())))
                .isEqualTo(
                        "\"kind\":\"embed\",\"model\":\"m\",\"textHash\":\"%s\",\"vector\":\"AACAPw==\"}"
                                .formatted(HEX_32));
        assertThat(line(new Operation.Delete())).isEqualTo("\"kind\":\"delete\"}");
    }

    @Test
    void aHistoryIsItsChanges() {
        Change change =
                new Change(
                        Instant.EPOCH,
                        Optional.of(DEVICE),
                        BATCH,
                        Change.Kind.SET_BESIDE,
                        "text",
                        Optional.of(new Value.Text("a")),
                        Optional.of(new Value.Text("b")));
        assertThat(LogJson.history("k", new History(List.of(change), false)))
                .hasToString(
                        "{\"key\":\"k\",\"complete\":false,\"changes\":[{\"time\":\"1970-01-01T00:00:00Z\","
                                + "\"device\":\"%s\",\"actor\":\"%s\",\"sequence\":7,"
                                        .formatted(HEX_32, HEX_16)
                                + "\"kind\":\"set_beside\",\"name\":\"text\",\"from\":\"a\",\"to\":\"b\"}]}");
    }

    @Test
    void aReplayIsItsCounts() {
        assertThat(LogJson.replay(new ReplayReport(1, 2, 0, 3, List.of("d")), 4))
                .hasToString(
                        "{\"read\":1,\"selected\":2,\"compacted\":0,\"written\":4,\"damaged\":3,\"damage\":[\"d\"]}");
    }

    @Test
    void anInspectionIsSegmentsAuthorsAndBytes() {
        TreeMap<String, Long> files = new TreeMap<>();
        files.put("index", 5L);
        Inspection found =
                new Inspection(
                        List.of(
                                new Inspection.Segment(
                                        1, new Position(2), new Position(3), 4, 5, true, false)),
                        List.of(new Inspection.Author("v", ACTOR, DEVICE, 6, 7, Instant.EPOCH)),
                        8,
                        9,
                        files);
        assertThat(LogJson.inspection(found))
                .hasToString(
                        "{\"segments\":[{\"number\":1,\"first\":2,\"last\":3,\"frames\":4,\"bytes\":5,"
                                + "\"sealed\":true,\"compacted\":false}],\"authors\":[{\"vault\":\"v\",\"actor\":\"%s\","
                                        .formatted(HEX_16)
                                + "\"device\":\"%s\",\"batches\":6,\"operations\":7,"
                                        .formatted(HEX_32)
                                + "\"last\":\"1970-01-01T00:00:00Z\"}],\"liveBytes\":8,\"deadBytes\":9,"
                                + "\"files\":{\"index\":5}}");
    }
}
