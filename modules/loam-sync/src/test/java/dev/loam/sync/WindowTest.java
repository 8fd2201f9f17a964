package dev.loam.sync;

import static dev.loam.sync.Scripted.ANNE;
import static dev.loam.sync.Scripted.BERT;
import static dev.loam.sync.Scripted.VAULT;
import static dev.loam.sync.Scripted.batches;
import static dev.loam.sync.Scripted.hello;
import static dev.loam.sync.Scripted.open;
import static dev.loam.sync.Scripted.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Limits;
import dev.loam.core.VaultId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is in flight, what is held, and what that costs. */
class WindowTest {
    private static final ActorId CARL = ModelStore.actor(2);
    private static final int LARGEST = Limits.BATCH_BYTES_MAX;

    @Test
    void dataFollowsAfterOneRoundTrip() {
        Scripted anne = Scripted.started(Scripted.anne(3));
        anne.hears(Frame.Hello.of(LocalSummary.NOTHING));

        assertThat(anne.asksToRead()).isTrue();
        anne.takes(new SyncInput.BatchesRead(VAULT, List.of(sealed(ANNE, 1, 10))));

        assertThat(anne.frames()).containsExactly(batches(sealed(ANNE, 1, 10)));
    }

    @Test
    void nothingIsReadWhileTheWindowIsUsedUp() {
        Scripted anne = Scripted.moving(20, 0);
        int quarter = (int) SyncSession.WINDOW_BYTES / 4 - SyncEntry.ENVELOPE_BYTES;

        for (int sequence = 1; sequence <= 3; sequence++) {
            anne.takes(answer(sealed(ANNE, sequence, quarter)));
            assertThat(anne.asksToRead()).isTrue();
        }
        anne.takes(answer(sealed(ANNE, 4, quarter)));
        assertThat(anne.asksToRead()).isFalse();

        anne.hears(new Frame.Credit(1));
        assertThat(anne.asksToRead()).isTrue();
    }

    @Test
    void theLargestBatchPassesThroughAnOpenWindow() {
        Scripted anne = Scripted.moving(20, 0);
        anne.takes(answer(sealed(ANNE, 1, 3_000_000)));
        assertThat(anne.asksToRead()).isTrue();

        anne.takes(answer(sealed(ANNE, 2, LARGEST)));

        assertThat(anne.frames()).hasSize(1);
        assertThat(anne.asksToRead()).isFalse();
    }

    @Test
    void aFrameThatComesWithoutCreditEndsTheSession() {
        int window = (int) SyncSession.WINDOW_BYTES;
        int half = window / 2 - SyncEntry.ENVELOPE_BYTES;
        Scripted almost = Scripted.moving(0, 9).hears(batches(open(BERT, 1, half)));
        almost.hears(batches(open(BERT, 2, half - 1))).hears(batches(open(BERT, 3, LARGEST)));
        assertThat(almost.end()).isEmpty();

        Scripted full = Scripted.moving(0, 9).hears(batches(open(BERT, 1, half)));
        full.hears(batches(open(BERT, 2, half))).hears(batches(open(BERT, 3, 1)));
        assertThat(full.end()).contains(EndReason.LIMIT_EXCEEDED);
    }

    @Test
    void creditComesBackWithWhatIsApplied() {
        Scripted anne = Scripted.moving(0, 9).hears(batches(open(BERT, 1, 10)));
        assertThat(anne.toApply()).isEmpty();

        anne.hears(batches(sealed(BERT, 2, 20), open(BERT, 3, 5)));
        assertThat(anne.toApply()).containsExactly(open(BERT, 1, 10), sealed(BERT, 2, 20));
        anne.takes(new SyncInput.Applied(VAULT));

        assertThat(anne.frames()).contains(new Frame.Credit(30 + 2 * SyncEntry.ENVELOPE_BYTES));
    }

    @Test
    void aSealCoversOnlyItsOwnActor() {
        SortedMap<ActorId, ActorHead> peers = Scripted.heads(BERT, 2);
        peers.putAll(Scripted.heads(CARL, 2));
        Scripted anne = Scripted.started().hears(hello(VAULT, Optional.empty(), peers));
        anne.hears(
                new Frame.Plan(
                        new TreeMap<>(
                                Map.of(
                                        VAULT,
                                        new Announcement(
                                                BatchRanges.between(
                                                        Map.of(), Map.of(BERT, 2L, CARL, 2L)),
                                                4,
                                                100)))));

        anne.hears(batches(open(BERT, 1, 1), sealed(CARL, 1, 1)));
        assertThat(anne.toApply()).isEmpty();
        anne.hears(batches(sealed(BERT, 2, 1), open(CARL, 2, 1)));

        // Only the end is left waiting; where it is the end of all, no seal can come any more.
        assertThat(anne.end()).contains(EndReason.BAD_SEAL);
    }

    @Test
    void vaultsAreSentOneAfterAnother() {
        ModelStore anne = new ModelStore(0);
        for (int i = 0; i < 30; i++) {
            anne.of(ModelStore.vault(i % 3)).write(100_000);
        }
        Encounter encounter = new Encounter(anne, new ModelStore(1));
        encounter.run(new Random(1));

        List<VaultId> order =
                batchesSent(encounter.left).map(Frame.Batches::vault).distinct().toList();
        assertThat(batchesSent(encounter.left).map(Frame.Batches::vault))
                .isSorted()
                .hasSizeGreaterThan(order.size());
        assertThat(order).hasSize(3);
    }

    @Property(tries = 20)
    void aCutLinkCostsOneWindowAtMost(@ForAll @IntRange(max = 120) int steps, @ForAll long seed) {
        ModelStore anne = new ModelStore(0);
        for (int i = 0; i < 100; i++) {
            anne.of(VAULT).write(80_000);
        }
        ModelStore bert = new ModelStore(1);
        Random random = new Random(seed);

        Encounter interrupted = new Encounter(anne, bert);
        interrupted.start();
        for (int i = 0; i < steps; i++) {
            interrupted.advance(random);
        }
        interrupted.cut();
        Encounter next = new Encounter(anne, bert);
        next.run(random);

        long needed = SyncEntry.weight(anne.of(VAULT).log());
        assertThat(interrupted.left.weightSent + next.left.weightSent)
                .isBetween(
                        needed, needed + SyncSession.WINDOW_BYTES + SyncSession.FRAME_WEIGHT_MAX);
    }

    @Test
    void shortBatchesTravelWithLittleAroundThem() {
        ModelStore anne = new ModelStore(0);
        for (int i = 0; i < 5_000; i++) {
            anne.of(VAULT).write(10);
        }
        long batchBytes =
                anne.of(VAULT).log().stream().mapToLong(entry -> entry.batch().size()).sum();

        Encounter encounter = new Encounter(anne, new ModelStore(1));
        encounter.run(new Random(1));

        assertThat((double) encounter.left.counts().sentBytes() / batchBytes)
                .isLessThanOrEqualTo(1.15);
    }

    private static Stream<Frame.Batches> batchesSent(Encounter.Side side) {
        return side.sent.stream()
                .map(FrameCodec::decode)
                .filter(Frame.Batches.class::isInstance)
                .map(Frame.Batches.class::cast);
    }

    private static SyncInput.BatchesRead answer(SyncEntry... entries) {
        return new SyncInput.BatchesRead(VAULT, List.of(entries));
    }
}
