package dev.loam.json;

import dev.loam.AuditEntry;
import dev.loam.AuditEvent;
import dev.loam.AuditReport;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.Locale;
import java.util.Optional;

/** The JSON names of what an audit trail tells. */
public final class AuditJson {
    private AuditJson() {}

    /** What reading a trail has shown. */
    public static JsonObject report(AuditReport report) {
        return JsonObject.builder()
                .put("entries", report.entries())
                .put("head", report.head().toString())
                .put("sound", report.isSound())
                .putTexts("notes", report.notes())
                .putTexts("damage", report.damage())
                .build();
    }

    /** An event in its place: its name as {@code event}, then what it says. */
    public static JsonObject entry(AuditEntry entry) {
        JsonObject.Builder to =
                JsonObject.builder().put("number", entry.number()).put("time", entry.time());
        return event(entry.event(), to).build();
    }

    private static JsonObject.Builder event(AuditEvent event, JsonObject.Builder to) {
        return switch (event) {
            case AuditEvent.OfTrail each -> ofTrail(each, to);
            case AuditEvent.OfKeys each -> ofKeys(each, to);
            case AuditEvent.OfPeers each -> ofPeers(each, to);
            case AuditEvent.OfStore each -> ofStore(each, to);
            case AuditEvent.Unknown(long kind, var payload) ->
                    named("unknown", to).put("kind", kind).put("payload", payload.toHex());
        };
    }

    private static JsonObject.Builder ofTrail(AuditEvent.OfTrail event, JsonObject.Builder to) {
        return switch (event) {
            case AuditEvent.Begun(long position) ->
                    named("begun", to).put("batchesBefore", position);
            case AuditEvent.Resumed(long file, long kept, long lost, long signed) ->
                    named("resumed", to)
                            .put("file", file)
                            .put("keptBytes", kept)
                            .put("lostBytes", lost)
                            .put("signed", signed);
            case AuditEvent.HeadLost() -> named("head-lost", to);
            case AuditEvent.Unrecorded(long count) -> named("unrecorded", to).put("count", count);
        };
    }

    private static JsonObject.Builder ofKeys(AuditEvent.OfKeys event, JsonObject.Builder to) {
        return switch (event) {
            case AuditEvent.Unlocked(int slot, var source) ->
                    named("unlocked", to).put("slot", slot).put("source", source.toString());
            case AuditEvent.UnlocksFailed(long count, var first, var last) ->
                    named("unlocks-failed", to)
                            .put("count", count)
                            .put("first", first)
                            .put("last", last);
            case AuditEvent.SlotAdded(int slot, var source) ->
                    named("slot-added", to).put("slot", slot).put("source", source.toString());
            case AuditEvent.SlotRemoved(int slot) -> named("slot-removed", to).put("slot", slot);
            case AuditEvent.MasterKeyRotated(long epoch, var cause) ->
                    named("master-key-rotated", to).put("epoch", epoch).put("cause", name(cause));
            case AuditEvent.SafetyWeakened(var option) ->
                    named("safety-weakened", to).put("option", name(option));
        };
    }

    private static JsonObject.Builder ofPeers(AuditEvent.OfPeers event, JsonObject.Builder to) {
        return switch (event) {
            case AuditEvent.Paired(var device) -> device("paired", device, to);
            case AuditEvent.PeerRemoved(var device) -> device("peer-removed", device, to);
            case AuditEvent.PeerRenamed(var device) -> device("peer-renamed", device, to);
            case AuditEvent.PeerLimited(var device, var vaults) -> {
                device("peer-limited", device, to);
                vaults.ifPresent(
                        each ->
                                to.putTexts(
                                        "vaults", each.stream().map(VaultId::toString).toList()));
                yield to;
            }
            case AuditEvent.DeviceLetIn(var vault, var device) ->
                    device("device-let-in", device, to).put("vault", vault.toString());
            case AuditEvent.DeviceRevoked(var device, var by) ->
                    device("device-revoked", device, to).put("by", name(by));
        };
    }

    private static JsonObject.Builder ofStore(AuditEvent.OfStore event, JsonObject.Builder to) {
        return switch (event) {
            case AuditEvent.Exported(var vault, var form) ->
                    inVault("exported", vault, to).put("form", name(form));
            case AuditEvent.Imported(var vault, long memories) ->
                    inVault("imported", vault, to).put("memories", memories);
            case AuditEvent.BackupMade(var backup) -> backup("backup-made", backup, to);
            case AuditEvent.BackupVerified(var backup, var how) ->
                    backup("backup-verified", backup, to).put("how", name(how));
            case AuditEvent.Restored(var backup) -> backup("restored", backup, to);
            case AuditEvent.Forgotten(var purge, var vault, long memories) ->
                    named("forgotten", to)
                            .put("purge", purge.toHex())
                            .put("vault", vault.toString())
                            .put("memories", memories);
            case AuditEvent.Compacted(long before, long after) ->
                    named("compacted", to)
                            .put("segmentsBefore", before)
                            .put("segmentsAfter", after);
            case AuditEvent.Rebuilt(long batches) -> named("rebuilt", to).put("batches", batches);
            case AuditEvent.Repaired(long notes, long damages, var index) ->
                    named("repaired", to)
                            .put("notes", notes)
                            .put("damages", damages)
                            .put("index", name(index));
        };
    }

    private static JsonObject.Builder device(String event, DeviceId id, JsonObject.Builder to) {
        return named(event, to).put("device", id.toString());
    }

    private static JsonObject.Builder named(String event, JsonObject.Builder to) {
        return to.put("event", event);
    }

    private static JsonObject.Builder inVault(
            String event, Optional<VaultId> vault, JsonObject.Builder to) {
        return named(event, to).putIfPresent("vault", vault.map(VaultId::toString));
    }

    private static JsonObject.Builder backup(String event, Bytes id, JsonObject.Builder to) {
        return named(event, to).put("backup", id.toHex());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
