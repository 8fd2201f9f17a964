package dev.loam.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to Lucene. While loading, a large portion is divided between the caller's thread
 * and a second one: to take texts apart and invert them is most of the work of an index, and no
 * record is twice in a portion. At other times it is not, because each thread makes a segment of
 * its own, and a search pays for each segment. For one thread.
 */
final class DocumentWriter {
    /** Fewer are not worth a thread. */
    private static final int SHARED_MIN = 512;

    /** Of the states that wait: what is projected out of them takes several times as much. */
    private static final long WAITING_BYTES_MAX = 8L << 20;

    private record Waiting(SessionWindows.Turn turn, List<String> before, boolean indexed) {}

    private final LuceneIndex index;
    private final DocumentMapper own = new DocumentMapper();
    private final DocumentMapper second = new DocumentMapper();
    private final List<Waiting> portion = new ArrayList<>();
    private long bytes;

    DocumentWriter(LuceneIndex index) {
        this.index = index;
    }

    /** Has it written by the end of {@link #finish} at the latest. */
    void add(SessionWindows.Turn turn, List<String> before, boolean indexed) throws IOException {
        portion.add(new Waiting(turn, before, indexed));
        bytes += turn.state().size();
        if (bytes >= WAITING_BYTES_MAX) {
            finish();
        }
    }

    void finish() throws IOException {
        if (portion.size() < SHARED_MIN || !index.isLoading()) {
            write(portion, own);
        } else {
            int middle = portion.size() / 2;
            Half half = new Half(portion.subList(0, middle));
            half.thread.start();
            try {
                write(portion.subList(middle, portion.size()), own);
            } finally {
                half.await();
            }
            half.rethrow();
        }
        portion.clear();
        bytes = 0;
    }

    private void write(List<Waiting> records, DocumentMapper mapper) throws IOException {
        for (Waiting record : records) {
            SessionWindows.Turn turn = record.turn();
            Document document =
                    mapper.document(turn.id(), turn.state(), turn.projection(), record.before());
            if (record.indexed()) {
                index.replace(new BytesRef(turn.id().toBytes().toArray()), document);
            } else {
                index.add(document);
            }
        }
    }

    /** What the second thread does. */
    private final class Half implements Runnable {
        private final List<Waiting> records;
        private final Thread thread;

        // Read after the thread has ended.
        private @Nullable Throwable failure;

        Half(List<Waiting> records) {
            this.records = records;
            this.thread = Thread.ofPlatform().name("loam-index-second").daemon().unstarted(this);
        }

        @Override
        public void run() {
            try {
                write(records, second);
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }

        void await() {
            try {
                thread.join();
            } catch (InterruptedException foreign) {
                throw new AssertionError("nothing interrupts the follower", foreign);
            }
        }

        void rethrow() throws IOException {
            switch (failure) {
                case IOException known -> throw known;
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                case null, default -> {}
            }
        }
    }
}
