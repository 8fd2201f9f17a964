package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class RetrievalScoreTest {
    private static final Offset<Double> EXACTLY = within(1e-12);

    /** Session "A" holds a1, a2, ...; "B" holds b1, ... */
    private static RetrievalScore score(List<String> ranked, String... gold) {
        return RetrievalScore.of(ranked, Set.of(gold), key -> key.substring(0, 1));
    }

    @Test
    void recallIsTheShareOfTheGoldAndHitWhetherAnyOfIt() {
        RetrievalScore score = score(List.of("a1", "b1", "c1", "a2", "d1", "b2"), "b1", "b2", "x9");
        assertThat(score.recallAt()).containsExactly(0.0, 1.0 / 3, 2.0 / 3, 2.0 / 3);
        assertThat(score.hitAt()).containsExactly(0.0, 1.0, 1.0, 1.0);
    }

    @Test
    void reciprocalRankIsThatOfTheFirstGold() {
        assertThat(score(List.of("a1", "b1", "c1", "a2"), "a2", "c1").reciprocalRank())
                .isEqualTo(1.0 / 3);
        assertThat(score(List.of("a1"), "b1").reciprocalRank()).isZero();
        assertThat(score(List.of(), "b1").reciprocalRank()).isZero();
    }

    @Test
    void whatIsBeyondRankOneHundredDoesNotCount() {
        List<String> ranked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ranked.add("a" + i);
        }
        ranked.add("b1");
        assertThat(score(ranked, "a99").reciprocalRank()).isEqualTo(0.01);
        assertThat(score(ranked, "b1")).isEqualTo(score(List.of(), "b1"));
    }

    @Test
    void sessionsRankByTheirBestTurn() {
        // Sessions in order: C, A, B. Gold sessions: A, B.
        RetrievalScore score = score(List.of("c1", "c2", "a1", "c3", "b7"), "a9", "b7");
        assertThat(score.sessionHitAt1()).isZero();
        double log2of3 = Math.log(3) / Math.log(2);
        double gain = 1 / log2of3 + 1 / 2.0;
        double ideal = 1 + 1 / log2of3;
        assertThat(score.sessionNdcgAt5()).isCloseTo(gain / ideal, EXACTLY);
        assertThat(score(List.of("a1", "c1"), "a9").sessionHitAt1()).isEqualTo(1);
        assertThat(score(List.of("a1", "c1"), "a9").sessionNdcgAt5()).isEqualTo(1);
    }

    @Test
    void sessionsBeyondTheFifthGiveNoGain() {
        assertThat(score(List.of("a1", "b1", "c1", "d1", "e1", "f1"), "f1").sessionNdcgAt5())
                .isZero();
    }

    @Test
    void moreGoldSessionsThanFiveCanStillBePerfect() {
        assertThat(
                        score(
                                        List.of("a1", "b1", "c1", "d1", "e1"),
                                        "a1",
                                        "b1",
                                        "c1",
                                        "d1",
                                        "e1",
                                        "f1")
                                .sessionNdcgAt5())
                .isCloseTo(1, EXACTLY);
    }

    @Test
    void theMeanWeighsEachQuestionTheSame() {
        RetrievalScore mean =
                RetrievalScore.mean(
                        List.of(
                                score(List.of("a1"), "a1"),
                                score(List.of("a1", "b1"), "b1", "b2"),
                                score(List.of("a1"), "b1"),
                                score(List.of("a1"), "b1")));
        assertThat(mean.recallAt()).containsExactly(0.25, 0.375, 0.375, 0.375);
        assertThat(mean.hitAt()).containsExactly(0.25, 0.5, 0.5, 0.5);
        assertThat(mean.reciprocalRank()).isEqualTo(0.375);
        assertThat(mean.sessionHitAt1()).isEqualTo(0.25);
    }

    @Test
    void aQuestionWithoutGoldCannotBeScored() {
        assertThatThrownBy(() -> score(List.of("a1"))).isInstanceOf(AssertionError.class);
    }
}
