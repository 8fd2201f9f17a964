package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.log.OpLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds a store from one generation of a backup, in a directory that counts for nothing yet. All
 * that is read is compared with the manifest, the log is replayed into an index, and what comes of
 * that with what the store was.
 */
final class RestoreRun {
    private final BackupDirectory directory;
    private final BackupManifest manifest;
    private final BackupKeys keys;
    private final LoamOptions options;
    private final Progress progress;
    private final Environment environment;
    private final long rawBytes;
    private final TreeSet<String> models = new TreeSet<>();

    RestoreRun(
            BackupDirectory directory,
            BackupManifest manifest,
            BackupKeys keys,
            LoamOptions options,
            Progress progress) {
        this.directory = directory;
        this.manifest = manifest;
        this.keys = keys;
        this.options = options;
        this.progress = progress;
        this.environment = new Environment(options.clock());
        this.rawBytes = manifest.units().stream().mapToLong(unit -> unit.size().rawBytes()).sum();
    }

    /** Bytes that the log will take at least. */
    long logBytes() {
        return rawBytes;
    }

    /**
     * @param store an empty directory
     * @throws LoamException {@code CORRUPT}, {@code TAMPERED}, {@code FORMAT_VERSION}, {@code
     *     DISK_FULL}, {@code IO_FAILED}: what is there then is of no use
     */
    void build(Path store) {
        try {
            StoreFolder folder =
                    new StoreOpening(store, options, environment)
                            .open(
                                    (path, standard) ->
                                            OpLog.open(path, standard.forcesGroups(false)),
                                    this::build);
            folder.keys().ifPresent(StoreKeys::close);
        } catch (LoamException refused) {
            throw BackupFiles.writing(store, refused);
        }
    }

    private StoreFolder build(StoreFolder folder, OpLog log) {
        restoreFiles(folder);
        restoreLog(log);
        buildIndex(folder, log);
        recordRestored(folder, log);
        log.close();
        return folder;
    }

    private void recordRestored(StoreFolder folder, OpLog log) {
        DeviceIdentity device = new DeviceFile(folder).read().orElseThrow();
        try (AuditTrail trail =
                new AuditTrail(
                        folder, log.store(), environment, device, () -> log.end().number())) {
            trail.record(new AuditEvent.Restored(BackupInfo.of(manifest).id()));
        }
    }

    private void restoreLog(OpLog log) {
        RestoredLog restored = new RestoredLog(log);
        long before = 0;
        for (BackupUnit unit : manifest.listing().segments()) {
            try (UnitReader reader = new UnitReader(directory.unit(unit), unit, keys)) {
                long done = before;
                restored.take(
                        reader,
                        (BackupUnit.Origin.Segment) unit.origin(),
                        unit.size(),
                        () -> progress.at(done + reader.rawBytes(), 2 * rawBytes));
            }
            before += unit.size().rawBytes();
        }
        log.force();
        if (log.end().number() != manifest.listing().position()) {
            throw differs("its log ends at " + log.end());
        }
    }

    private void buildIndex(StoreFolder store, OpLog log) {
        IndexBuild build = new IndexBuild(store, log, new MemoryLayout(models));
        Recovery recovery =
                build.run(
                        (done, total) ->
                                progress.at(rawBytes + scaled(done, total, rawBytes), 2 * rawBytes),
                        Recovery.COMMIT_EVERY);
        BackupListing listing = manifest.listing();
        if (!recovery.state().digest().toBytes().equals(listing.digest())) {
            throw differs("its state has the digest " + recovery.state().digest().toHex());
        }
        if (recovery.state().records() != listing.records()
                || recovery.state().vaults().size() != listing.vaults()) {
            throw differs("it has " + recovery.state().records() + " records");
        }
        build.moveTo(store.resolve("index"));
    }

    private static long scaled(long done, long total, long to) {
        return total == 0 ? to : (long) ((double) done / total * to);
    }

    private static LoamException differs(String what) {
        return new LoamException(
                ErrorCode.CORRUPT,
                "what comes of the backup is not what was backed up: "
                        + what
                        + ". Nothing was restored; restore another generation");
    }

    /** One file of the store that is being read. */
    private static final class Content {
        private final String name;
        private final List<String> lines = new ArrayList<>();
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();

        private Content(String name) {
            this.name = name;
        }

        private void add(UnitItem item) {
            part.writeBytes(item.payload().toArray());
            if (item.count() != KeptFiles.GOES_ON) {
                lines.add(part.toString(StandardCharsets.UTF_8));
                part.reset();
            }
        }
    }

    private void restoreFiles(StoreFolder store) {
        BackupUnit unit = manifest.files();

        @Nullable Content content = null;
        try (UnitReader reader = new UnitReader(directory.unit(unit), unit, keys)) {
            for (Optional<UnitItem> next = reader.next(); next.isPresent(); next = reader.next()) {
                UnitItem item = next.get();
                switch (item.kind()) {
                    case MODEL -> models.add(item.payload().toUtf8());
                    case FILE -> {
                        write(store, content);
                        content = new Content(item.payload().toUtf8());
                    }
                    case LINE -> {
                        if (content == null) {
                            throw differs("a line of it belongs to no file");
                        }
                        content.add(item);
                    }
                    case BATCH, PACK, STATES, END ->
                            throw differs("something of its log lies among its files");
                }
            }
        }
        write(store, content);

        requireDevice(store);
    }

    private static void write(StoreFolder store, @Nullable Content content) {
        if (content != null) {
            KeptFiles.write(store, content.name, content.lines);
        }
    }

    private void requireDevice(StoreFolder store) {
        boolean isSame =
                new DeviceFile(store)
                        .read()
                        .filter(identity -> identity.id().equals(manifest.listing().device()))
                        .isPresent();
        if (!isSame) {
            throw differs("it is of another device");
        }
    }
}
