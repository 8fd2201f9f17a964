package dev.loam.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** By which ways whoever started this process can hand it a secret. */
interface SecretInput {
    /**
     * What an inherited file descriptor gives. Nothing is read ahead: what follows a secret on
     * stdin is left to the command.
     *
     * @return to be closed
     * @throws IOException if there is none of that number, or it cannot be read
     */
    InputStream descriptor(int number) throws IOException;

    /** Whether somebody can be asked. */
    boolean isTerminal();

    /**
     * Asks at the terminal, without showing what is typed.
     *
     * @return what was typed, to be overwritten; empty if the input ended instead
     */
    Optional<char[]> ask(String question);

    /** None at all. */
    static SecretInput none() {
        return new SecretInput() {
            @Override
            public InputStream descriptor(int number) throws IOException {
                throw new IOException("there are no descriptors");
            }

            @Override
            public boolean isTerminal() {
                return false;
            }

            @Override
            public Optional<char[]> ask(String question) {
                return Optional.empty();
            }
        };
    }
}
