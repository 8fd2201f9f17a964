package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.log.LogItem;
import dev.loam.sync.SyncEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What an open store has on its disk, as it is before it is deflated and sealed: the log, batches
 * that wait, snapshots that are made or taken, and what was set aside. Not the index; of a snapshot
 * of several chunks, whose order nothing tells here, only the blocks that a chunk begins with.
 */
final class PlainContent {
    private static final int WAITING_AT_ONCE = 1_000;

    private final Store store;

    PlainContent(Store store) {
        this.store = store;
    }

    void forEach(BiConsumer<String, Bytes> reader) {
        log(reader);
        waiting(reader);
        snapshots(reader);
        KeptFiles.read(store.folder())
                .forEach(
                        (name, lines) ->
                                reader.accept(name, Bytes.ofUtf8(String.join("\n", lines))));
    }

    private void log(BiConsumer<String, Bytes> reader) {
        try (LogWalk walk = LogWalk.after(store.log(), Position.START)) {
            while (walk.hasNext()) {
                switch (walk.next()) {
                    case LogItem.Entry(Position position, Bytes payload) ->
                            reader.accept("log entry " + position, payload);
                    case LogItem.States states ->
                            reader.accept(
                                    "compacted records " + states.ordinal(),
                                    Deflated.decode(states.payload()));
                    case LogItem.LostStates _, LogItem.Damage _ -> {
                        // There is nothing to be read of what is damaged.
                    }
                }
            }
        }
    }

    private void waiting(BiConsumer<String, Bytes> reader) {
        for (VaultId vault : store.waiting().vaults()) {
            for (WaitingArea.Run run : store.waiting().runs(vault)) {
                long next = run.first();
                while (next <= run.through()) {
                    List<SyncEntry> group = waiting(vault, run, next);
                    group.forEach(entry -> reader.accept("waiting batch", entry.batch()));
                    next = group.isEmpty() ? Long.MAX_VALUE : group.getLast().sequence() + 1;
                }
            }
        }
    }

    private List<SyncEntry> waiting(VaultId vault, WaitingArea.Run run, long from) {
        SortedMap<ActorId, Long> next = new TreeMap<>();
        next.put(run.actor(), from);
        return store.waiting().read(run.peer(), vault, next, WAITING_AT_ONCE);
    }

    private void snapshots(BiConsumer<String, Bytes> reader) {
        for (VaultId vault : store.state().vaults().keySet()) {
            SnapshotFiles.made(store.folder(), vault).forEach(chunk -> blocks(chunk, reader));
            SnapshotFiles.taken(store.folder(), vault).forEach(chunk -> blocks(chunk, reader));
        }
    }

    /** Those that a chunk has whole; the rest is shown as it is. */
    private static void blocks(Bytes chunk, BiConsumer<String, Bytes> reader) {
        int at = 0;
        while (at < chunk.size()) {
            long end = blockEnd(chunk, at);
            if (end > chunk.size()) {
                reader.accept("snapshot", chunk.slice(at, chunk.size()));
                return;
            }
            Bytes block = chunk.slice(at + SnapshotContent.HEADER_BYTES, (int) end);
            try {
                reader.accept("snapshot", Deflated.decode(block));
            } catch (LoamException notOne) {
                // A chunk that does not begin with a block.
                reader.accept("snapshot", chunk.slice(at, chunk.size()));
                return;
            }
            at = (int) end;
        }
    }

    private static long blockEnd(Bytes chunk, int at) {
        if (at + SnapshotContent.HEADER_BYTES > chunk.size()) {
            return Long.MAX_VALUE;
        }
        ByteBuffer header = chunk.slice(at, at + SnapshotContent.HEADER_BYTES).asBuffer();
        int size = header.getInt(Byte.BYTES + Integer.BYTES);
        return size < 0 ? Long.MAX_VALUE : (long) at + SnapshotContent.HEADER_BYTES + size;
    }
}
