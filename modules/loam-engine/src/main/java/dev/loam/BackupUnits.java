package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.log.LogPin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Which segments of a store a directory of backups holds as units already: those that a generation
 * names, if their files are there in full length, and those that an interrupted backup has
 * finished, if they are what their name says.
 */
final class BackupUnits {
    private final Map<Bytes, BackupUnit> byChain = new HashMap<>();
    private final long nextGeneration;
    private Optional<BackupListing.Sealing> sealing = Optional.empty();

    private BackupUnits(long nextGeneration) {
        this.nextGeneration = nextGeneration;
    }

    /**
     * @throws LoamException {@code EXISTS} if the directory has backups of another store; {@code
     *     FORMAT_VERSION}
     */
    static BackupUnits of(BackupDirectory directory, StoreId store, BackupKeys keys) {
        List<Long> generations = directory.list();
        BackupUnits units = new BackupUnits(generations.isEmpty() ? 1 : generations.getLast() + 1);
        SortedMap<String, Long> present = directory.present();
        for (long generation : generations) {
            Optional<BackupManifest> manifest = readable(directory, generation);
            units.sealing = manifest.flatMap(each -> each.listing().sealing());
            for (BackupUnit unit : manifest.map(BackupManifest::units).orElseGet(List::of)) {
                if (!unit.store().equals(store)) {
                    throw new LoamException(
                            ErrorCode.EXISTS,
                            directory.path()
                                    + " holds backups of another store, or of what this one was"
                                    + " restored from; name another directory");
                }
                Long bytes = present.remove(unit.name());
                if (bytes != null && bytes == unit.size().bytes()) {
                    units.add(unit);
                }
            }
        }
        present.keySet().forEach(name -> units.addFinished(directory, name, store, keys));
        return units;
    }

    /** Of a damaged manifest nothing is known; its units are taken for unnamed ones. */
    private static Optional<BackupManifest> readable(BackupDirectory directory, long generation) {
        try {
            return Optional.of(directory.read(generation));
        } catch (LoamException unreadable) {
            if (unreadable.code() != ErrorCode.CORRUPT) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    private void add(BackupUnit unit) {
        if (unit.origin() instanceof BackupUnit.Origin.Segment segment) {
            byChain.put(segment.chain(), unit);
        }
    }

    private void addFinished(
            BackupDirectory directory, String name, StoreId store, BackupKeys keys) {
        try (UnitReader reader = new UnitReader(directory.units().resolve(name), keys)) {
            UnitHead head = reader.head();
            if (!isOfSegment(head) || !head.store().equals(store)) {
                return;
            }
            boolean isCompacted = false;
            for (Optional<UnitItem> item = reader.next(); item.isPresent(); item = reader.next()) {
                isCompacted |= item.get().kind() != UnitItem.Kind.BATCH;
            }
            BackupUnit unit =
                    new BackupUnit(
                            store,
                            new BackupUnit.Origin.Segment(
                                    new PositionSpan(head.first(), head.last()),
                                    isCompacted
                                            ? BackupUnit.Form.COMPACTED
                                            : BackupUnit.Form.APPENDED,
                                    head.chain()),
                            reader.size());
            if (unit.name().equals(name)) {
                add(unit);
            }
        } catch (LoamException damaged) {
            if (!isOfNoUse(damaged.code())) {
                throw damaged;
            }
        }
    }

    private static boolean isOfNoUse(ErrorCode code) {
        return switch (code) {
            case CORRUPT, TAMPERED, WRONG_KEY, FORMAT_VERSION -> true;
            default -> false;
        };
    }

    private static boolean isOfSegment(UnitHead head) {
        return head.kind() == UnitHead.Kind.SEGMENT
                && head.first() > 0
                && head.first() <= head.last();
    }

    /** The unit that holds what a segment holds. */
    Optional<BackupUnit> find(LogPin.Segment segment) {
        return Optional.ofNullable(byChain.get(segment.chain()));
    }

    /** By what the latest generation was sealed. */
    Optional<BackupListing.Sealing> sealing() {
        return sealing;
    }

    /** The number of the generation that is made next. */
    long nextGeneration() {
        return nextGeneration;
    }
}
