package dev.loam.fuzz;

import com.sun.management.ThreadMXBean;
import dev.loam.core.LoamException;
import java.lang.management.ManagementFactory;

/** Says whether a parser answered an input as it must. */
final class FuzzJudge {
    /**
     * A parser may take so much memory for nothing, and so many times what it was given. The first
     * is what a block of a compacted segment may claim to hold, twice, and what the target takes
     * itself.
     */
    private static final long ALLOCATED_BYTES_MAX = 48L << 20;

    private static final long ALLOCATED_BYTES_PER_BYTE = 2_048;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzJudge() {}

    /** Throws whatever a parser must not throw, and an {@code AssertionError} for other faults. */
    static void judge(FuzzTarget target, byte[] input) throws Exception {
        long bytesMax = ALLOCATED_BYTES_MAX + ALLOCATED_BYTES_PER_BYTE * input.length;
        // The first time classes may be loaded and changed, which takes much more.
        if (allocated(target, input) > bytesMax) {
            long again = allocated(target, input);
            if (again > bytesMax) {
                throw new AssertionError(
                        again + " bytes were allocated for an input of " + input.length);
            }
        }
    }

    private static long allocated(FuzzTarget target, byte[] input) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            target.run(input);
        } catch (LoamException refused) {
            if (!target.refusals().contains(refused.code())) {
                throw new AssertionError("refused with a code that it may not have", refused);
            }
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
