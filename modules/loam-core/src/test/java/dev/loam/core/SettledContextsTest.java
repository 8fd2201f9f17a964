package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SettledContextsTest {
    private static final ActorId ONE = actor("01");
    private static final ActorId OTHER = actor("02");

    private static ActorId actor(String octet) {
        return new ActorId(Bytes.fromHex(octet.repeat(ActorId.SIZE)));
    }

    private static SettledContexts both() {
        VersionVector one = VersionVector.of(Map.of(ONE, new Tip(3, 5), OTHER, new Tip(1, 1)));
        VersionVector other = VersionVector.of(Map.of(OTHER, new Tip(2, 2)));
        return new SettledContexts(new TreeMap<>(Map.of(ONE, one, OTHER, other)));
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        assertThat(SettledContexts.decode(both().encode())).isEqualTo(both());
        assertThat(SettledContexts.decode(SettledContexts.NONE.encode()))
                .isEqualTo(SettledContexts.NONE);
    }

    @Test
    void anythingElseIsRefused() {
        byte[] bytes = both().encode().toArray();
        for (int length = 0; length < bytes.length; length++) {
            Bytes torn = Bytes.copyOf(bytes, 0, length);
            assertThatThrownBy(() -> SettledContexts.decode(torn))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
        }
        bytes[0] = 2;
        assertThatThrownBy(() -> SettledContexts.decode(Bytes.copyOf(bytes)))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        newer -> assertThat(newer.code()).isEqualTo(ErrorCode.FORMAT_VERSION));
    }

    @Test
    void contextsOfNobodyDoNotFitAVault() {
        VaultState vault = VaultState.unknown(new VaultId(Bytes.fromHex("03".repeat(16))));
        assertThat(SettledContexts.NONE.fit(vault)).isTrue();
        assertThat(both().fit(vault)).isFalse();
    }
}
