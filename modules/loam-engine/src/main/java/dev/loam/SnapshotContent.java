package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.index.StoredRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the chunks of a snapshot hold one after the other: blocks of records, then blocks of
 * batches, each as a compaction writes them. The bytes are described in docs/formats/snapshot.md.
 */
final class SnapshotContent {
    private static final int RECORDS = 1;
    private static final int BATCHES = 2;

    /** Before each block: kind, how many things it holds, and its length. */
    static final int HEADER_BYTES = 9;

    private SnapshotContent() {}

    /** Writes the content into chunks. */
    static final class Writer {
        private static final int BLOCK_BYTES = 128 << 10;

        private final SnapshotFiles files;
        private final List<Bytes> hashes = new ArrayList<>();
        private final List<StoredRecord> records = new ArrayList<>();
        private final Pack pack = new Pack();
        private ByteWriter chunk = new ByteWriter();
        private long recordBytes;
        private long bytes;
        private int batches;

        Writer(SnapshotFiles files) {
            this.files = files;
        }

        /** Before any batch. */
        void add(StoredRecord record) {
            records.add(record);
            recordBytes += record.state().size();
            if (recordBytes >= BLOCK_BYTES) {
                flushRecords();
            }
        }

        void add(LogEntry batch) {
            flushRecords();
            pack.keep(batch.encode());
            batches++;
            if (pack.isFull()) {
                flushBatches();
            }
        }

        void end() {
            flushRecords();
            flushBatches();
            if (chunk.size() > 0 || hashes.isEmpty()) {
                // An empty vault has no content, and a snapshot at least one chunk.
                if (chunk.size() == 0) {
                    block(RECORDS, 0, new States.Records(List.of()).encode());
                }
                endChunk();
            }
        }

        private void flushRecords() {
            if (!records.isEmpty()) {
                block(RECORDS, records.size(), new States.Records(records).encode());
                records.clear();
                recordBytes = 0;
            }
        }

        private void flushBatches() {
            if (pack.count() > 0) {
                int count = pack.count();
                block(BATCHES, count, pack.take());
            }
        }

        private void block(int kind, int count, Bytes content) {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            header.put((byte) kind).putInt(count).putInt(content.size());
            append(Bytes.adopt(header.array()));
            append(content);
        }

        private void append(Bytes content) {
            int from = 0;
            while (from < content.size()) {
                int room = SnapshotFiles.CHUNK_BYTES - chunk.size();
                int to = Math.min(content.size(), from + room);
                chunk.raw(content.slice(from, to));
                from = to;
                if (chunk.size() == SnapshotFiles.CHUNK_BYTES) {
                    endChunk();
                }
            }
        }

        private void endChunk() {
            bytes += chunk.size();
            hashes.add(files.keep(chunk.toBytes()));
            chunk = new ByteWriter();
        }

        List<Bytes> hashes() {
            return hashes;
        }

        long bytes() {
            return bytes;
        }

        int batches() {
            return batches;
        }
    }

    /** Reads it, block by block. */
    static void read(
            SnapshotFiles files,
            SnapshotHead head,
            Consumer<StoredRecord> record,
            Consumer<LogEntry> batch) {
        new Reader(files, head).run(record, batch);
    }

    private static final class Reader {
        private static final int BLOCK_BYTES_MAX = 16 << 20;

        private final SnapshotFiles files;
        private final List<Bytes> hashes;
        private Bytes chunk = Bytes.EMPTY;
        private int next;
        private int at;

        Reader(SnapshotFiles files, SnapshotHead head) {
            this.files = files;
            this.hashes = head.hashes();
        }

        void run(Consumer<StoredRecord> record, Consumer<LogEntry> batch) {
            boolean metBatches = false;
            while (!isAtEnd()) {
                ByteReader header = ByteReader.of("snapshot", take(HEADER_BYTES));
                int kind = header.u8();
                ByteBuffer numbers = header.raw(HEADER_BYTES - 1).asBuffer();
                int count = numbers.getInt();
                int size = numbers.getInt();
                if (size < 0 || size > BLOCK_BYTES_MAX || count < 0) {
                    throw corrupt("a block is too long");
                }
                Bytes block = take(size);
                if (kind == RECORDS && !metBatches) {
                    records(block).forEach(record);
                } else if (kind == BATCHES) {
                    metBatches = true;
                    for (Optional<Bytes> each : Pack.payloads(block, count)) {
                        batch.accept(
                                LogEntry.decode(
                                        each.orElseThrow(() -> corrupt("a batch is missing"))));
                    }
                } else {
                    throw corrupt("a block is of kind " + kind);
                }
            }
        }

        private static List<StoredRecord> records(Bytes block) {
            if (States.decode(block) instanceof States.Records(List<StoredRecord> records)) {
                return records;
            }
            throw corrupt("a block holds no records");
        }

        private boolean isAtEnd() {
            return at == chunk.size() && next == hashes.size();
        }

        private Bytes take(int size) {
            ByteWriter taken = new ByteWriter();
            while (taken.size() < size) {
                if (at == chunk.size()) {
                    if (next == hashes.size()) {
                        throw corrupt("it ends within a block");
                    }
                    chunk = files.read(hashes.get(next++));
                    at = 0;
                }
                int to = Math.min(chunk.size(), at + size - taken.size());
                taken.raw(chunk.slice(at, to));
                at = to;
            }
            return taken.toBytes();
        }

        private static LoamException corrupt(String why) {
            return new LoamException(ErrorCode.CORRUPT, "a snapshot cannot be read: " + why);
        }
    }
}
