package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static Secret secret() {
        return Secret.take(new byte[] {1, 2, 3});
    }

    @Test
    void whatItTookIsOverwritten() {
        byte[] source = {1, 2, 3};
        try (Secret secret = Secret.take(source)) {
            assertThat(source).containsOnly(0);
            assertThat(secret.size()).isEqualTo(3);
            assertThat(secret.with(byte[]::clone)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void whatItLendsIsOverwrittenWhateverHappens() {
        AtomicReference<byte[]> lent = new AtomicReference<>(new byte[0]);
        try (Secret secret = secret()) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(
                            () ->
                                    secret.with(
                                            bytes -> {
                                                lent.set(bytes);
                                                throw new IllegalArgumentException("no use");
                                            }));
        }
        assertThat(lent.get()).containsExactly(0, 0, 0);
    }

    @Test
    void closedItIsGone() {
        Secret secret = secret();
        secret.close();
        secret.close();
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> secret.with(byte[]::clone))
                .satisfies(gone -> assertThat(gone.code()).isEqualTo(ErrorCode.CLOSED));
    }

    @Test
    void itPrintsNothingAndIsEqualToItselfAlone() {
        try (Secret one = secret();
                Secret other = secret()) {
            assertThat(one).hasToString("***").isNotEqualTo(other);
            assertThat(one).isNotInstanceOf(Serializable.class);
        }
    }
}
