package dev.loam.fuzz;

import dev.loam.FuzzAudit;
import dev.loam.FuzzBackup;
import dev.loam.FuzzEntries;
import dev.loam.FuzzSmallFiles;
import dev.loam.FuzzSnapshot;
import dev.loam.core.FuzzBatch;
import dev.loam.core.FuzzNames;
import dev.loam.crypto.FuzzKeyFile;
import dev.loam.crypto.FuzzKeyTable;
import dev.loam.crypto.FuzzKeyText;
import dev.loam.crypto.FuzzSealedStream;
import dev.loam.index.FuzzIndexFile;
import dev.loam.index.FuzzQuery;
import dev.loam.json.FuzzExport;
import dev.loam.json.FuzzImport;
import dev.loam.log.FuzzLogFiles;
import dev.loam.log.FuzzPlainLog;
import dev.loam.log.FuzzSealedLog;
import dev.loam.server.FuzzGreeting;
import dev.loam.sync.FuzzFrames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.Callable;

/** All targets by their names; what a target needs is made with it, and not with the others. */
final class FuzzTargets {
    private static final SequencedMap<String, Callable<FuzzTarget>> MAKERS = makers();

    private FuzzTargets() {}

    private static SequencedMap<String, Callable<FuzzTarget>> makers() {
        SequencedMap<String, Callable<FuzzTarget>> makers = new LinkedHashMap<>();
        makers.put("key-file", FuzzKeyFile::new);
        makers.put("key-table", FuzzKeyTable::new);
        makers.put("key-text", FuzzKeyText::new);
        makers.put("sealed-stream", FuzzSealedStream::new);
        makers.put("log", FuzzPlainLog::new);
        makers.put("sealed-log", FuzzSealedLog::new);
        makers.put("log-files", FuzzLogFiles::new);
        makers.put("index-file", FuzzIndexFile::new);
        makers.put("batch", FuzzBatch::new);
        makers.put("names", FuzzNames::new);
        makers.put("query", FuzzQuery::new);
        makers.put("sync-frames", FuzzFrames::new);
        makers.put("greeting", FuzzGreeting::new);
        makers.put("export", FuzzExport::new);
        makers.put("import", FuzzImport::new);
        makers.put("log-entries", FuzzEntries::new);
        makers.put("small-files", FuzzSmallFiles::new);
        makers.put("snapshot", FuzzSnapshot::new);
        makers.put("backup", FuzzBackup::new);
        makers.put("audit", FuzzAudit::new);
        return makers;
    }

    /** In the order in which they are run. */
    static List<String> names() {
        return List.copyOf(MAKERS.keySet());
    }

    /**
     * A new one.
     *
     * @param name one of {@link #names}
     */
    static FuzzTarget named(String name) throws Exception {
        return Objects.requireNonNull(MAKERS.get(name), name).call();
    }
}
