package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What peers send each other: a frame has one form. */
public final class FuzzFrames implements FuzzTarget {
    private static final List<String> BLOCKS =
            List.of(
                    "HELLO",
                    "HELLO SETTLED",
                    "PLAN",
                    "BATCHES",
                    "DURABLE",
                    "PARKED",
                    "CREDIT",
                    "PING",
                    "PAUSE",
                    "DIGESTS",
                    "RECORDS",
                    "MANIFEST",
                    "NEED",
                    "CHUNK",
                    "END");

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String block : BLOCKS) {
            seeds.add(FormatPages.bytes("sync.md", block));
        }
        return seeds;
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.CORRUPT);
    }

    @Override
    public void run(byte[] input) {
        Bytes bytes = Bytes.copyOf(input);
        Frame frame = FrameCodec.decode(bytes);
        assertThat(FrameCodec.tryDecode(bytes)).contains(frame);
        // Of another version's greeting nothing but the version is kept.
        if (!(frame instanceof Frame.ForeignHello)) {
            assertThat(FrameCodec.encode(frame)).isEqualTo(bytes);
        }
    }
}
