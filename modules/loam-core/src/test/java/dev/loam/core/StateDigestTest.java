package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StateDigestTest {
    private static final Bytes ONE = Bytes.fromHex("00".repeat(31) + "01");
    private static final Bytes GREATEST = Bytes.fromHex("ff".repeat(32));

    @Test
    void theSumWrapsAtTwoToThe256() {
        assertThat(StateDigest.EMPTY.plus(GREATEST).plus(ONE)).isEqualTo(StateDigest.EMPTY);
        assertThat(StateDigest.EMPTY.minus(ONE).toBytes()).isEqualTo(GREATEST);
    }

    @Test
    void whatWasAddedCanBeTakenAwayInAnyOrder() {
        StateDigest both = StateDigest.EMPTY.plus(ONE).plus(GREATEST);

        assertThat(both.minus(ONE)).isEqualTo(StateDigest.EMPTY.plus(GREATEST));
        assertThat(both.minus(GREATEST).toHex()).isEqualTo(ONE.toHex());
        assertThat(StateDigest.EMPTY.plus(ONE).plus(StateDigest.EMPTY.plus(GREATEST)))
                .isEqualTo(both);
    }

    @Test
    void bytesComeBack() {
        StateDigest digest = StateDigest.EMPTY.plus(GREATEST);

        assertThat(StateDigest.fromBytes(digest.toBytes())).isEqualTo(digest);
        assertThat(StateDigest.EMPTY.toHex()).isEqualTo("00".repeat(32));
    }
}
