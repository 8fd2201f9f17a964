package dev.loam.sync;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.List;

/** The frames that concern snapshots as bytes. */
final class SnapshotFrames {
    static final int MANIFEST = 12;
    static final int NEED = 13;
    static final int CHUNK = 14;

    private SnapshotFrames() {}

    static void write(ByteWriter out, Frame.OfSnapshot frame) {
        switch (frame) {
            case Frame.Manifest(var vault, int chunks, long bytes, Bytes head) ->
                    out.u8(MANIFEST).raw(vault.bytes()).varint(chunks).varint(bytes).bytes(head);
            case Frame.Need(var vault, List<Integer> chunks) -> {
                out.u8(NEED).raw(vault.bytes()).varint(chunks.size());
                int next = 0;
                for (int chunk : chunks) {
                    out.varint(chunk - next);
                    next = chunk + 1;
                }
            }
            case Frame.Chunk(var vault, int index, Bytes content) ->
                    out.u8(CHUNK).raw(vault.bytes()).varint(index).bytes(content);
        }
    }

    static Frame readManifest(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        int chunks = (int) FrameFields.positive(in, Frame.Manifest.CHUNKS_MAX);
        long bytes = FrameFields.positive(in, Amount.MAX);
        Bytes head = in.bytes();
        if (head.size() > Frame.Manifest.HEAD_BYTES_MAX) {
            throw in.corrupt("its head is too long");
        }
        return new Frame.Manifest(vault, chunks, bytes, head);
    }

    static Frame readNeed(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        int count = in.count(1);
        List<Integer> chunks = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < count; i++) {
            int chunk = next + (int) FrameFields.upTo(in, Frame.Manifest.CHUNKS_MAX);
            if (chunk >= Frame.Manifest.CHUNKS_MAX) {
                throw in.corrupt("a chunk's number is out of its range");
            }
            chunks.add(chunk);
            next = chunk + 1;
        }
        return new Frame.Need(vault, chunks);
    }

    static Frame readChunk(ByteReader in) {
        VaultId vault = new VaultId(in.raw(VaultId.SIZE));
        int index = (int) FrameFields.upTo(in, Frame.Manifest.CHUNKS_MAX - 1);
        return new Frame.Chunk(vault, index, in.bytes());
    }
}
