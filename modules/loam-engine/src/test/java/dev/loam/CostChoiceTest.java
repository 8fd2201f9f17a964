package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.crypto.PassphraseCost;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostChoiceTest {
    @ParameterizedTest
    @CsvSource({"0, 3", "1, 16", "93, 16", "94, 15", "180, 8", "375, 4", "376, 3", "5000, 3"})
    void aFasterMachineMakesMorePasses(long standardMillis, int passes) {
        assertThat(CostChoice.forMillis(standardMillis))
                .isEqualTo(new PassphraseCost(64 << 10, passes, 1));
    }

    @Test
    void theMachineIsMeasuredByOneTry() {
        AtomicLong questions = new AtomicLong();
        Environment environment =
                new Environment(
                        InstantSource.system(),
                        new SecureRandom(),
                        () -> questions.getAndIncrement() * 250_000_000,
                        () -> 0);
        assertThat(CostChoice.measured(environment).passes()).isEqualTo(6);
        assertThat(questions).hasValue(2);
    }
}
