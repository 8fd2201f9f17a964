package dev.loam.cli;

import dev.loam.KeySource;
import dev.loam.crypto.SlotSecret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** By what a file is sealed or opened that leaves the store: an export. */
final class FileKeyOptions {
    @ArgGroup(exclusive = true, heading = "The key of a sealed file, by one of these:%n")
    private @Nullable Choice choice;

    /** One of them at most; picocli refuses two. */
    static final class Choice {
        @Option(
                names = "--file-passphrase-fd",
                paramLabel = "N",
                converter = DescriptorConverter.class,
                description = "A passphrase: the first line of descriptor N; 0 is stdin.")
        private @Nullable Integer passphraseDescriptor;

        @Option(
                names = "--file-key-file",
                paramLabel = "FILE",
                description = "A key file, which its owner alone may read.")
        private @Nullable Path keyFile;

        @Option(
                names = "--file-recovery-code-fd",
                paramLabel = "N",
                converter = DescriptorConverter.class,
                description = "The recovery code of the store that it came from.")
        private @Nullable Integer codeDescriptor;

        private Optional<KeySource> source(SecretInput input) {
            if (passphraseDescriptor != null) {
                return Optional.of(
                        KeySource.passphrase(
                                SecretLine.read(
                                        input, passphraseDescriptor, "--file-passphrase-fd")));
            }
            if (codeDescriptor != null) {
                return Optional.of(
                        KeySource.recoveryCode(
                                SecretLine.read(input, codeDescriptor, "--file-recovery-code-fd")));
            }
            return Optional.ofNullable(keyFile).map(KeySource::keyFile);
        }
    }

    /**
     * What was given; may be called once.
     *
     * @return to be closed
     */
    Optional<SlotSecret> secret(Surroundings surroundings) {
        Optional<KeySource> source =
                Optional.ofNullable(choice).flatMap(each -> each.source(surroundings.secrets()));
        try {
            return source.map(KeySource::forFile);
        } finally {
            source.ifPresent(KeySource::close);
        }
    }

    boolean isGiven() {
        return choice != null;
    }
}
