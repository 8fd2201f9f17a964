package dev.loam.cli;

import dev.loam.KeySource;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** By what a store is to be opened from now on. No secret is ever an argument. */
final class NewKeyOptions {
    private static final int KEY_BYTES = 32;

    @ArgGroup(exclusive = true, heading = "What the store is to be opened by, one of these:%n")
    private @Nullable Choice choice;

    /** One of them at most; picocli refuses two. */
    static final class Choice {
        @Option(
                names = "--new-passphrase",
                description = "A passphrase, asked for twice at the terminal.")
        private boolean asksPassphrase;

        @Option(
                names = "--new-passphrase-fd",
                paramLabel = "N",
                converter = DescriptorConverter.class,
                description = "A passphrase: the first line of descriptor N; 0 is stdin.")
        private @Nullable Integer passphraseDescriptor;

        @Option(
                names = "--make-key-file",
                paramLabel = "FILE",
                description = "A new key in a new file, which its owner alone may read.")
        private @Nullable Path madeKeyFile;

        @Option(
                names = "--use-key-file",
                paramLabel = "FILE",
                description = "The key in a file that is there.")
        private @Nullable Path usedKeyFile;

        @Option(
                names = "--make-keychain-item",
                description = "A new key in the operating system's keychain.")
        private boolean keychain;

        /** Empty if a switch was given as switched off. */
        private Optional<KeySource> source(SecretInput input) {
            if (passphraseDescriptor != null) {
                return Optional.of(
                        KeySource.passphrase(
                                SecretLine.read(
                                        input, passphraseDescriptor, "--new-passphrase-fd")));
            }
            if (madeKeyFile != null) {
                try (Secret key = Secret.random(new SecureRandom(), KEY_BYTES)) {
                    KeyOnDisk.create(madeKeyFile, key);
                }
                return Optional.of(KeySource.keyFile(madeKeyFile));
            }
            if (usedKeyFile != null) {
                return Optional.of(KeySource.keyFile(usedKeyFile));
            }
            if (asksPassphrase) {
                return Optional.of(
                        KeySource.passphrase(
                                SecretLine.askTwice(
                                        input,
                                        "New passphrase: ",
                                        "give it by --new-passphrase-fd")));
            }
            return keychain ? Optional.of(KeySource.keychain()) : Optional.empty();
        }
    }

    /**
     * What was chosen. Makes the key file that was asked for, so that it may be called once; the
     * keychain's item is made with the slot.
     *
     * @return to be closed; empty if nothing was chosen
     * @throws LoamException as {@link SecretLine} and {@link KeyOnDisk#create}
     */
    Optional<KeySource> keySource(Surroundings surroundings) {
        return Optional.ofNullable(choice).flatMap(chosen -> chosen.source(surroundings.secrets()));
    }

    /** Whether an option says it. */
    boolean isChosen() {
        return choice != null;
    }

    /** Whether an option says it, or the environment. */
    boolean isThere(Surroundings surroundings) {
        return isChosen() || KeyOptions.ofEnvironment(surroundings.environment()).isPresent();
    }

    /** For a store that is new, to which the environment's key belongs as well. */
    Optional<KeySource> keySourceOrEnvironment(Surroundings surroundings) {
        return choice != null
                ? keySource(surroundings)
                : KeyOptions.ofEnvironment(surroundings.environment());
    }
}
