package dev.loam.longrun;

/** What merging costs, beside others. Started by {@code tools/bench merge}. */
public final class MergeBenchmarks {
    private MergeBenchmarks() {}

    /** Arguments: a directory, which this benchmark has no use for. */
    public static void main(String[] arguments) throws Exception {
        MergeBenchmark.run();
    }
}
