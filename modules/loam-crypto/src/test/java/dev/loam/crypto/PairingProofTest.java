package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.crypto.PairingProof.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairingProofTest {
    private static final Bytes SECRET = Bytes.fromHex("00112233445566778899aabbccddeeff");
    private static final DeviceId HOST = new DeviceId(Bytes.fromHex("aa".repeat(32)));
    private static final DeviceId JOINER = new DeviceId(Bytes.fromHex("bb".repeat(32)));
    private static final Bytes EXPORTER = Bytes.fromHex("cc".repeat(32));

    private static final Bytes PROOF = PairingProof.of(SECRET, Role.JOINER, HOST, JOINER, EXPORTER);

    @Test
    void isTheHmacOfLabelRoleDevicesAndExporter() {
        assertThat(PROOF.toHex())
                .isEqualTo("66fa4b8cc264ed11d3f613ef1f6bbf1bda98ccaad3403c02dc396df024e53832");
        assertThat(PairingProof.of(SECRET, Role.HOST, HOST, JOINER, EXPORTER).toHex())
                .isEqualTo("980f4c51fb539df70060632f76e6f17fc3110e8ff648a4e65e4a5baaf56ff8f0");
    }

    @Test
    void holdsForOneSecretRolePairAndConnectionOnly() {
        Bytes other = Bytes.fromHex("dd".repeat(32));
        List<Bytes> others =
                List.of(
                        PairingProof.of(other.slice(0, 16), Role.JOINER, HOST, JOINER, EXPORTER),
                        PairingProof.of(SECRET, Role.HOST, HOST, JOINER, EXPORTER),
                        PairingProof.of(SECRET, Role.JOINER, new DeviceId(other), JOINER, EXPORTER),
                        PairingProof.of(SECRET, Role.JOINER, HOST, new DeviceId(other), EXPORTER),
                        PairingProof.of(SECRET, Role.JOINER, JOINER, HOST, EXPORTER),
                        PairingProof.of(SECRET, Role.JOINER, HOST, JOINER, other));

        assertThat(PairingProof.matches(PROOF, Bytes.copyOf(PROOF.toArray()))).isTrue();
        assertThat(others).noneMatch(given -> PairingProof.matches(PROOF, given));
    }

    @Test
    void aProofCutShortMatchesNothing() {
        assertThat(PairingProof.matches(PROOF, PROOF.slice(0, 31))).isFalse();
        assertThat(PairingProof.matches(PROOF, Bytes.EMPTY)).isFalse();
    }
}
