package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VaultStateTest {
    private final List<Replica> members = Replica.members(2);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);

    @Test
    void aVaultNobodyHasFoundedHasNoNameAndNobodyInIt() {
        VaultState unknown = VaultState.unknown(Device.VAULT);

        assertThat(unknown.name()).isEmpty();
        assertThat(unknown.isFounded()).isFalse();
        assertThat(unknown.frontier().isEmpty()).isTrue();
        assertThat(VaultState.decode(unknown.encode())).isEqualTo(unknown);
    }

    @Test
    void theFoundationGivesNameStampAndMembers() {
        VaultState founded = b.vault();

        assertThat(founded.name()).isEqualTo("home");
        assertThat(founded.founded()).isEqualTo(a.log().getFirst().batch().stamp());
        assertThat(founded.actors()).containsOnlyKeys(a.actor(), b.actor());
        assertThat(founded.actor(b.actor()).orElseThrow().tip()).isEqualTo(Tip.NONE);
        assertThat(founded.actor(b.actor()).orElseThrow().device())
                .isEqualTo(DeviceId.of(Device.number(1).publicKey()));
    }

    @Test
    void aContextIsWhatItsActorKnewAndItsOwnBatch() {
        a.put("k", "title", "t");
        b.put("l", "title", "t");
        assertThat(b.vault().contextOf(b.actor()).get(a.actor())).isEqualTo(new Tip(1, 2));
        assertThat(b.vault().contextOf(b.actor()).get(b.actor())).isEqualTo(new Tip(1, 1));

        b.syncFrom(a);
        b.put("l", "title", "u");
        assertThat(b.vault().contextOf(b.actor())).isEqualTo(b.vault().frontier());
    }

    @Test
    void aBatchNamesOnlyWhatChangedSinceItsAuthorsLast() {
        b.put("l", "title", "t");
        assertThat(b.vault().dependenciesOf(b.actor())).isEmpty();

        a.put("k", "title", "t");
        b.syncFrom(a);
        assertThat(b.vault().dependenciesOf(b.actor()))
                .extracting(Dependency::actor)
                .containsExactly(a.actor());
    }

    @Test
    void enrollingSomebodyAgainChangesNothingOfHim() {
        b.put("k", "title", "t");
        a.syncFrom(b);
        ActorState before = a.vault().actor(b.actor()).orElseThrow();
        a.write("", Device.number(1).enrol());

        assertThat(a.vault().actor(b.actor()).orElseThrow()).isEqualTo(before);
    }

    @Test
    void cutBytesAreRefusedWhereverTheyEnd() {
        b.put("k", "title", "t");
        Bytes encoded = b.vault().encode();
        for (int end = 0; end < encoded.size(); end++) {
            Bytes cut = encoded.slice(0, end);
            assertThatThrownBy(() -> VaultState.decode(cut))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    /** Read as it stands, it could not be written again. */
    @Test
    void aStateThatHoldsOneActorTwiceIsRefused() {
        b.put("k", "title", "t");
        a.syncFrom(b);
        a.put("l", "title", "t");
        byte[] encoded = a.vault().encode().toArray();
        Bytes last =
                a.vault().actors().values().stream().skip(1).findFirst().orElseThrow().publicKey();
        int at = Bytes.copyOf(encoded).toHex().indexOf(last.toHex()) / 2 - 1;
        assertThat(encoded[at]).isEqualTo((byte) 1);
        encoded[at] = 0;
        assertThatThrownBy(() -> VaultState.decode(Bytes.adopt(encoded)))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
