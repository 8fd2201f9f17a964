package dev.loam.json;

import dev.loam.KeyStatus;
import dev.loam.crypto.KeyFile;
import java.time.Instant;
import java.util.List;

/** The JSON names of what is told about a store's keys; never of a key. */
public final class KeyJson {
    private KeyJson() {}

    public static JsonObject status(KeyStatus status) {
        return JsonObject.builder()
                .put("suite", status.suite().toString())
                .put("epoch", status.epoch())
                .put("since", status.since())
                .putIfPresent("rotationDue", status.rotationDue().map(Instant::toString))
                .put("earlierSegments", status.segmentsOfEarlierEpochs())
                .put("slots", slots(status.slots()))
                .build();
    }

    public static List<JsonObject> slots(List<KeyFile.Slot> slots) {
        return slots.stream().map(KeyJson::slot).toList();
    }

    private static JsonObject slot(KeyFile.Slot slot) {
        JsonObject.Builder json =
                JsonObject.builder()
                        .put("slot", slot.number())
                        .put("source", slot.source().toString())
                        .put("label", slot.label())
                        .put("made", slot.made());
        slot.cost()
                .ifPresent(
                        cost ->
                                json.put("memoryKib", cost.memoryKib())
                                        .put("passes", cost.passes())
                                        .put("lanes", cost.lanes()));
        return json.build();
    }
}
