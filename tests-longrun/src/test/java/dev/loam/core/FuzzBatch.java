package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Batches and states: what is read is written again as the same bytes. */
public final class FuzzBatch implements FuzzTarget {
    @Override
    public List<byte[]> seeds() throws IOException {
        return List.of(
                FormatPages.bytes("batch.md", "batch"),
                FormatPages.bytes("batch.md", "kinds"),
                FormatPages.bytes("batch.md", "cut"),
                FormatPages.bytes("batch.md", "record"),
                FormatPages.bytes("batch.md", "vault"),
                SettledContexts.NONE.encode().toArray());
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.LIMIT_EXCEEDED,
                ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) {
        Bytes encoded = Bytes.copyOf(input);
        canonical(encoded, each -> RecordState.decode(each).encode());
        canonical(encoded, each -> VaultState.decode(each).encode());
        canonical(encoded, each -> SettledContexts.decode(each).encode());
        canonical(
                encoded,
                each -> {
                    Batch batch = BatchCodec.decode(each);
                    return batch.form() instanceof Batch.Cut ? each : BatchCodec.encode(batch);
                });
    }

    private void canonical(Bytes encoded, UnaryOperator<Bytes> again) {
        try {
            assertThat(again.apply(encoded)).isEqualTo(encoded);
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }
}
