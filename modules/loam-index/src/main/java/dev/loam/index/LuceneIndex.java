package dev.loam.index;

import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.util.BytesRef;

/**
 * The Lucene index in a directory, open for writing. All but {@link #open} is the follower's; the
 * directory is ours alone, and what is in it is thrown away on any doubt.
 */
final class LuceneIndex {
    private static final double BUFFER_MEGABYTES = 32;
    private static final double SEGMENTS_PER_TIER = 8;
    private static final double SEGMENTS_PER_TIER_LOADING = 16;
    private static final double FLOOR_SEGMENT_MEGABYTES = 2;
    private static final double SEGMENT_MEGABYTES_MAX = 1_024;
    private static final double DELETES_PERCENT_MAX = 20;

    /**
     * Up to there what a merge makes is three files, as what a flush makes is, instead of twenty,
     * each of which a commit forces. A larger one is merged too seldom to be worth the copy.
     */
    private static final double COMPOUND_SEGMENT_MEGABYTES_MAX = 8;

    private final StoreId store;
    private final FreshFilesDirectory directory;
    private final IndexWriter writer;
    private final Merges merges;
    private final Optional<IndexCheckpoint> committed;
    private final StatisticsCache statistics = new StatisticsCache();
    private final OpenReader firstReader;

    private volatile boolean isLoading;

    private LuceneIndex(
            StoreId store,
            FreshFilesDirectory directory,
            IndexWriter writer,
            Merges merges,
            Optional<IndexCheckpoint> committed)
            throws IOException {
        this.store = store;
        this.directory = directory;
        this.writer = writer;
        this.merges = merges;
        this.firstReader = new OpenReader(DirectoryReader.open(writer), statistics);
        this.committed = committed;
    }

    static LuceneIndex open(IndexFiles files, StoreId store) throws IOException {
        files.makeDirectory();
        Optional<LuceneIndex> existing = openExisting(files, store);
        if (existing.isPresent()) {
            return existing.get();
        }
        try (Directory directory = files.open();
                Lock lock = files.lock(directory)) {
            files.empty();
            lock.ensureValid();
        }
        return openWriter(files, store, Optional.empty());
    }

    /** The commit there; empty if there is none or it cannot be read. */
    static Optional<IndexCheckpoint> peek(IndexFiles files, Optional<StoreId> store) {
        if (!files.isDirectory()) {
            return Optional.empty();
        }
        try (Directory directory = files.open()) {
            return CommitData.peek(directory, store);
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Empty if there is nothing to go on from, for whatever reason. */
    private static Optional<LuceneIndex> openExisting(IndexFiles files, StoreId store)
            throws IOException {
        try {
            Optional<IndexCheckpoint> commit;
            try (Directory directory = files.open();
                    Lock lock = files.lock(directory)) {
                commit = CommitData.verify(directory, store);
                lock.ensureValid();
            }
            return commit.isEmpty()
                    ? Optional.empty()
                    : Optional.of(openWriter(files, store, commit));
        } catch (AccessDeniedException | LoamException notDamage) {
            throw notDamage;
        } catch (IOException | RuntimeException | OutOfMemoryError doubtful) {
            // Out of memory: a damaged length can ask for any amount before its checksum is read.
            return Optional.empty();
        }
    }

    private static LuceneIndex openWriter(
            IndexFiles files, StoreId store, Optional<IndexCheckpoint> commit) throws IOException {
        FreshFilesDirectory directory = new FreshFilesDirectory(files.open());
        try {
            return commit.isPresent()
                    ? goOn(store, directory, commit)
                    : started(store, directory, config().setOpenMode(OpenMode.CREATE), commit);
        } catch (IOException | RuntimeException failure) {
            directory.close();
            throw failure;
        }
    }

    /**
     * The writer takes its readers from one that is open: no file is opened, or decrypted, twice.
     */
    private static LuceneIndex goOn(
            StoreId store, FreshFilesDirectory directory, Optional<IndexCheckpoint> commit)
            throws IOException {
        try (DirectoryReader latest = DirectoryReader.open(directory)) {
            IndexWriterConfig config =
                    config().setOpenMode(OpenMode.APPEND).setIndexCommit(latest.getIndexCommit());
            return started(store, directory, config, commit);
        }
    }

    private static LuceneIndex started(
            StoreId store,
            FreshFilesDirectory directory,
            IndexWriterConfig config,
            Optional<IndexCheckpoint> commit)
            throws IOException {
        Merges merges = new Merges();
        IndexWriter writer = new IndexWriter(directory, config.setMergeScheduler(merges));
        try {
            return new LuceneIndex(store, directory, writer, merges, commit);
        } catch (IOException | RuntimeException failure) {
            writer.rollback();
            throw failure;
        }
    }

    private static IndexWriterConfig config() {
        return new IndexWriterConfig(new EnglishAnalyzer())
                .setSimilarity(WordSearch.SIMILARITY)
                .setCodec(IndexCodec.create())
                .setMergePolicy(mergePolicy(SEGMENTS_PER_TIER))
                .setUseCompoundFile(true)
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                // A refresh waits for no merge; else it may take half a second.
                .setMaxFullFlushMergeWaitMillis(0)
                .setCommitOnClose(false);
    }

    private static MergePolicy mergePolicy(double segmentsPerTier) {
        TieredMergePolicy policy = new TieredMergePolicy();
        policy.setSegmentsPerTier(segmentsPerTier);
        policy.setFloorSegmentMB(FLOOR_SEGMENT_MEGABYTES);
        policy.setMaxMergedSegmentMB(SEGMENT_MEGABYTES_MAX);
        policy.setDeletesPctAllowed(DELETES_PERCENT_MAX);
        policy.setForceMergeDeletesPctAllowed(0);
        policy.setNoCFSRatio(1);
        policy.setMaxCFSSegmentSizeMB(COMPOUND_SEGMENT_MEGABYTES_MAX);
        return policy;
    }

    /** Whether much is being applied and nobody searches. Any thread. */
    boolean isLoading() {
        return isLoading;
    }

    /** Merges less often, and keeps no files in memory, while nobody searches. Any thread. */
    void setLoading(boolean loading) {
        isLoading = loading;
        directory.setLoading(loading);
        writer.getConfig()
                .setMergePolicy(
                        mergePolicy(loading ? SEGMENTS_PER_TIER_LOADING : SEGMENTS_PER_TIER))
                .setUseCompoundFile(!loading);
    }

    Optional<IndexCheckpoint> committed() {
        return committed;
    }

    /** Of what was there at the opening; the caller's to release. */
    OpenReader firstReader() {
        return firstReader;
    }

    /** A reader of all that was written; {@code before} itself if nothing was. */
    OpenReader reopen(OpenReader before) throws IOException {
        DirectoryReader changed = DirectoryReader.openIfChanged(before.lucene(), writer);
        return changed == null ? before : new OpenReader(changed, statistics);
    }

    void add(Document document) throws IOException {
        writer.addDocument(document);
    }

    void replace(BytesRef id, Document document) throws IOException {
        writer.updateDocument(new Term(Fields.ID, id), document);
    }

    /**
     * Rewrites all segments that hold documents which were replaced. They go from the disk with the
     * next commit, or with the last reader of them.
     */
    void expunge() throws IOException {
        // It passes over what is being merged already, which may be going on for a while.
        while (writer.hasDeletions()) {
            merges.sync();
            writer.forceMergeDeletes(true);
        }
    }

    /** Makes durable what was written, under that checkpoint. */
    void commit(IndexCheckpoint checkpoint) throws IOException {
        CommitData.write(writer, store, checkpoint);
        writer.commit();
    }

    /** Gives up what is not committed, without waiting for merges. */
    void close() throws IOException {
        try (directory) {
            writer.rollback();
        }
    }
}
