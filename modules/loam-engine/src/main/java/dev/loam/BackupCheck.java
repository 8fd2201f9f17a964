package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Looks at a directory of backups and changes nothing of it. */
final class BackupCheck {
    private final BackupDirectory directory;
    private final BackupKeys keys;
    private final Progress progress;
    private final List<String> damage = new ArrayList<>();
    private final List<BackupManifest> generations = new ArrayList<>();

    /** All units that a generation names, by their names. */
    private final SortedMap<String, BackupUnit> units = new TreeMap<>();

    private boolean isSealed;
    private int checked;
    private long bytes;

    BackupCheck(BackupDirectory directory, BackupKeys keys, Progress progress) {
        this.directory = directory;
        this.keys = keys;
        this.progress = progress;
    }

    BackupVerification run(BackupScope scope, LoamOptions options) {
        readManifests();
        switch (scope) {
            case BackupScope.Quick _ -> compareSizes(units.values());
            case BackupScope.Sample sample -> {
                compareSizes(units.values());
                read(chosen(sample));
            }
            case BackupScope.Full _ -> read(units.values());
            case BackupScope.Drill _ -> drill(options);
        }
        return new BackupVerification(scope, looked(scope), checked, bytes, damage);
    }

    private List<BackupInfo> looked(BackupScope scope) {
        boolean isLatestAlone = scope instanceof BackupScope.Drill && !generations.isEmpty();
        return (isLatestAlone ? List.of(generations.getLast()) : generations)
                .stream().map(BackupInfo::of).toList();
    }

    private void readManifests() {
        for (long generation : directory.list()) {
            try {
                BackupManifest manifest = directory.read(generation);
                generations.add(manifest);
                isSealed |= manifest.listing().sealing().isPresent();
                manifest.units().forEach(unit -> units.put(unit.name(), unit));
            } catch (LoamException unreadable) {
                note(unreadable);
            }
        }
    }

    private void note(LoamException finding) {
        if (finding.code() != ErrorCode.CORRUPT && finding.code() != ErrorCode.TAMPERED) {
            throw finding;
        }
        damage.add(finding.getMessage());
    }

    private void compareSizes(Collection<BackupUnit> compared) {
        SortedMap<String, Long> present = directory.present();
        for (BackupUnit unit : compared) {
            checked++;
            Long found = present.get(unit.name());
            if (found == null) {
                note(UnitHead.damaged(unit.name(), "its file is missing"));
            } else if (found != unit.size().bytes()) {
                note(
                        UnitHead.damaged(
                                unit.name(),
                                "it has " + found + " bytes, not " + unit.size().bytes()));
            }
        }
    }

    private List<BackupUnit> chosen(BackupScope.Sample sample) {
        List<BackupUnit> shuffled = new ArrayList<>(units.values());
        Collections.shuffle(shuffled, new SplittableRandom(sample.seed()));
        long count = Math.ceilDiv((long) shuffled.size() * sample.percent(), 100);
        return shuffled.subList(0, (int) count);
    }

    private void read(Collection<BackupUnit> chosen) {
        long total = chosen.stream().mapToLong(unit -> unit.size().bytes()).sum();
        checked = 0;
        long before = 0;
        for (BackupUnit unit : chosen) {
            checked++;
            read(unit, before, total);
            before += unit.size().bytes();
        }
        progress.at(total, total);
    }

    private void read(BackupUnit unit, long before, long total) {
        try {
            if (keys.arePresent() || !isSealed) {
                readItems(unit, before, total);
            } else {
                UnitReader.requireHash(
                        directory.unit(unit), unit, done -> progress.at(before + done, total));
            }
            bytes += unit.size().bytes();
        } catch (LoamException damaged) {
            note(damaged);
        }
    }

    private void readItems(BackupUnit unit, long before, long total) {
        try (UnitReader reader = new UnitReader(directory.unit(unit), unit, keys)) {
            while (reader.next().isPresent()) {
                progress.at(before + reader.fileBytes(), total);
            }
        }
    }

    private void drill(LoamOptions options) {
        if (generations.isEmpty()) {
            return;
        }
        BackupManifest latest = generations.getLast();
        try (RestoreTarget aside =
                RestoreTarget.begin(directory.files(), directory.path().resolve("drill"))) {
            try {
                new RestoreRun(directory, latest, keys, options, progress).build(aside.building());
                checked = latest.units().size();
                bytes = latest.units().stream().mapToLong(unit -> unit.size().bytes()).sum();
            } catch (LoamException failed) {
                note(failed);
            } finally {
                aside.discard();
            }
        }
    }
}
