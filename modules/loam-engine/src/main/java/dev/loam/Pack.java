package dev.loam;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.log.SegmentDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The payloads of several positions in one block: those that are kept, and for each that was let go
 * a length of 0. The bytes are described in docs/formats/compacted.md.
 */
final class Pack {
    /** A pack is closed when it holds so much. */
    private static final int RAW_BYTES = 64 << 10;

    private ByteWriter content = new ByteWriter();
    private int count;

    void keep(Bytes payload) {
        content.bytes(payload);
        count++;
    }

    void letGo() {
        content.varint(0);
        count++;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return content.size() >= RAW_BYTES || count >= SegmentDraft.PACK_MAX;
    }

    /** The block, after which this is empty again. */
    Bytes take() {
        Bytes block = Deflated.encode(content.toBytes());
        content = new ByteWriter();
        count = 0;
        return block;
    }

    /** Per position its payload, or nothing where it was let go. */
    static List<Optional<Bytes>> payloads(Bytes block, int count) {
        ByteReader reader = ByteReader.of("pack", Deflated.decode(block));
        if (count > reader.remaining()) {
            throw reader.corrupt("it cannot hold " + count + " payloads");
        }
        List<Optional<Bytes>> payloads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Bytes payload = reader.bytes();
            payloads.add(payload.size() == 0 ? Optional.empty() : Optional.of(payload));
        }
        reader.expectEnd();
        return payloads;
    }
}
