package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Frames and offsets, for contents that nobody thought of. */
class FormatPropertyTest {
    private static final SegmentName NAME =
            new SegmentName(18, Bytes.fromHex("101112131415161718191a1b1c1d1e1f"));

    @Property(tries = 1_000)
    void frameReadsAsItWasWritten(
            @ForAll byte[] payload,
            @ForAll @LongRange(min = 1) long position,
            @ForAll @IntRange int unforced,
            @ForAll @Size(16) byte[] id) {
        FrameCodec codec = new FrameCodec(new SegmentName(3, Bytes.copyOf(id)));
        byte[] frame = codec.encode(Frame.BATCH, position, 1, unforced, Bytes.copyOf(payload));
        assertThat(FrameCodec.claimedBytes(frame, 0)).isEqualTo(frame.length);
        assertThat(codec.decode(frame, 0))
                .isEqualTo(new Frame(Frame.BATCH, 0, position, 1, unforced, 0, payload.length));
        id[0]++;
        SegmentName other = new SegmentName(3, Bytes.copyOf(id));
        assertThat(new FrameCodec(other).decode(frame, 0)).isNull();
    }

    @Property(tries = 200)
    void anyChangedBitOfAFrameIsSeen(@ForAll byte[] payload, @ForAll @IntRange int bit) {
        FrameCodec codec = new FrameCodec(NAME);
        byte[] frame = codec.encode(Frame.BATCH, 7, 1, 0, Bytes.copyOf(payload));
        int changed = bit % (frame.length * 8);
        frame[changed / 8] ^= (byte) (1 << changed % 8);
        if (FrameCodec.claimedBytes(frame, 0) == frame.length) {
            assertThat(codec.decode(frame, 0)).isNull();
        } else {
            assertThat(changed / 8)
                    .satisfiesAnyOf(
                            b -> assertThat(b).isLessThan(4), b -> assertThat(b).isBetween(32, 35));
        }
    }

    @Property(tries = 200)
    void offsetsLeadToTheNearestKnownPositionBefore(
            @ForAll @LongRange(min = 1, max = 1L << 40) long first,
            @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 90) Integer> steps) {
        PositionOffsets offsets = PositionOffsets.empty(first);
        long position = first;
        for (int step : steps) {
            offsets = offsets.with(position, position * 10);
            position += step;
        }
        for (long sought = first; sought < position; sought++) {
            long found = offsets.positionBefore(sought);
            assertThat(found).isBetween(first, sought);
            if (offsets.before(sought) != 0) {
                assertThat(offsets.before(sought)).isEqualTo(found * 10);
            } else {
                assertThat(found).isEqualTo(first);
            }
        }
    }

    @Example
    void positionsBeyondAllAreSoughtFromTheLastKnownOne() {
        PositionOffsets offsets = PositionOffsets.empty(5).with(5, 100).with(69, 200);
        assertThat(offsets.before(1_000_000)).isEqualTo(200);
        assertThat(PositionOffsets.empty(5).before(70)).isZero();
    }
}
