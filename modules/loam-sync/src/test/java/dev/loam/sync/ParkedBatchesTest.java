package dev.loam.sync;

import static dev.loam.sync.Scripted.ANNE;
import static dev.loam.sync.Scripted.BERT;
import static dev.loam.sync.Scripted.VAULT;
import static dev.loam.sync.Scripted.batches;
import static dev.loam.sync.Scripted.moving;
import static dev.loam.sync.Scripted.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a session does about batches that may not be applied yet. */
class ParkedBatchesTest {
    private static final long HOUR_MILLIS = 3_600_000;

    private static BatchRanges range(ActorId actor, long after, long through) {
        return new BatchRanges(new TreeMap<>(Map.of(actor, new SequenceRange(after, through))));
    }

    private static SyncInput.AppliedInPart parkedFrom(long after, long ahead) {
        return new SyncInput.AppliedInPart(VAULT, range(BERT, after, 3), ahead);
    }

    private static Scripted heard() {
        return moving(0, 3)
                .hears(batches(sealed(BERT, 1, 9), sealed(BERT, 2, 9), sealed(BERT, 3, 9)));
    }

    private static Scripted sent(long berts) {
        SyncEntry[] entries = {sealed(ANNE, 1, 9), sealed(ANNE, 2, 9), sealed(ANNE, 3, 9)};
        return moving(3, berts).takes(new SyncInput.BatchesRead(VAULT, List.of(entries)));
    }

    @Test
    void theRestIsConfirmedAndTheParkedAreNamedWithTheDifference() {
        List<Frame> frames = heard().takes(parkedFrom(1, HOUR_MILLIS)).frames();

        assertThat(frames)
                .containsExactly(
                        new Frame.Durable(VAULT, new TreeMap<>(Map.of(BERT, 1L))),
                        new Frame.Parked(VAULT, range(BERT, 1, 3), HOUR_MILLIS),
                        new Frame.End(EndReason.CLOCK_AHEAD));
    }

    @Test
    void whereAllIsParkedNothingIsConfirmed() {
        assertThat(heard().takes(parkedFrom(0, HOUR_MILLIS)).frames())
                .noneMatch(Frame.Durable.class::isInstance)
                .contains(new Frame.Parked(VAULT, range(BERT, 0, 3), HOUR_MILLIS));
    }

    @Test
    void causesThatDidNotComeAreWithheld() {
        assertThat(heard().takes(parkedFrom(0, 0)).frames())
                .contains(new Frame.End(EndReason.WITHHELD));
    }

    @Test
    void whoIsToldSoIsDoneWithThoseAndEndsAlike() {
        Scripted anne = sent(0).hears(new Frame.Durable(VAULT, new TreeMap<>(Map.of(ANNE, 1L))));
        anne.hears(new Frame.Parked(VAULT, range(ANNE, 1, 3), HOUR_MILLIS));
        assertThat(anne.frames()).containsExactly(new Frame.End(EndReason.CLOCK_AHEAD));

        anne.hears(new Frame.End(EndReason.CLOCK_AHEAD));

        assertThat(anne.end()).contains(EndReason.CLOCK_AHEAD);
        SyncEffect.Finish finish = (SyncEffect.Finish) anne.effects.getLast();
        assertThat(finish.waiting())
                .isEqualTo(
                        new Waiting(
                                2,
                                0,
                                HOUR_MILLIS,
                                new TreeMap<>(Map.of(VAULT, new TreeMap<>(Map.of(ANNE, 1L)))),
                                new TreeMap<>()));
        assertThat(finish.counts().sentBatches()).isEqualTo(1);
    }

    @Test
    void theSessionGoesOnWithWhatTheOtherSideSends() {
        Scripted anne = sent(2).hears(new Frame.Parked(VAULT, range(ANNE, 0, 3), HOUR_MILLIS));
        assertThat(anne.frames()).isEmpty();

        anne.hears(batches(sealed(BERT, 1, 9), sealed(BERT, 2, 9)));
        anne.takes(new SyncInput.Applied(VAULT));

        assertThat(anne.frames()).contains(new Frame.End(EndReason.CLOCK_AHEAD));
    }

    @Test
    void aVaultOfWhichNothingWaitsForAClockIsNotToldToBeAhead() {
        Scripted anne = sent(0);
        anne.hears(new Frame.Parked(VAULT, range(ANNE, 0, 3), 0));

        anne.hears(new Frame.End(EndReason.WITHHELD));

        SyncEffect.Finish finish = (SyncEffect.Finish) anne.effects.getLast();
        assertThat(finish.waiting())
                .isEqualTo(new Waiting(3, 0, 0, new TreeMap<>(), new TreeMap<>()));
    }

    @Test
    void aLinkThatClosesAfterOurEndLeavesTheReasonAsItWas() {
        Scripted bert = heard().takes(parkedFrom(1, HOUR_MILLIS));

        assertThat(bert.takes(new SyncInput.LinkClosed()).end()).contains(EndReason.CLOCK_AHEAD);
    }

    @Test
    void whatWasNotSentOrLeavesAGapCannotBeParked() {
        Optional<EndReason> protocol = Optional.of(EndReason.PROTOCOL);
        assertThat(moving(3, 0).hears(new Frame.Parked(VAULT, range(ANNE, 0, 3), 1)).end())
                .isEqualTo(protocol);
        assertThat(sent(0).hears(new Frame.Parked(VAULT, range(ANNE, 1, 3), 1)).end())
                .isEqualTo(protocol);
        assertThat(sent(0).hears(new Frame.Parked(VAULT, range(ANNE, 0, 4), 1)).end())
                .isEqualTo(protocol);
        assertThat(sent(0).hears(new Frame.Parked(VAULT, range(BERT, 0, 1), 1)).end())
                .isEqualTo(protocol);
    }
}
