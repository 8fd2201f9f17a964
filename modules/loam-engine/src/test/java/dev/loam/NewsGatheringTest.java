package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewsGatheringTest {
    private final NewsGathering news = new NewsGathering();

    @Test
    void nothingIsDueWhileNothingChanges() {
        assertThat(news.dueMillis()).isEmpty();

        assertThat(news.changed(5)).isTrue();
        news.telling(5);

        assertThat(news.dueMillis()).isEmpty();
    }

    @Test
    void afterAQuietTimeAChangeIsToldAtOnce() {
        assertThat(news.changed(1_000)).isTrue();
        assertThat(news.dueMillis()).hasValue(1_000);
        news.telling(1_000);

        assertThat(news.changed(1_500)).isTrue();

        assertThat(news.dueMillis()).hasValue(1_500);
    }

    @Test
    void changesInQuickSuccessionAreToldTogether() {
        assertThat(news.changed(1_000)).isTrue();
        news.telling(1_001);

        assertThat(news.changed(1_002)).isTrue();
        assertThat(news.changed(1_009)).isFalse();

        assertThat(news.dueMillis()).hasValue(1_001 + NewsGathering.GATHER_MILLIS);
    }

    @Test
    void aChangeThatFallsIntoTheTellingIsNewsAgain() {
        assertThat(news.changed(1_000)).isTrue();
        news.telling(1_000);

        assertThat(news.changed(1_000)).isTrue();

        assertThat(news.dueMillis()).hasValue(1_000 + NewsGathering.GATHER_MILLIS);
    }
}
