package dev.loam.cli;

import picocli.CommandLine.Option;

/** Help, for commands that only group others. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;
}
