package dev.loam.json;

import dev.loam.Blocker;
import dev.loam.CompactReport;
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
import dev.loam.core.DeviceId;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import java.time.Instant;
import java.util.List;

/**
 * Loam's public records as JSON, under names that never change their meaning. Instants are ISO-8601
 * in UTC, identities and digests hexadecimal, other bytes base64; what is absent is left out.
 */
public final class LoamJson {
    private LoamJson() {}

    /**
     * All of a memory, vectors included; {@link #readMemory} gives it back. Numbers without a
     * fraction are whole, with one they are real; a point in time is {@code {"moment": ISO-8601}},
     * bytes are {@code {"binary": base64}}.
     */
    public static JsonObject memory(Memory memory) {
        return MemoryJson.write(memory);
    }

    /**
     * Reads what {@link #memory} wrote. Only {@code text} must be there; other names than {@code
     * key}, {@code text}, {@code time}, {@code tags}, {@code fields}, {@code counters}, {@code
     * logs}, {@code maxima}, {@code minima}, {@code vectors} are refused.
     *
     * @throws LoamException {@code INVALID_JSON}, or whatever {@link Memory} refuses
     */
    public static Memory readMemory(JsonValue document) {
        return MemoryJson.read(document);
    }

    /** A typed value, in the form it has among a memory's fields. */
    public static JsonValue value(Value value) {
        return MemoryJson.write(value);
    }

    /** A page without vectors; {@code next} is the key to go on after. */
    public static JsonObject page(Page page) {
        return JsonObject.builder()
                .put(
                        "memories",
                        page.memories().stream().map(MemoryJson::writeWithoutVectors).toList())
                .putIfPresent("next", page.next().map(Page.Cursor::after))
                .build();
    }

    /** A page of conflicts; {@code next} is the key to go on after. */
    public static JsonObject conflicts(ConflictPage page) {
        return JsonObject.builder()
                .put(
                        "conflicts",
                        page.conflicts().stream()
                                .map(
                                        conflict ->
                                                JsonObject.builder()
                                                        .put("key", conflict.key())
                                                        .put("field", conflict.field())
                                                        .put("values", siblings(conflict.values()))
                                                        .build())
                                .toList())
                .putIfPresent("next", page.next().map(Page.Cursor::after))
                .build();
    }

    /** An answer without vectors. */
    public static JsonObject recall(Recall recall) {
        return JsonObject.builder()
                .put("hits", recall.hits().stream().map(LoamJson::hit).toList())
                .putIfPresent("model", recall.model())
                .build();
    }

    private static JsonObject hit(Hit hit) {
        return JsonObject.builder()
                .put("rank", hit.rank())
                .put("score", hit.score())
                .put("memory", MemoryJson.writeWithoutVectors(hit.memory()))
                .build();
    }

    /** What was forgotten: keys, and the batch that says so. */
    public static JsonObject forgotten(ForgetReceipt receipt) {
        return JsonObject.builder()
                .putTexts("keys", receipt.keys())
                .put("vault", receipt.purge().vault().toString())
                .put("actor", receipt.purge().actor().toString())
                .put("sequence", receipt.purge().sequence())
                .put("batchesCut", receipt.batchesCut())
                .build();
    }

    /** Which devices have erased what was forgotten. */
    public static JsonObject forgetStatus(ForgetStatus status) {
        return JsonObject.builder()
                .put("erased", status.erased())
                .put(
                        "devices",
                        status.devices().stream()
                                .map(
                                        device ->
                                                JsonObject.builder()
                                                        .put("id", device.id().toString())
                                                        .put("erased", device.hasErased())
                                                        .putIfPresent(
                                                                "lastSeen",
                                                                device.lastSeen()
                                                                        .map(Instant::toString))
                                                        .build())
                                .toList())
                .build();
    }

    /** Where texts were found; {@code text} counts those that were sought, from 1. */
    public static JsonObject remains(List<Remains> remains) {
        return JsonObject.builder()
                .put("found", remains.size())
                .put(
                        "remains",
                        remains.stream()
                                .map(
                                        each ->
                                                JsonObject.builder()
                                                        .put("text", each.text() + 1)
                                                        .put("place", each.place())
                                                        .build())
                                .toList())
                .build();
    }

    public static JsonObject receipt(Receipt receipt) {
        return JsonObject.builder()
                .put("key", receipt.key())
                .put("vault", receipt.batch().vault().toString())
                .put("actor", receipt.batch().actor().toString())
                .put("sequence", receipt.batch().sequence())
                .put("position", receipt.position().number())
                .build();
    }

    /**
     * The store's figures, with each peer and how far it is instead of their number, and what waits
     * with the peers. Where a peer has {@code keeps}, it alone keeps that from being pruned. Of
     * what waits {@code missing} is the first batch without which it cannot be taken, and {@code
     * passesAt} the time on this device's clock from which on it can. Of a backup {@code verified}
     * has the time of each check that found it sound: {@code quick}, {@code sample}, {@code full},
     * {@code drill}.
     */
    public static JsonObject status(
            StoreStats stats,
            List<PeerStatus> peers,
            List<Parked> waiting,
            List<KnownBackup> backups) {
        JsonObject.Builder status = JsonObject.builder();
        stats(stats).members().forEach(status::put);
        return status.put("peers", peers.stream().map(LoamJson::peer).toList())
                .put("waiting", waiting.stream().map(LoamJson::parked).toList())
                .put("backups", backups.stream().map(BackupJson::known).toList())
                .build();
    }

    private static JsonObject parked(Parked batch) {
        JsonObject.Builder json =
                JsonObject.builder()
                        .put("peer", batch.peer().toString())
                        .put("vault", batch.vault().toString())
                        .put("actor", batch.actor().toString())
                        .put("sequence", batch.sequence())
                        .put("reason", batch.reason())
                        .put("stamped", batch.stamped().toString())
                        .putIfPresent("passesAt", batch.passesAt().map(Instant::toString));
        batch.missing()
                .ifPresent(
                        missing ->
                                json.put(
                                        "missing",
                                        JsonObject.builder()
                                                .put("actor", missing.actor().toString())
                                                .put("sequence", missing.sequence())
                                                .build()));
        return json.build();
    }

    public static JsonObject stats(StoreStats stats) {
        return JsonObject.builder()
                .put("store", stats.store().toString())
                .put("device", stats.device().toString())
                .put("end", stats.end().number())
                .put("digest", stats.digest())
                .put("records", stats.records())
                .put("vaults", stats.vaults().stream().map(LoamJson::vault).toList())
                .put("logSegments", stats.logSegments())
                .put("logBytes", stats.logBytes())
                .put("indexBytes", stats.indexBytes())
                .put("awaitingEmbedding", stats.awaitingEmbedding())
                .putIfPresent("model", stats.model())
                .put("peers", stats.peers())
                .build();
    }

    private static JsonObject vault(VaultInfo vault) {
        return JsonObject.builder()
                .put("id", vault.id().toString())
                .put("name", vault.name())
                .put("records", vault.records())
                .put("actors", vault.actors())
                .put("digest", vault.digest())
                .build();
    }

    public static JsonObject verify(VerifyReport report) {
        return JsonObject.builder()
                .put("sound", report.isSound())
                .put("segments", report.segments())
                .put("batches", report.batches())
                .put("bytes", report.bytes())
                .putTexts("damage", report.damage())
                .build();
    }

    public static JsonObject rebuild(RebuildReport report) {
        return JsonObject.builder()
                .put("batches", report.batches())
                .put("resumedAfter", report.resumedAfter())
                .put("records", report.records())
                .put("elapsedMillis", report.elapsedMillis())
                .put("digestBefore", report.digestBefore())
                .put("digestAfter", report.digestAfter())
                .build();
    }

    public static JsonObject compact(CompactReport report) {
        return JsonObject.builder()
                .put("replaced", report.replaced())
                .put("segmentsBefore", report.segmentsBefore())
                .put("segmentsAfter", report.segmentsAfter())
                .put("logBytesBefore", report.logBytesBefore())
                .put("logBytesAfter", report.logBytesAfter())
                .put("batchesKept", report.batchesKept())
                .put("batchesLetGo", report.batchesLetGo())
                .put("keptForOthers", report.keptForOthers().stream().map(LoamJson::kept).toList())
                .build();
    }

    private static JsonObject kept(CompactReport.Kept kept) {
        return JsonObject.builder()
                .put("vault", kept.vault())
                .put("batches", kept.batches())
                .putTexts("waitingFor", kept.waitingFor().stream().map(DeviceId::toString).toList())
                .build();
    }

    public static JsonObject sync(SyncReport report) {
        return JsonObject.builder()
                .put("peer", report.peer().toString())
                .put("done", report.isDone())
                .put("reason", report.reason())
                .put("vaults", report.vaults())
                .put("sentBatches", report.sentBatches())
                .put("receivedBatches", report.receivedBatches())
                .put("sentBytes", report.sentBytes())
                .put("receivedBytes", report.receivedBytes())
                .put("toSend", amount(report.toSend()))
                .put("toReceive", amount(report.toReceive()))
                .putTexts("diverged", report.diverged())
                .put("waitingBatches", report.waitingBatches())
                .put("clockAheadMillis", report.clockAhead().toMillis())
                .put("digest", report.digest())
                .build();
    }

    private static JsonObject amount(SyncAmount amount) {
        return JsonObject.builder()
                .put("batches", amount.batches())
                .put("operations", amount.operations())
                .put("bytes", amount.bytes())
                .build();
    }

    public static JsonObject peer(Peer peer) {
        JsonObject.Builder json =
                JsonObject.builder()
                        .put("id", peer.id().toString())
                        .put("name", peer.name())
                        .putTexts("addresses", peer.addresses());
        peer.vaults()
                .ifPresent(
                        only ->
                                json.putTexts(
                                        "onlyVaults",
                                        only.stream().map(VaultId::toString).toList()));
        return json.build();
    }

    public static JsonObject peer(PeerStatus status) {
        JsonObject.Builder behind =
                JsonObject.builder()
                        .put("batches", status.behind().batches())
                        .put("operations", status.behind().operations());
        status.behind().bytes().ifPresent(bytes -> behind.put("bytes", bytes));
        JsonObject.Builder peer = JsonObject.builder();
        peer(status.peer()).members().forEach(peer::put);
        peer.put("connected", status.isConnected())
                .putIfPresent("lastSeen", status.lastSeen().map(Instant::toString))
                .putIfPresent("lastResult", status.lastResult())
                .put("behind", behind.build());
        if (!status.keeps().isNone()) {
            peer.put("keeps", unsettled(status.keeps()));
        }
        return peer.build();
    }

    public static JsonObject prune(PruneReport report) {
        return JsonObject.builder()
                .put("vault", report.vault())
                .put("settled", unsettled(report.settled()))
                .put("blockers", report.blockers().stream().map(LoamJson::blocker).toList())
                .build();
    }

    private static JsonObject blocker(Blocker blocker) {
        return JsonObject.builder()
                .put("device", blocker.device().toString())
                .put("actor", blocker.actor().toString())
                .put("reason", blocker.reason().name())
                .putIfPresent("lastBatch", blocker.lastBatch().map(Instant::toString))
                .put("alone", unsettled(blocker.alone()))
                .build();
    }

    private static JsonObject unsettled(Unsettled history) {
        return JsonObject.builder()
                .put("batches", history.batches())
                .put("operations", history.operations())
                .put("bytes", history.bytes())
                .build();
    }

    public static JsonObject opened(OpenReport report) {
        return JsonObject.builder()
                .put("cleanlyClosed", report.cleanlyClosed())
                .put("replayedBatches", report.replayedBatches())
                .put("indexRebuilt", report.indexRebuilt())
                .putTexts("notes", report.notes())
                .build();
    }

    /** {@code {"error": {"code": ..., "message": ...}}} */
    public static JsonObject error(LoamException error) {
        return JsonObject.builder()
                .put(
                        "error",
                        JsonObject.builder()
                                .put("code", error.code().name())
                                .put("message", String.valueOf(error.getMessage()))
                                .build())
                .build();
    }

    /** The values of a field that were written concurrently, the one that reads return first. */
    public static JsonValue siblings(List<Value> values) {
        return new JsonValue.Sequence(values.stream().map(MemoryJson::write).toList());
    }
}
