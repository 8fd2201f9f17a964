package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** One batch, one byte string. */
class BatchCodecPropertyTest {
    @Provide
    Arbitrary<Batch> batches() {
        return AnyBatch.batches();
    }

    @Provide
    Arbitrary<History> histories() {
        return History.histories();
    }

    @Property
    void decodingGivesBackWhatWasEncoded(@ForAll("batches") Batch batch) {
        Bytes encoded = BatchCodec.encode(batch);

        assertThat(BatchCodec.decode(encoded)).isEqualTo(batch);
        assertThat(BatchCodec.encode(BatchCodec.decode(encoded))).isEqualTo(encoded);
    }

    @Property(tries = 100)
    void aBatchThatEndsTooEarlyIsRefused(@ForAll("batches") Batch batch) {
        Bytes encoded = BatchCodec.encode(batch);
        for (int end = 0; end < encoded.size(); end++) {
            assertThat(refusal(encoded.slice(0, end))).contains(ErrorCode.CORRUPT);
        }
    }

    @Property
    void aChangedByteIsRefusedOrMakesAnotherCanonicalBatch(
            @ForAll("batches") Batch batch,
            @ForAll int place,
            @ForAll @IntRange(min = 1, max = 255) int mask) {
        byte[] changed = BatchCodec.encode(batch).toArray();
        changed[Math.floorMod(place, changed.length)] ^= (byte) mask;
        Bytes bytes = Bytes.adopt(changed);

        Optional<ErrorCode> refusal = refusal(bytes);
        if (refusal.isPresent()) {
            assertThat(refusal.get()).isIn(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
        } else {
            assertThat(BatchCodec.encode(BatchCodec.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Property
    void arbitraryBytesAreRefused(@ForAll byte[] bytes) {
        assertThat(refusal(Bytes.copyOf(bytes))).isPresent();
    }

    @Property(tries = 100)
    void aChangedByteOfARecordsStateIsRefusedOrMakesAnotherCanonicalState(
            @ForAll("histories") History history,
            @ForAll int place,
            @ForAll @IntRange(min = 1, max = 255) int mask) {
        for (RecordState state : history.play().getFirst().records().values()) {
            assertThat(RecordState.reread(state.encode())).isEqualTo(state);
            byte[] changed = state.encode().toArray();
            changed[Math.floorMod(place, changed.length)] ^= (byte) mask;
            Bytes bytes = Bytes.adopt(changed);
            try {
                assertThat(RecordState.decode(bytes).encode()).isEqualTo(bytes);
            } catch (LoamException refused) {
                assertThat(refused.code()).isIn(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
            }
        }
    }

    private static Optional<ErrorCode> refusal(Bytes bytes) {
        try {
            BatchCodec.decode(bytes);
            return Optional.empty();
        } catch (LoamException refused) {
            return Optional.of(refused.code());
        }
    }
}
