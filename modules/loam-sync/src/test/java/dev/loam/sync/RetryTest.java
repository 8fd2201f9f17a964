package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is done about each reason for which a session ends. */
class RetryTest {
    private static void all(Retry expected, EndReason... reasons) {
        assertThat(List.of(reasons))
                .allSatisfy(reason -> assertThat(Retry.after(reason, 1, 0)).isEqualTo(expected));
    }

    @Test
    void eachReasonHasItsClass() {
        all(
                new Retry.OnNews(),
                EndReason.DONE,
                EndReason.PAUSED,
                EndReason.DEFERRED,
                EndReason.SHUTDOWN);
        all(
                new Retry.After(Duration.ofMillis(500)),
                EndReason.STALLED,
                EndReason.CONNECTION,
                EndReason.STORE_FAILED,
                EndReason.REBASE_REQUIRED);
        all(
                new Retry.After(Duration.ofMinutes(10)),
                EndReason.CLOCK_AHEAD,
                EndReason.WITHHELD,
                EndReason.EPOCH_MISSING);
        all(
                new Retry.AfterPerson(),
                EndReason.FORK,
                EndReason.DIVERGED,
                EndReason.BELOW_HORIZON,
                EndReason.BAD_CUT);
        all(
                new Retry.Never(),
                EndReason.REFUSED,
                EndReason.REVOKED,
                EndReason.NOT_A_MEMBER,
                EndReason.VERSION,
                EndReason.UPGRADE_REQUIRED,
                EndReason.BAD_SEAL,
                EndReason.LIMIT_EXCEEDED,
                EndReason.PROTOCOL);
    }

    @Test
    void theBackOffDoublesFromOneSecondToFiveMinutes() {
        List<Long> seconds =
                List.of(1, 2, 3, 9, 10, 1_000_000).stream()
                        .map(failures -> delay(failures, 0.999_999).plusMillis(1).toSeconds())
                        .toList();

        assertThat(seconds).containsExactly(1L, 2L, 4L, 256L, 300L, 300L);
    }

    @Property
    void halfOfTheBackOffIsCertain(
            @ForAll @IntRange(min = 1) int failures,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double jitter) {
        assertThat(delay(failures, jitter))
                .isBetween(delay(failures, 0), delay(failures, 0).multipliedBy(2))
                .isBetween(Duration.ofMillis(500), Retry.BACKOFF_MAX);
    }

    @Test
    void countsFromOne() {
        assertThatThrownBy(() -> Retry.after(EndReason.STALLED, 0, 0))
                .isInstanceOf(AssertionError.class);
    }

    private static Duration delay(int failures, double jitter) {
        return ((Retry.After) Retry.after(EndReason.CONNECTION, failures, jitter)).delay();
    }
}
