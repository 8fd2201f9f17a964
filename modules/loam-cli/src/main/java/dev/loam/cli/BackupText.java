package dev.loam.cli;

import dev.loam.BackupInfo;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

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
