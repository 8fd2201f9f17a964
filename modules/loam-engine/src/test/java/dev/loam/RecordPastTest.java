package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.RecordState;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What compaction leaves of a past. */
class RecordPastTest {
    private static final VaultId VAULT = new VaultId(Bytes.fromHex("01".repeat(16)));
    private static final ActorId ACTOR = new ActorId(Bytes.fromHex("02".repeat(16)));

    private static RecordPast.Step step(long number, RecordState before, String text) {
        Operation set =
                new Operation.Set(
                        FieldName.TEXT,
                        new Value.Text(text),
                        before.dots(FieldName.TEXT),
                        Lifetime.FRESH);
        Stamp stamp = Stamp.ofMillis(1_000 * number);
        return new RecordPast.Step(
                new BatchId(VAULT, ACTOR, number),
                stamp,
                stamp,
                number,
                List.of(set),
                VersionVector.EMPTY);
    }

    @Test
    void aPastGoesOnFromTheStateThatStandsForWhatWasCompacted() {
        RecordPast.Step first = step(1, RecordState.EMPTY, "one");
        RecordState state = first.applyTo(RecordState.EMPTY);
        RecordPast.Step second = step(2, state, "two");
        RecordPast whole = new RecordPast(Optional.empty(), List.of(first, second), true);
        RecordPast compacted =
                new RecordPast(
                        Optional.of(new RecordPast.Base(state, first.stamp())),
                        List.of(second),
                        true);
        for (long millis : new long[] {1_000, 1_999, 2_000, 9_000}) {
            assertThat(compacted.asOf(millis)).isEqualTo(whole.asOf(millis));
        }
        assertThat(Changes.of(compacted, VaultState.unknown(VAULT)))
                .singleElement()
                .satisfies(
                        change -> {
                            assertThat(change.from()).contains(new Value.Text("one"));
                            assertThat(change.to()).contains(new Value.Text("two"));
                            assertThat(change.device()).isEmpty();
                        });
    }
}
