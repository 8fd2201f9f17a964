package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FuzzTarget;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Keys and recovery codes as people type them. */
public final class FuzzKeyText implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        try (Secret key = FuzzKeys.key(1);
                Secret text = KeyText.encode(key);
                Secret code = RecoveryCode.generate(new SecureRandom())) {
            return List.of(text.with(byte[]::clone), code.with(byte[]::clone));
        }
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.KEY_MALFORMED, ErrorCode.KEY_WEAK);
    }

    @Override
    public void run(byte[] input) {
        try (Secret typed = Secret.take(input.clone());
                Secret key = KeyText.decode(typed);
                Secret again = KeyText.encode(key)) {
            byte[] text = again.with(byte[]::clone);
            assertThat(Arrays.copyOf(input, text.length)).isEqualTo(text);
        } catch (LoamException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.KEY_MALFORMED);
        }
        try (Secret typed = Secret.take(input.clone());
                Secret key = RecoveryCode.key(typed)) {
            assertThat(key.size()).isEqualTo(Suite.KEY_BYTES);
        }
    }
}
