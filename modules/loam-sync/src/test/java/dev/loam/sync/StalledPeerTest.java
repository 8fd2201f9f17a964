package dev.loam.sync;

import static dev.loam.sync.Scripted.ANNE;
import static dev.loam.sync.Scripted.VAULT;
import static dev.loam.sync.Scripted.moving;
import static dev.loam.sync.Scripted.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A peer that is connected, and reads nothing. */
class StalledPeerTest {
    @Test
    void scenario23APeerThatStopsReadingIsStalledAfterThirtySecondsThenBackOffThenResume() {
        Scripted anne = moving(1, 0);
        SyncEntry[] entries = {sealed(ANNE, 1, 9)};
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(entries)));
        Instant sent = Encounter.NOON;
        Instant due = sent.plus(SyncSession.STALLED_AFTER);

        assertThat(anne.takes(new SyncInput.Tick(), due.minusMillis(1)).end()).isEmpty();
        assertThat(anne.takes(new SyncInput.Tick(), due).end()).contains(EndReason.STALLED);

        assertThat(Retry.after(EndReason.STALLED, 1, 0)).isInstanceOf(Retry.After.class);
        ModelStore left = new ModelStore(0);
        left.of(VAULT).write(9);
        Encounter again = new Encounter(left, new ModelStore(1));
        again.run(new Random(23));
        assertThat(again.left.reason()).contains(EndReason.DONE);
        assertThat(again.right.store.heads()).isEqualTo(left.heads());
    }
}
