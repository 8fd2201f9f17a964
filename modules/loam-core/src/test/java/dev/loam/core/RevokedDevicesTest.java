package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A vault remembers whom it revoked, also when nothing else of him is left. */
class RevokedDevicesTest {
    private final List<Replica> members = Replica.members(3);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);
    private final Replica c = members.get(2);

    @Test
    void aRevokedDeviceStaysKnownWhenItsActorIsClosed() {
        c.put("k", "title", "t");
        a.syncFrom(c);
        b.syncFrom(c);
        a.write("", new Operation.Revoke(c.actor()));
        b.syncFrom(a);
        b.write("", new Operation.Ack());
        a.syncFrom(b);
        a.write("", a.vault().cut(a.actor()).orElseThrow());

        assertThat(a.vault().closed()).containsOnlyKeys(c.actor());
        assertThat(a.vault().revoked()).containsExactly(DeviceId.of(Device.number(2).publicKey()));
        assertThat(VaultState.decode(a.vault().encode())).isEqualTo(a.vault());
    }

    @Test
    void aSuspendedDeviceMayComeBack() {
        a.write("", new Operation.Suspend(c.actor()));

        assertThat(a.vault().revoked()).isEmpty();
    }

    @Test
    void itMakesNoDifferenceWhetherARevocationComesBeforeOrAfterTheClosing() {
        a.write("", new Operation.Suspend(c.actor()));
        b.write("", new Operation.Revoke(c.actor()));
        a.syncFrom(b);
        b.syncFrom(a);
        assertThat(a.vault()).isEqualTo(b.vault());
        assertThat(a.vault().revoked()).containsExactly(DeviceId.of(Device.number(2).publicKey()));
    }
}
