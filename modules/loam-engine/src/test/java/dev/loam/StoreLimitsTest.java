package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A limit can be moved as far as its bounds, and no further. */
final class StoreLimitsTest {
    private static final StoreLimits DEFAULT = StoreLimits.DEFAULT;

    @Test
    void limitsAreTakenUpToTheirBoundsAndRefusedBeyond() {
        check("vaults", () -> DEFAULT.vaults(100_000), () -> DEFAULT.vaults(100_001));
        check("vaults", () -> DEFAULT.vaults(1), () -> DEFAULT.vaults(0));
        check(
                "keysPerVault",
                () -> DEFAULT.keysPerVault(100_000_000),
                () -> DEFAULT.keysPerVault(100_000_001));
        check(
                "valueBytes",
                () -> DEFAULT.valueBytes(1 << 20),
                () -> DEFAULT.valueBytes(1 + (1 << 20)));
        check("scanResults", () -> DEFAULT.scanResults(10_000), () -> DEFAULT.scanResults(10_001));
        check("recallHits", () -> DEFAULT.recallHits(10_000), () -> DEFAULT.recallHits(10_001));
        Duration longest = Duration.ofMinutes(10);
        check("leases", () -> DEFAULT.leases(1_024, longest), () -> DEFAULT.leases(1_025, longest));
        check(
                "leaseTime",
                () -> DEFAULT.leases(1, longest),
                () -> DEFAULT.leases(1, longest.plusMillis(1)));
        check(
                "queuedWrites",
                () -> DEFAULT.queue(65_536, 1L << 30),
                () -> DEFAULT.queue(65_537, 1L << 30));
        check(
                "queuedBytes",
                () -> DEFAULT.queue(1, 4L << 20),
                () -> DEFAULT.queue(1, (4L << 20) - 1));
    }

    private static void check(
            String limit, Supplier<StoreLimits> within, Supplier<StoreLimits> beyond) {
        assertThatNoException().isThrownBy(within::get);
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(beyond::get)
                .satisfies(
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                .withMessageContaining(limit);
    }
}
