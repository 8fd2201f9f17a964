package dev.loam.index;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Carries what is pending to Lucene. Runs in a thread of its own until the table ends it. */
final class Follower implements Runnable {
    /** Bounds what is projected at one time. */
    private static final int CHUNK_RECORDS_MAX = Pace.LOADING.records();

    private final PendingTable table;
    private final LuceneIndex index;
    private final Projector projector;
    private final DocumentWriter writer;

    Follower(PendingTable table, LuceneIndex index, Projector projector) {
        this.table = table;
        this.index = index;
        this.projector = projector;
        this.writer = new DocumentWriter(index);
    }

    @Override
    public void run() {
        try {
            Optional<Section> section = table.take();
            while (section.isPresent()) {
                carry(section.get());
                section = table.take();
            }
        } catch (Throwable failure) {
            table.fail(failure);
        }
    }

    private void carry(Section section) throws IOException {
        List<PendingRecord> records = Generation.mergeAll(section.generations());
        OpenReader published = table.view().reader();
        OpenReader reader = published;
        for (int from = 0; from < records.size(); from += CHUNK_RECORDS_MAX) {
            int to = Math.min(records.size(), from + CHUNK_RECORDS_MAX);
            SessionWindows.carry(
                    records.subList(from, to), reader.lucene(), projector, writer::add);
            writer.finish();
            OpenReader next = index.reopen(reader);
            if (reader != published && reader != next) {
                reader.release();
            }
            reader = next;
        }
        if (section.expunges()) {
            index.expunge();
            OpenReader next = index.reopen(reader);
            if (reader != published && reader != next) {
                reader.release();
            }
            reader = next;
        }
        table.carried(reader);
        Optional<IndexCheckpoint> checkpoint = section.checkpoint();
        if (checkpoint.isPresent()) {
            index.commit(checkpoint.get());
            table.committed(section);
        }
    }
}
