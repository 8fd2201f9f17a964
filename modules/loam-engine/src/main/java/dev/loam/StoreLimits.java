package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import java.time.Duration;

/**
 * The bounds of a store that its options may move. They bind what is written and asked here; what
 * arrives from other devices beyond one is taken, and told. Immutable; each method gives a changed
 * copy.
 *
 * @param vaults that a store holds, 1 to 100,000
 * @param keysPerVault living memories of a vault, 1 to 100,000,000
 * @param valueBytes of one value, 1 to 1 MiB; what is larger is an attachment
 * @param scanResults of one page of a scan, 1 to 10,000
 * @param recallHits of one recall, 1 to 10,000
 * @param leases views that may be open at once, 1 to 1,024
 * @param leaseTime after which a view that is still open is closed, 1 ms to 10 minutes
 * @param queuedWrites that wait for the writer, 1 to 65,536
 * @param queuedBytes of what waits for the writer, 4 MiB to 1 GiB
 */
public record StoreLimits(
        int vaults,
        int keysPerVault,
        int valueBytes,
        int scanResults,
        int recallHits,
        int leases,
        Duration leaseTime,
        int queuedWrites,
        long queuedBytes) {
    public static final StoreLimits DEFAULT =
            new StoreLimits(
                    1_000,
                    10_000,
                    Limits.VALUE_BYTES_MAX,
                    1_000,
                    1_000,
                    64,
                    Duration.ofSeconds(60),
                    4_096,
                    32L << 20);

    /**
     * @throws LoamException {@code INVALID_CONFIG} naming the limit and its bounds
     */
    public StoreLimits {
        checkRange("vaults", vaults, 1, 100_000);
        checkRange("keysPerVault", keysPerVault, 1, 100_000_000);
        checkRange("valueBytes", valueBytes, 1, Limits.VALUE_BYTES_MAX);
        checkRange("scanResults", scanResults, 1, 10_000);
        checkRange("recallHits", recallHits, 1, 10_000);
        checkRange("leases", leases, 1, 1_024);
        checkRange("leaseTime in ms", leaseTime.toMillis(), 1, 600_000);
        checkRange("queuedWrites", queuedWrites, 1, 65_536);
        checkRange("queuedBytes", queuedBytes, Limits.BATCH_BYTES_MAX, 1L << 30);
    }

    private static void checkRange(String limit, long value, long least, long most) {
        if (value < least || value > most) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "the limit "
                            + limit
                            + " cannot be "
                            + value
                            + ", only "
                            + least
                            + " to "
                            + most);
        }
    }

    public StoreLimits vaults(int most) {
        return new StoreLimits(
                most,
                keysPerVault,
                valueBytes,
                scanResults,
                recallHits,
                leases,
                leaseTime,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits keysPerVault(int most) {
        return new StoreLimits(
                vaults,
                most,
                valueBytes,
                scanResults,
                recallHits,
                leases,
                leaseTime,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits valueBytes(int most) {
        return new StoreLimits(
                vaults,
                keysPerVault,
                most,
                scanResults,
                recallHits,
                leases,
                leaseTime,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits scanResults(int most) {
        return new StoreLimits(
                vaults,
                keysPerVault,
                valueBytes,
                most,
                recallHits,
                leases,
                leaseTime,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits recallHits(int most) {
        return new StoreLimits(
                vaults,
                keysPerVault,
                valueBytes,
                scanResults,
                most,
                leases,
                leaseTime,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits leases(int most, Duration time) {
        return new StoreLimits(
                vaults,
                keysPerVault,
                valueBytes,
                scanResults,
                recallHits,
                most,
                time,
                queuedWrites,
                queuedBytes);
    }

    public StoreLimits queue(int writes, long bytes) {
        return new StoreLimits(
                vaults,
                keysPerVault,
                valueBytes,
                scanResults,
                recallHits,
                leases,
                leaseTime,
                writes,
                bytes);
    }
}
