package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Sums;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The file {@code keys}. With a secret of the page's it opens as it stands on the page, or not. */
public final class FuzzKeyFile implements FuzzTarget {
    private final Bytes golden;

    public FuzzKeyFile() throws IOException {
        golden = Bytes.adopt(FormatPages.bytes("keys.md", "KEYS"));
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(golden.toArray());
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.TAMPERED,
                ErrorCode.WRONG_KEY,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.KEY_WEAK,
                ErrorCode.LIMIT_EXCEEDED);
    }

    @Override
    public void run(byte[] input) {
        Bytes summed = Sums.atEnd(input);
        KeyFile file = KeyFile.decode(summed);
        assertThat(file.encode()).isEqualTo(summed);
        assertThat(file.slots()).isNotEmpty();
        try (SlotSecret secret = new SlotSecret.Key(SlotSecret.Source.KEY_FILE, FuzzKeys.key(1));
                MasterKey _ = file.unlock(secret)) {
            assertThat(summed).isEqualTo(golden);
        }
    }
}
