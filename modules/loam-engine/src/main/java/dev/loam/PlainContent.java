package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.log.LogItem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * What an open store has on its disk, as it is before it is deflated and sealed: the log, batches
 * that wait, snapshots that are made or taken, and what was set aside. Not the index.
 */
final class PlainContent {
    private static final int WAITING_AT_ONCE = 1_000;
    private static final int BLOCK_HEADER_BYTES = 9;

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
                SortedMap<ActorId, Long> from = new TreeMap<>();
                from.put(run.actor(), run.first());
                store.waiting()
                        .read(run.peer(), vault, from, WAITING_AT_ONCE)
                        .forEach(entry -> reader.accept("waiting batch", entry.batch()));
            }
        }
    }

    private void snapshots(BiConsumer<String, Bytes> reader) {
        for (VaultId vault : store.state().vaults().keySet()) {
            for (String kind : List.of("made-", "taken-")) {
                Path directory =
                        store.folder()
                                .resolve(SnapshotFiles.DIRECTORY)
                                .resolve(kind + vault.bytes().toHex());
                snapshot(directory, reader);
            }
        }
    }

    private void snapshot(Path directory, BiConsumer<String, Bytes> reader) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> chunks = Files.list(directory)) {
            for (Path chunk : chunks.toList()) {
                String name = chunk.getFileName().toString();
                store.folder()
                        .openedIfSound(name, Bytes.adopt(Files.readAllBytes(chunk)))
                        .ifPresent(content -> blocks(content, reader));
            }
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, directory + " cannot be read", failed);
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
            Bytes block = chunk.slice(at + BLOCK_HEADER_BYTES, (int) end);
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
        if (at + BLOCK_HEADER_BYTES > chunk.size()) {
            return Long.MAX_VALUE;
        }
        ByteBuffer header = chunk.slice(at, at + BLOCK_HEADER_BYTES).asBuffer();
        int size = header.getInt(Byte.BYTES + Integer.BYTES);
        return size < 0 ? Long.MAX_VALUE : (long) at + BLOCK_HEADER_BYTES + size;
    }
}
