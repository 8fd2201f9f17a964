package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealerTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes ASSOCIATED = Bytes.ofUtf8("where it stands");
    private static final Bytes MESSAGE = Bytes.ofUtf8("what nobody else may read");

    @ParameterizedTest
    @EnumSource
    void whatIsSealedIsOpenedAgain(Suite suite) {
        Sealer.Fresh fresh = Sealer.fresh(suite, RANDOM, Sealer.Use.LOG_FRAME);
        try (Secret key = fresh.key();
                Sealer sealer = fresh.sealer();
                Opener opener = new Opener(suite, key, Sealer.Use.LOG_FRAME)) {
            Bytes first = sealer.seal(ASSOCIATED, MESSAGE);
            Bytes second = sealer.seal(ASSOCIATED, MESSAGE);
            Bytes none = sealer.seal(Bytes.EMPTY, Bytes.EMPTY);

            assertThat(first.size()).isEqualTo(MESSAGE.size() + Sealer.OVERHEAD_BYTES);
            assertThat(first).isNotEqualTo(second);
            assertThat(first.slice(8, first.size())).isNotEqualTo(second.slice(8, second.size()));
            assertThat(opener.open(ASSOCIATED, second)).contains(MESSAGE);
            assertThat(opener.open(ASSOCIATED, first)).contains(MESSAGE);
            assertThat(opener.open(Bytes.EMPTY, none)).contains(Bytes.EMPTY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatWasAlteredIsOpened(Suite suite) {
        Sealer.Fresh fresh = Sealer.fresh(suite, RANDOM, Sealer.Use.LOG_FRAME);
        try (Secret key = fresh.key();
                Sealer sealer = fresh.sealer();
                Opener opener = new Opener(suite, key, Sealer.Use.LOG_FRAME);
                Opener otherUse = new Opener(suite, key, Sealer.Use.CHUNK)) {
            Bytes sealed = sealer.seal(ASSOCIATED, MESSAGE);

            for (int at = 0; at < sealed.size(); at++) {
                byte[] altered = sealed.toArray();
                altered[at] ^= 1;
                assertThat(opener.open(ASSOCIATED, Bytes.adopt(altered))).isEmpty();
            }
            for (int length = 0; length < sealed.size(); length++) {
                assertThat(opener.open(ASSOCIATED, sealed.slice(0, length))).isEmpty();
            }
            assertThat(opener.open(Bytes.ofUtf8("elsewhere"), sealed)).isEmpty();
            assertThat(otherUse.open(ASSOCIATED, sealed)).isEmpty();
            assertThat(opener.open(ASSOCIATED, sealed)).contains(MESSAGE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void arraysAreSealedAndOpenedAsBytesAre(Suite suite) {
        Sealer.Fresh fresh = Sealer.fresh(suite, RANDOM, Sealer.Use.INDEX_BLOCK);
        byte[] associated = ASSOCIATED.toArray();
        byte[] message = Arrays.copyOf(MESSAGE.toArray(), 100);
        try (Secret key = fresh.key();
                Sealer sealer = fresh.sealer();
                Opener opener = new Opener(suite, key, Sealer.Use.INDEX_BLOCK)) {
            for (int length : new int[] {0, 1, MESSAGE.size(), 100}) {
                byte[] sealed = new byte[200];
                sealer.seal(associated, message, length, sealed);
                int size = length + Sealer.OVERHEAD_BYTES;

                assertThat(opener.open(ASSOCIATED, Bytes.copyOf(sealed, 0, size)))
                        .contains(Bytes.copyOf(message, 0, length));
                assertThat(Arrays.copyOfRange(sealed, size, 200)).containsOnly(0);
                byte[] opened = new byte[100];
                assertThat(opener.open(associated, sealed, size, opened)).isTrue();
                assertThat(opened).isEqualTo(Arrays.copyOf(Arrays.copyOf(message, length), 100));
                for (int cut = 0; cut < size; cut++) {
                    assertThat(opener.open(associated, sealed, cut, new byte[100])).isFalse();
                    sealed[cut] ^= 1;
                    assertThat(opener.open(associated, sealed, size, new byte[100])).isFalse();
                    sealed[cut] ^= 1;
                }
                assertThat(opener.open(new byte[1], sealed, size, new byte[100])).isFalse();
            }
            Bytes last = sealer.seal(ASSOCIATED, MESSAGE);
            assertThat(last.slice(0, 8).toHex()).isEqualTo("0000000000000004");
            assertThat(opener.open(associated, last.toArray(), last.size(), message)).isTrue();
        }
    }

    /** As anybody would write it who has read the format's page. */
    @ParameterizedTest
    @EnumSource
    void itIsThePlainCipherUnderUseAndNumber(Suite suite) throws GeneralSecurityException {
        Sealer.Fresh fresh = Sealer.fresh(suite, RANDOM, Sealer.Use.INDEX_BLOCK);
        try (Secret key = fresh.key();
                Sealer sealer = fresh.sealer()) {
            sealer.seal(ASSOCIATED, MESSAGE);
            byte[] second = sealer.seal(ASSOCIATED, MESSAGE).toArray();

            assertThat(Arrays.copyOf(second, 8)).containsExactly(0, 0, 0, 0, 0, 0, 0, 1);
            byte[] nonce = {0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1};
            boolean isGcm = suite == Suite.AES_256_GCM;
            Cipher cipher = Cipher.getInstance(isGcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key.with(byte[]::clone), isGcm ? "AES" : "ChaCha20"),
                    isGcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce));
            cipher.updateAAD(ASSOCIATED.toArray());
            assertThat(cipher.doFinal(second, 8, second.length - 8)).isEqualTo(MESSAGE.toArray());
        }
    }

    /** So no nonce is ever used twice: nobody can make a second sealer of a key. */
    @Test
    void everySealerHasAKeyOfItsOwn() {
        assertThat(Sealer.class.getConstructors()).isEmpty();
        assertThat(
                        IntStream.range(0, 100)
                                .mapToObj(
                                        i ->
                                                hex(
                                                        Sealer.fresh(
                                                                        Suite.AES_256_GCM,
                                                                        RANDOM,
                                                                        Sealer.Use.LOG_FRAME)
                                                                .key())))
                .doesNotHaveDuplicates();
    }

    @Test
    void aKeyEndsBeforeItsNoncesOrItsBytesDo() {
        NonceSequence nonces = new NonceSequence(1);
        for (int i = 0; i < 64; i++) {
            assertThat(nonces.next(1 << 30)).isEqualTo(i);
        }
        assertThat(nonces.hasRoomFor(1)).isFalse();
        assertThat(nonces.hasRoomFor(0)).isTrue();
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> nonces.next(1));
        assertThat(nonces.next(0)).isEqualTo(64);
    }

    @Test
    void aSuiteOfANewerVersionIsNamed() {
        assertThat(Suite.of(2)).isEqualTo(Suite.CHACHA20_POLY1305);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(() -> Suite.of(3))
                .satisfies(newer -> assertThat(newer.code()).isEqualTo(ErrorCode.FORMAT_VERSION));
    }
}
