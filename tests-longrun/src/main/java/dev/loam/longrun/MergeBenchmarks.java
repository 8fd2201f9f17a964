package dev.loam.longrun;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What merging costs, beside other libraries, and what it leaves in the states. Started by {@code
 * tools/bench merge}; no test asserts on the figures.
 */
public final class MergeBenchmarks {
    private MergeBenchmarks() {}

    /** Arguments: a directory to work in; the directory of the other libraries' adapters. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "loam-bench-merge");
        try {
            MergeBenchmark.run(Path.of(arguments[1]), directory);
            StoreMergeBenchmark.run(directory);
            MetadataBenchmark.run();
        } finally {
            Benchmarks.delete(directory);
        }
    }
}
