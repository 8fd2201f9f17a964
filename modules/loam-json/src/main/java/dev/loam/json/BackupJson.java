package dev.loam.json;

import dev.loam.BackupInfo;
import dev.loam.BackupPruneReport;
import dev.loam.BackupReport;
import dev.loam.BackupVerification;
import dev.loam.KnownBackup;
import dev.loam.RestoreReport;
import java.util.List;
import java.util.Locale;

/** What is told of backups as JSON, in the manner of {@link LoamJson}. */
public final class BackupJson {
    private BackupJson() {}

    public static JsonObject backup(BackupReport report) {
        return JsonObject.builder()
                .put("generation", generation(report.generation()))
                .put("unitsWritten", report.unitsWritten())
                .put("unitsKept", report.unitsKept())
                .put("bytesWritten", report.bytesWritten())
                .put("elapsedMillis", report.elapsedMillis())
                .build();
    }

    /** The oldest first. */
    public static JsonObject generations(List<BackupInfo> generations) {
        return JsonObject.builder()
                .put("generations", generations.stream().map(BackupJson::generation).toList())
                .build();
    }

    private static JsonObject generation(BackupInfo backup) {
        return JsonObject.builder()
                .put("generation", backup.generation())
                .put("store", backup.store().toString())
                .put("device", backup.device().toString())
                .put("made", backup.made())
                .put("position", backup.position().number())
                .put("vaults", backup.vaults())
                .put("records", backup.records())
                .put("digest", backup.digest())
                .put("level", backup.level())
                .put("encrypted", backup.encrypted())
                .put("units", backup.units())
                .put("bytes", backup.bytes())
                .put("rawBytes", backup.rawBytes())
                .build();
    }

    static JsonObject known(KnownBackup backup) {
        JsonObject.Builder verified = JsonObject.builder();
        backup.verified()
                .forEach((how, at) -> verified.put(how.name().toLowerCase(Locale.ROOT), at));
        return JsonObject.builder()
                .put("generation", backup.generation())
                .put("made", backup.made())
                .put("verified", verified.build())
                .build();
    }

    /**
     * @param recorded of how many backups the store has noted that they are sound
     */
    public static JsonObject verification(BackupVerification found, int recorded) {
        return JsonObject.builder()
                .put("sound", found.isSound())
                .put("generations", found.generations().size())
                .put("units", found.units())
                .put("bytes", found.bytes())
                .putTexts("damage", found.damage())
                .put("recorded", recorded)
                .build();
    }

    public static JsonObject pruned(BackupPruneReport report) {
        return JsonObject.builder()
                .put("kept", numbers(report.kept()))
                .put("deleted", numbers(report.deleted()))
                .put("bytes", report.bytes())
                .build();
    }

    private static List<JsonValue> numbers(List<Long> numbers) {
        return numbers.stream().<JsonValue>map(JsonValue.Whole::new).toList();
    }

    public static JsonObject restored(RestoreReport report) {
        return JsonObject.builder()
                .put("generation", generation(report.generation()))
                .put("elapsedMillis", report.elapsedMillis())
                .build();
    }
}
