package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealedBlobTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes PLACE = Bytes.ofUtf8("its name");
    private static final Bytes CONTENT = Bytes.ofUtf8("a small file");

    @ParameterizedTest
    @EnumSource
    void itOpensUnderItsKeyLabelAndPlaceOnly(Suite suite) {
        try (Secret key = Secret.random(RANDOM, 32);
                Secret other = Secret.random(RANDOM, 32)) {
            Bytes sealed = SealedBlob.seal(suite, key, RANDOM, "tables", PLACE, CONTENT);

            assertThat(sealed.size()).isEqualTo(CONTENT.size() + SealedBlob.OVERHEAD_BYTES);
            assertThat(SealedBlob.open(suite, key, "tables", PLACE, sealed)).contains(CONTENT);
            assertThat(SealedBlob.open(suite, other, "tables", PLACE, sealed)).isEmpty();
            assertThat(SealedBlob.open(suite, key, "audit", PLACE, sealed)).isEmpty();
            assertThat(SealedBlob.open(suite, key, "tables", CONTENT, sealed)).isEmpty();
            for (int at = 0; at < sealed.size(); at++) {
                byte[] altered = sealed.toArray();
                altered[at] ^= 1;
                assertThat(SealedBlob.open(suite, key, "tables", PLACE, Bytes.adopt(altered)))
                        .isEmpty();
                assertThat(SealedBlob.open(suite, key, "tables", PLACE, sealed.slice(0, at)))
                        .isEmpty();
            }
        }
    }

    /** A counter would come back after a crash; what was random does not. */
    @Test
    void twoWritingsOfOneContentHaveNothingInCommon() {
        try (Secret key = Secret.random(RANDOM, 32)) {
            Bytes one = SealedBlob.seal(Suite.AES_256_GCM, key, RANDOM, "tables", PLACE, CONTENT);
            Bytes other = SealedBlob.seal(Suite.AES_256_GCM, key, RANDOM, "tables", PLACE, CONTENT);
            assertThat(one.slice(0, 32)).isNotEqualTo(other.slice(0, 32));
            assertThat(one.slice(32, one.size())).isNotEqualTo(other.slice(32, other.size()));
        }
    }
}
