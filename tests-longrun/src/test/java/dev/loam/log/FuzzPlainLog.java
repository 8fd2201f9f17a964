package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import dev.loam.fuzz.FormatPages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log in the clear: who makes the sums right can write there what he likes. */
public final class FuzzPlainLog extends FuzzLog {
    private static final StoreId STORE =
            new StoreId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));

    public FuzzPlainLog() throws IOException {}

    @Override
    StoreId store() {
        return STORE;
    }

    @Override
    LogKeys keys() {
        return LogKeys.NONE;
    }

    @Override
    LogOptions options() {
        return LogFixture.OPTIONS;
    }

    @Override
    void check(Position position, Bytes payload) {
        // Nothing says what was there.
    }

    @Override
    byte[] written() {
        return file(frames(Optional.empty()));
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>(super.seeds());
        List<byte[]> ended = new ArrayList<>(frames(Optional.empty()));
        ended.add(FormatPages.bytes("log.md", "seal"));
        seeds.add(file(ended));
        byte[] compacted = file(compacted());
        compacted[0] = 3;
        seeds.add(compacted);
        return seeds;
    }

    private static List<byte[]> compacted() {
        FrameCodec codec = new FrameCodec(NAME);
        SegmentHead head = new SegmentHead(STORE, NAME, 1, SegmentChain.START, 1 << 20, 5);
        SegmentSeal seal =
                new SegmentSeal(3, 5, SegmentChain.START, Optional.of(SegmentChain.START));
        return List.of(
                codec.encode(Frame.HEAD, 1, 0, 0, head.encode()),
                codec.encode(Frame.STATES, 1, 0, 0, Bytes.ofUtf8("states")),
                codec.encode(Frame.PACK, 1, 5, 1, Bytes.ofUtf8("pack")),
                codec.encode(Frame.SEAL, 6, 0, 1, seal.encode()));
    }
}
