package dev.loam.cli;

import dev.loam.BackupInfo;
import dev.loam.KnownBackup;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;

/** Backups in words. */
final class BackupText {
    private BackupText() {}

    static String generation(BackupInfo backup) {
        return "generation "
                + backup.generation()
                + " of "
                + backup.made().truncatedTo(ChronoUnit.SECONDS)
                + ": "
                + count(backup.records(), "memory", "memories")
                + " in "
                + count(backup.vaults(), "vault", "vaults")
                + ", "
                + bytes(backup.bytes())
                + (backup.encrypted() ? ", encrypted" : ", not encrypted");
    }

    static String known(KnownBackup backup) {
        String verified =
                backup.verified().entrySet().stream()
                        .map(
                                each ->
                                        each.getKey().name().toLowerCase(Locale.ROOT)
                                                + " at "
                                                + each.getValue().truncatedTo(ChronoUnit.SECONDS))
                        .collect(Collectors.joining(", "));
        return "generation "
                + backup.generation()
                + " of "
                + backup.made().truncatedTo(ChronoUnit.SECONDS)
                + (verified.isEmpty() ? ": never verified" : ": verified " + verified);
    }

    static String units(long count) {
        return count(count, "unit", "units");
    }

    static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }

    private static String count(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }
}
