package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import dev.loam.crypto.SealedStream;
import dev.loam.index.IndexCheckpoint;
import dev.loam.log.LogItem;
import dev.loam.log.LogPin;
import dev.loam.log.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes one generation of a backup: a unit for each segment of the log that has none yet, one for
 * what lies beside the log, and a manifest. The segments are those of one moment, at which the
 * active one was sealed; writes, reads and compactions go on meanwhile.
 */
final class BackupRun {
    private static final String WRITING = "writing" + BackupFiles.TEMPORARY;

    private final Store store;
    private final BackupOptions options;
    private final Progress progress;
    private final BackupDirectory directory;
    private final BackupFiles files;

    private UnitForm form;
    private int unitsWritten;
    private int unitsKept;
    private long bytesWritten;

    /** What the store was at one moment. */
    private record Snapshot(
            LogPin pin,
            StoreState state,
            Position end,
            Set<String> models,
            Map<String, List<String>> files)
            implements AutoCloseable {
        @Override
        public void close() {
            pin.close();
        }
    }

    BackupRun(Store store, BackupOptions options, Progress progress, BackupFiles files) {
        this.store = store;
        this.options = options;
        this.progress = progress;
        this.files = files;
        this.directory = new BackupDirectory(options.directory(), files);
        this.form = new UnitForm(options.level(), Optional.empty());
    }

    BackupReport run() {
        long began = store.environment().elapsedMillis();
        directory.make();
        try (BackupDirectory.Lock _ = directory.lock();
                BackupKeys keys = BackupKeys.ofStore(directory, store.folder().keys())) {
            BackupUnits known = BackupUnits.of(directory, store.log().store(), keys);
            form = new UnitForm(options.level(), sealing(known, keys));
            try (Snapshot snapshot = snapshot()) {
                BackupManifest manifest = write(snapshot, known);
                return new BackupReport(
                        BackupInfo.of(manifest),
                        unitsWritten,
                        unitsKept,
                        bytesWritten,
                        store.environment().elapsedMillis() - began);
            } finally {
                files.delete(directory.units().resolve(WRITING));
            }
        }
    }

    /** One header for as long as the store has the same keys: to unlock each takes its time. */
    private Optional<UnitForm.Sealing> sealing(BackupUnits known, BackupKeys keys) {
        if (store.folder().keys().isEmpty()) {
            return Optional.empty();
        }
        StoreKeys ofStore = store.folder().keys().get();
        long generation = ofStore.keyFile().generation();
        Optional<BackupListing.Sealing> before =
                known.sealing().filter(each -> each.keys() == generation);
        if (before.isPresent()) {
            SealedStream stream = keys.stream(before.get().header());
            return Optional.of(new UnitForm.Sealing(before.get(), stream, ofStore.random()));
        }
        SealedStream stream = ofStore.begin(SealedStream.Kind.BACKUP, store.environment().now());
        Bytes header = stream.header().encode();
        Bytes hash = Tally.hash(header);
        keys.add(hash, stream);
        directory.writeHeader(hash, header);
        return Optional.of(
                new UnitForm.Sealing(
                        new BackupListing.Sealing(hash, generation), stream, ofStore.random()));
    }

    private Snapshot snapshot() {
        return store.writeAlone(
                stage -> {
                    store.log().roll();
                    return new Snapshot(
                            store.log().pin(),
                            store.state(),
                            store.log().end(),
                            wantedModels(),
                            KeptFiles.read(store.folder()));
                });
    }

    private BackupManifest write(Snapshot snapshot, BackupUnits known) {
        List<LogPin.Segment> segments = snapshot.pin().segments();
        requireWhole(segments, snapshot.end());
        long total =
                segments.stream()
                        .filter(segment -> known.find(segment).isEmpty())
                        .mapToLong(segment -> segment.info().bytes())
                        .sum();
        long done = 0;
        List<BackupUnit> units = new ArrayList<>();
        for (LogPin.Segment segment : segments) {
            if (known.find(segment).isPresent()) {
                units.add(known.find(segment).get());
                unitsKept++;
            } else {
                units.add(write(snapshot.pin(), segment, done, total));
                done += segment.info().bytes();
            }
        }
        progress.at(total, total);
        BackupListing listing = listing(snapshot, known.nextGeneration(), units);
        BackupManifest manifest = new BackupManifest(listing, writeFiles(snapshot, listing));
        directory.write(manifest);
        return manifest;
    }

    private BackupListing listing(Snapshot snapshot, long generation, List<BackupUnit> units) {
        return new BackupListing(
                generation,
                store.log().store(),
                store.device(),
                store.environment().now(),
                options.level(),
                form.sealing().map(UnitForm.Sealing::listed),
                snapshot.end().number(),
                snapshot.state().vaults().size(),
                snapshot.state().records(),
                snapshot.state().digest().toBytes(),
                units);
    }

    /** A backup that lacks what the log has lost would pass for whole. */
    private static void requireWhole(List<LogPin.Segment> segments, Position end) {
        long reached = 0;
        for (LogPin.Segment segment : segments) {
            if (segment.info().first().number() != reached + 1) {
                throw damaged("no segment holds position " + (reached + 1));
            }
            reached = segment.info().last().number();
        }
        if (reached != end.number()) {
            throw damaged("no segment holds position " + (reached + 1));
        }
    }

    private static LoamException damaged(String what) {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the log is damaged, and a backup would lack what it has lost: "
                        + what
                        + ". Earlier generations stay as they are; run `loam verify`");
    }

    private BackupUnit write(LogPin pin, LogPin.Segment segment, long before, long total) {
        StoreId id = store.log().store();
        PositionSpan span =
                new PositionSpan(segment.info().first().number(), segment.info().last().number());
        BackupUnit.Form made =
                segment.info().compacted() ? BackupUnit.Form.COMPACTED : BackupUnit.Form.APPENDED;
        BackupUnit.Origin origin = new BackupUnit.Origin.Segment(span, made, segment.chain());
        Path temporary = directory.units().resolve(WRITING);
        try (UnitWriter writer = new UnitWriter(files, temporary, form.head(origin, id), form);
                LogReader reader = pin.read(segment.info().number())) {
            while (reader.hasNext()) {
                writer.add(item(reader.next()));
                long within = Math.min(writer.rawBytes(), segment.info().bytes());
                progress.at(before + within, total);
            }
            return finish(writer, origin, temporary);
        }
    }

    private static UnitItem item(LogItem item) {
        return switch (item) {
            case LogItem.Entry(Position _, Bytes payload) ->
                    new UnitItem(UnitItem.Kind.BATCH, 1, payload);
            case LogItem.Pack(Position _, int count, Bytes payload) ->
                    new UnitItem(UnitItem.Kind.PACK, count, payload);
            case LogItem.States(long _, long _, Bytes payload) ->
                    new UnitItem(UnitItem.Kind.STATES, 0, payload);
            case LogItem.LostStates(String what) -> throw damaged(what);
            case LogItem.Damage(Position first, Position last, String what) ->
                    throw damaged("positions " + first + " to " + last + ": " + what);
        };
    }

    private BackupUnit writeFiles(Snapshot snapshot, BackupListing listing) {
        Path temporary = directory.units().resolve(WRITING);
        BackupUnit.Origin origin = new BackupUnit.Origin.Files(BackupManifest.hash(listing));
        UnitHead head = form.head(origin, store.log().store());
        try (UnitWriter writer = new UnitWriter(files, temporary, head, form)) {
            for (String model : snapshot.models()) {
                writer.add(new UnitItem(UnitItem.Kind.MODEL, 0, Bytes.ofUtf8(model)));
            }
            KeptFiles.addTo(writer, snapshot.files());
            return finish(writer, origin, temporary);
        }
    }

    /** Else the index of what is restored would have to be made a second time; a task's. */
    private Set<String> wantedModels() {
        return store.index()
                .committed()
                .map(IndexCheckpoint::engineState)
                .<Set<String>>map(state -> Checkpoint.decode(state).wanted())
                .orElseGet(TreeSet::new);
    }

    private BackupUnit finish(UnitWriter writer, BackupUnit.Origin origin, Path temporary) {
        BackupUnit unit = new BackupUnit(store.log().store(), origin, writer.end());
        try {
            files.move(temporary, directory.unit(unit));
        } catch (IOException refused) {
            throw BackupFiles.writing(temporary, refused);
        }
        unitsWritten++;
        bytesWritten += unit.size().bytes();
        return unit;
    }
}
