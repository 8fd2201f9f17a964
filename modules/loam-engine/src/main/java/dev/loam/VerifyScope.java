package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;

/** How much of a store {@link Loam#verify(VerifyScope, Progress)} reads. */
public sealed interface VerifyScope {
    /** The most batches that a sample may have. */
    int SAMPLE_MAX = 1_000_000;

    /** The list of segments, and of each its length and what its footer says of it; no batch. */
    record Quick() implements VerifyScope {}

    /**
     * So many batches, chosen by chance, or all if there are not more: checksum and form.
     *
     * @param batches 1 to {@value #SAMPLE_MAX}
     * @param seed the same one chooses the same batches of the same log
     */
    record Sample(int batches, long seed) implements VerifyScope {
        public Sample {
            if (batches < 1) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, "a sample has at least one batch");
            }
            Limits.check("batches of a sample", batches, SAMPLE_MAX);
        }
    }

    /** Every frame, checksum, chain and seal. */
    record Full() implements VerifyScope {}
}
