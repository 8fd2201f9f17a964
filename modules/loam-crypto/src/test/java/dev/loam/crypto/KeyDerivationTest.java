package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyDerivationTest {
    private static final Bytes SALT = Bytes.fromHex("000102030405060708090a0b0c0d0e0f");
    private static final Bytes CONTEXT = Bytes.ofUtf8("context");

    private static Secret key() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return Secret.take(key);
    }

    /** The values are of an HKDF in another language. */
    @Test
    void isHkdfOverLabelAndContext() {
        try (Secret key = key();
                Secret salted = KeyDerivation.derive(key, SALT, "wrap", CONTEXT);
                Secret unsalted = KeyDerivation.derive(key, Bytes.EMPTY, "wrap", CONTEXT)) {
            assertThat(hex(salted))
                    .isEqualTo("7ed361613fdf549d1808cf001a6b5be1996fd1a58ee572f7c40fb3476ed82804");
            assertThat(hex(unsalted))
                    .isEqualTo("2a4794be0c4da52331d36da371f8bfa41cb23336acd36dbb767ce39ffa226c20");
        }
    }

    @Test
    void aCommitmentIsOfOneKeySaltAndContext() {
        try (Secret key = key();
                Secret other = Secret.take(new byte[32])) {
            Bytes commitment = KeyDerivation.commitment(key, SALT, CONTEXT);

            assertThat(commitment.toHex())
                    .isEqualTo("abfc5a3f1cd61603f318521f9df39f09aecd05430b117a12f280d23f9622327f");
            assertThat(KeyDerivation.isOf(key, SALT, CONTEXT, commitment)).isTrue();
            assertThat(KeyDerivation.isOf(other, SALT, CONTEXT, commitment)).isFalse();
            assertThat(KeyDerivation.isOf(key, Bytes.EMPTY, CONTEXT, commitment)).isFalse();
            assertThat(KeyDerivation.isOf(key, SALT, Bytes.EMPTY, commitment)).isFalse();
            assertThat(KeyDerivation.isOf(key, SALT, CONTEXT, commitment.slice(0, 31))).isFalse();
        }
    }

    /** The value is of the reference implementation's command line. */
    @Test
    void aPassphrasesKeyIsArgon2id() {
        byte[] text = "correct horse battery staple".getBytes(StandardCharsets.UTF_8);
        try (Secret passphrase = Secret.take(text);
                Secret key =
                        PassphraseCost.FLOOR.key(passphrase, Bytes.ofUtf8("0123456789abcdef"))) {
            assertThat(hex(key))
                    .isEqualTo("832e52b959b967b570ee4781f6c7bda7ced019ca266ac781fd2d94d4e853b0cd");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "19455, 2, 1, KEY_WEAK",
        "19456, 1, 1, KEY_WEAK",
        "19456, 2, 0, KEY_WEAK",
        "-1, -1, -1, KEY_WEAK",
        "1048577, 2, 1, LIMIT_EXCEEDED",
        "1073741824, 3, 1, LIMIT_EXCEEDED",
        "19456, 17, 1, LIMIT_EXCEEDED",
        "19456, 2, 5, LIMIT_EXCEEDED"
    })
    void aCostBelowTheFloorOrAboveTheCeilingIsRefused(
            int memoryKib, int passes, int lanes, ErrorCode code) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> new PassphraseCost(memoryKib, passes, lanes))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"19456, 2, 1", "1048576, 16, 4", "65536, 3, 1"})
    void aCostFromFloorToCeilingIsTaken(int memoryKib, int passes, int lanes) {
        assertThat(new PassphraseCost(memoryKib, passes, lanes).passes()).isEqualTo(passes);
    }
}
