package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.util.Optional;

/** A sealed log: nothing that was altered is ever given as what was there. */
public final class FuzzSealedLog extends FuzzLog {
    private final TestSealing sealing = new TestSealing();
    private final byte[] written;

    public FuzzSealedLog() throws IOException {
        try (LogSealing.Sealer sealer = sealing.begin(NAME.id())) {
            written = file(frames(Optional.of(sealer)));
        }
    }

    @Override
    StoreId store() {
        return sealing.store();
    }

    @Override
    LogKeys keys() {
        return new LogKeys(Optional.of(sealing));
    }

    @Override
    LogOptions options() {
        return sealing.copy().with(LogFixture.OPTIONS);
    }

    @Override
    byte[] written() {
        return written;
    }

    @Override
    void check(Position position, Bytes payload) {
        assertThat(payload).isEqualTo(LogFixture.entry(position.number()));
    }
}
