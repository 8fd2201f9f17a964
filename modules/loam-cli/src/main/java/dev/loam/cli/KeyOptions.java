package dev.loam.cli;

import dev.loam.KeySource;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.KeyFile;
import dev.loam.crypto.SlotSecret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * By what a sealed store is opened. The first of these counts: an option; {@code LOAM_KEY} or
 * {@code LOAM_KEY_FILE}; the keychain, if the store has a slot for it; a passphrase asked for at
 * the terminal, if the store has a slot for one. No secret is ever an argument.
 */
final class KeyOptions {
    private static final String KEY_FILE_VARIABLE = "LOAM_KEY_FILE";

    @ArgGroup(
            exclusive = true,
            heading = "The key of a sealed store, else $LOAM_KEY or $LOAM_KEY_FILE:%n")
    private @Nullable Choice choice;

    /** One of them at most; picocli refuses two. */
    static final class Choice {
        @Option(
                names = "--key-file",
                paramLabel = "FILE",
                description = "A key file, which its owner alone may read.")
        private @Nullable Path keyFile;

        @Option(
                names = "--passphrase-fd",
                paramLabel = "N",
                converter = DescriptorConverter.class,
                description = "A passphrase: the first line of descriptor N; 0 is stdin.")
        private @Nullable Integer passphraseDescriptor;

        @Option(names = "--ask-passphrase", description = "A passphrase, asked for here.")
        private boolean asksPassphrase;

        @Option(
                names = "--recovery-code-fd",
                paramLabel = "N",
                converter = DescriptorConverter.class,
                description = "The recovery code: the first line of descriptor N.")
        private @Nullable Integer codeDescriptor;

        @Option(names = "--ask-recovery-code", description = "The recovery code, asked for here.")
        private boolean asksCode;

        @Option(names = "--keychain", description = "The operating system's keychain.")
        private boolean keychain;

        /** Empty if a switch was given as switched off. */
        private Optional<KeySource> source(SecretInput input) {
            if (keyFile != null) {
                return Optional.of(KeySource.keyFile(keyFile));
            }
            if (passphraseDescriptor != null) {
                return Optional.of(
                        KeySource.passphrase(
                                SecretLine.read(input, passphraseDescriptor, "--passphrase-fd")));
            }
            if (codeDescriptor != null) {
                return Optional.of(
                        KeySource.recoveryCode(
                                SecretLine.read(input, codeDescriptor, "--recovery-code-fd")));
            }
            if (asksPassphrase) {
                return Optional.of(askPassphrase(input));
            }
            if (asksCode) {
                return Optional.of(
                        KeySource.recoveryCode(
                                SecretLine.ask(
                                        input,
                                        "Recovery code: ",
                                        "give it by --recovery-code-fd")));
            }
            return keychain ? Optional.of(KeySource.keychain()) : Optional.empty();
        }
    }

    /** Whether an option says it. */
    boolean isChosen() {
        return choice != null;
    }

    /**
     * What was given, without a look at any store, and without asking anybody who does not want to
     * be asked. Reads what the options name; may be called once.
     *
     * @return to be closed; empty if nothing was given
     * @throws LoamException {@code INVALID_ARGUMENT} if the environment gives two
     */
    Optional<KeySource> given(Surroundings surroundings) {
        return choice != null
                ? choice.source(surroundings.secrets())
                : ofEnvironment(surroundings.environment());
    }

    /**
     * What was given, else what opens this store without being named: its keychain's item, or a
     * passphrase if there is somebody to ask. May be called once.
     *
     * @return to be closed; empty if there is no way but to be told one
     */
    Optional<KeySource> keySource(KeyFile file, Surroundings surroundings) {
        Optional<KeySource> given = given(surroundings);
        if (given.isPresent()) {
            return given;
        }
        if (hasSlot(file, SlotSecret.Source.KEYCHAIN)) {
            return Optional.of(KeySource.keychain());
        }
        return hasSlot(file, SlotSecret.Source.PASSPHRASE) && surroundings.secrets().isTerminal()
                ? Optional.of(askPassphrase(surroundings.secrets()))
                : Optional.empty();
    }

    private static boolean hasSlot(KeyFile file, SlotSecret.Source source) {
        return file.slots().stream().anyMatch(slot -> slot.source() == source);
    }

    private static KeySource askPassphrase(SecretInput input) {
        return KeySource.passphrase(
                SecretLine.ask(input, "Passphrase: ", "give it by --passphrase-fd"));
    }

    /** A variable that is empty counts as one that is not set. */
    static Optional<KeySource> ofEnvironment(Map<String, String> environment) {
        String keyFile = environment.getOrDefault(KEY_FILE_VARIABLE, "");
        boolean hasKey = !environment.getOrDefault(KeySource.VARIABLE, "").isEmpty();
        if (hasKey && !keyFile.isEmpty()) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "both "
                            + KeySource.VARIABLE
                            + " and "
                            + KEY_FILE_VARIABLE
                            + " are set; unset one, or name the source by an option");
        }
        if (hasKey) {
            return Optional.of(KeySource.environment(KeySource.VARIABLE, environment));
        }
        return keyFile.isEmpty()
                ? Optional.empty()
                : Optional.of(KeySource.keyFile(Path.of(keyFile)));
    }
}
