package dev.loam.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * This process's own descriptors and terminal. A descriptor is opened anew through {@code /dev/fd}:
 * a pipe goes on where it is, a file begins at its first line.
 */
final class ProcessSecretInput implements SecretInput {
    @Override
    public InputStream descriptor(int number) throws IOException {
        return number == 0 ? stdin() : new FileInputStream("/dev/fd/" + number);
    }

    /** Not {@code System.in}, which reads ahead and keeps that; left open for the command. */
    private static InputStream stdin() {
        return new FilterInputStream(new FileInputStream(FileDescriptor.in)) {
            @Override
            public void close() {}
        };
    }

    @Override
    public boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    @Override
    public Optional<char[]> ask(String question) {
        return Optional.ofNullable(System.console())
                .flatMap(console -> Optional.ofNullable(console.readPassword("%s", question)));
    }
}
