package dev.loam.crypto;

import java.util.List;

/** Runs the operating system's tool for its keychain. Any thread. */
public interface KeychainTool {
    /** What became of a run. */
    sealed interface Answer extends AutoCloseable {
        @Override
        void close();

        /**
         * The tool ended by itself.
         *
         * @param output what it printed on stdout; may hold a key
         */
        record Ended(int exitCode, Secret output) implements Answer {
            @Override
            public void close() {
                output.close();
            }
        }

        /**
         * It did not start, did not end in time, or printed too much.
         *
         * @param why for people, as what the tool did
         */
        record Failed(String why) implements Answer {
            @Override
            public void close() {}
        }
    }

    /**
     * Runs it to its end, for a time and an output that are bounded.
     *
     * @param command the program and its arguments, none of them secret
     * @param input for its stdin, which then ends
     * @return to be closed
     */
    Answer run(List<String> command, Secret input);
}
