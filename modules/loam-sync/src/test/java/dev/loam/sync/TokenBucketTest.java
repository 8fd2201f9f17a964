package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    @Test
    void aSecondsWorthMayGoAtOnceAndNoMore() {
        TokenBucket bucket = TokenBucket.full(1_000, 0).take(1_000, 0);
        assertThat(bucket.delay(0)).isZero();
        assertThat(bucket.take(500, 0).delay(0)).isEqualTo(Duration.ofMillis(500));
        assertThat(bucket.take(500, 0).delay(499)).isEqualTo(Duration.ofMillis(1));
        assertThat(bucket.take(500, 0).delay(500)).isZero();
        assertThat(bucket.take(1_000, 3_600_000).delay(3_600_000)).as("saved up").isZero();
        assertThat(bucket.take(1_001, 3_600_000).delay(3_600_000)).isPositive();
    }

    @Property
    void overAnyStretchTheRateHolds(
            @ForAll @IntRange(min = 1, max = 1_000_000) int rate,
            @ForAll @Size(min = 1, max = 50)
                    List<@IntRange(min = 1, max = 5_000_000) Integer> takes) {
        TokenBucket bucket = TokenBucket.full(rate, 0);
        long now = 0;
        long before = 0;
        for (int bytes : takes) {
            now += bucket.delay(now).toMillis();
            assertThat((double) before).isLessThanOrEqualTo(rate * (1 + now / 1_000.0) + 1);
            bucket = bucket.take(bytes, now);
            before += bytes;
        }
    }
}
