package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.Version;

/** What a Lucene commit of ours says about itself, as strings. */
final class CommitData {
    /** Raised with each change of what is written; another one's index is built anew. */
    static final String SCHEMA = "3";

    /** The words a text becomes may change with Lucene's version. */
    static final String ANALYZER = "english/" + Version.LATEST;

    /**
     * How much of an index is read at open to verify checksums, smallest files first. Opening must
     * not cost what the store holds; within this bound any damage is found at once, beyond it what
     * Lucene's own checks and those of {@link StateColumn} find.
     */
    private static final long VERIFIED_BYTES_MAX = 64L << 20;

    private static final String STORE = "store";
    private static final String POSITION = "position";
    private static final String ENGINE = "engine";
    private static final String SCHEMA_KEY = "schema";
    private static final String ANALYZER_KEY = "analyzer";

    private CommitData() {}

    static void write(IndexWriter writer, StoreId store, IndexCheckpoint checkpoint) {
        Map<String, String> data = new TreeMap<>();
        data.put(STORE, store.toString());
        data.put(POSITION, checkpoint.position().toString());
        data.put(SCHEMA_KEY, SCHEMA);
        data.put(ANALYZER_KEY, ANALYZER);
        data.put(ENGINE, Base64.getEncoder().encodeToString(checkpoint.engineState().toArray()));
        writer.setLiveCommitData(data.entrySet());
    }

    /**
     * The checkpoint of the latest commit, whether or not this version can use its documents.
     *
     * @throws IOException or a RuntimeException if there is a commit and it cannot be read
     */
    static Optional<IndexCheckpoint> peek(Directory directory, Optional<StoreId> store)
            throws IOException {
        Optional<SegmentInfos> infos = read(directory);
        if (infos.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> data = infos.get().getUserData();
        String writtenFor = data.get(STORE);
        if (store.isPresent() && !store.get().toString().equals(writtenFor)) {
            return Optional.empty();
        }
        return Optional.of(checkpoint(data));
    }

    /**
     * The checkpoint of the latest commit if this version can go on from it; its files are verified
     * up to a bound. Those of a sealed index are not: a reader that opens them authenticates them,
     * every byte.
     *
     * @throws IOException or a RuntimeException if there is a commit and it is damaged
     */
    static Optional<IndexCheckpoint> verify(Directory directory, StoreId store) throws IOException {
        Optional<SegmentInfos> infos = read(directory);
        if (infos.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> data = infos.get().getUserData();
        if (!store.toString().equals(data.get(STORE))
                || !SCHEMA.equals(data.get(SCHEMA_KEY))
                || !ANALYZER.equals(data.get(ANALYZER_KEY))) {
            return Optional.empty();
        }
        if (!(directory instanceof SealedDirectory)) {
            verifyChecksums(directory, infos.get());
        }
        return Optional.of(checkpoint(data));
    }

    private static Optional<SegmentInfos> read(Directory directory) throws IOException {
        String name = SegmentInfos.getLastCommitSegmentsFileName(directory);
        if (name == null) {
            return Optional.empty();
        }
        // Before it is parsed: a damaged length in it could ask for any amount of memory.
        verifyChecksum(directory, name);
        return Optional.of(SegmentInfos.readCommit(directory, name));
    }

    private static IndexCheckpoint checkpoint(Map<String, String> data)
            throws CorruptIndexException {
        String position = data.get(POSITION);
        String engine = data.get(ENGINE);
        if (position == null || engine == null) {
            throw new CorruptIndexException("no checkpoint in the commit", "commit");
        }
        return new IndexCheckpoint(
                new Position(Long.parseLong(position)),
                Bytes.adopt(Base64.getDecoder().decode(engine)));
    }

    private static void verifyChecksums(Directory directory, SegmentInfos infos)
            throws IOException {
        record Sized(String name, long bytes) {}
        TreeMap<String, Sized> files = new TreeMap<>();
        for (String name : infos.files(false)) {
            files.put(name, new Sized(name, directory.fileLength(name)));
        }
        List<Sized> smallestFirst =
                files.values().stream().sorted(Comparator.comparingLong(Sized::bytes)).toList();
        long sum = 0;
        for (Sized file : smallestFirst) {
            sum += file.bytes();
            if (sum > VERIFIED_BYTES_MAX) {
                return;
            }
            verifyChecksum(directory, file.name());
        }
    }

    private static void verifyChecksum(Directory directory, String name) throws IOException {
        try (IndexInput input = directory.openInput(name, IOContext.READONCE)) {
            CodecUtil.checksumEntireFile(input);
        }
    }
}
