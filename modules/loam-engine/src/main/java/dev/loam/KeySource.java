package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.KeyOnDisk;
import dev.loam.crypto.KeyText;
import dev.loam.crypto.Keychain;
import dev.loam.crypto.PassphraseCost;
import dev.loam.crypto.PassphraseText;
import dev.loam.crypto.RecoveryCode;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the secret comes from that opens a sealed store. One may be asked as often as a store is
 * opened. Key files, the environment and the keychain are looked at each time; a passphrase, a
 * recovery code and a key that was given directly are held, outside the heap, until {@link #close}
 * or until nothing refers to the source any more. Prints its kind only. Any thread.
 */
public final class KeySource implements AutoCloseable {
    /** The environment's variable that holds a key unless another is named. */
    public static final String VARIABLE = "LOAM_KEY";

    private static final int KEY_BYTES = 32;

    /** Only an item of a keychain is of some store. */
    private static final StoreId NO_STORE = new StoreId(Bytes.adopt(new byte[StoreId.SIZE]));

    /** How the secret is come by. */
    private sealed interface Way {
        /**
         * @param cost of a slot that is made with it; empty to let the machine's speed decide
         */
        record TypedPassphrase(Secret text, Optional<PassphraseCost> cost) implements Way {}

        record HeldKey(SlotSecret.Source kind, Secret key) implements Way {}

        record FileOfKey(Path path) implements Way {}

        record Variable(Map<String, String> environment, String name) implements Way {}

        /**
         * @param account of the item; empty for one that is named after the store
         */
        record KeychainItem(Supplier<Keychain> keychain, Optional<String> account) implements Way {
            String accountFor(StoreId store) {
                return account.orElseGet(store::toString);
            }
        }
    }

    private final Way way;

    private KeySource(Way way) {
        this.way = way;
    }

    /**
     * A passphrase that somebody typed. A slot made with it costs each try about half a second on
     * this machine.
     *
     * @param typed overwritten with zeros by this call, whatever happens
     * @throws LoamException {@code KEY_MALFORMED} if it is empty, has control characters, or is no
     *     Unicode; {@code LIMIT_EXCEEDED} above {@value PassphraseText#CHARS_MAX} {@code char}s
     */
    public static KeySource passphrase(char[] typed) {
        return new KeySource(new Way.TypedPassphrase(PassphraseText.take(typed), Optional.empty()));
    }

    /**
     * The same at a cost of the caller's choice.
     *
     * @param cost of a try, in a slot that is made with it; one that is opened says its own
     */
    public static KeySource passphrase(char[] typed, PassphraseCost cost) {
        return new KeySource(
                new Way.TypedPassphrase(PassphraseText.take(typed), Optional.of(cost)));
    }

    /**
     * A file with a key as text: a regular file of mode 0600 or stricter, in a directory of mode
     * 0700 or stricter.
     */
    public static KeySource keyFile(Path file) {
        return new KeySource(new Way.FileOfKey(file));
    }

    /** The variable {@value #VARIABLE}, see {@link #environment(String)}. */
    public static KeySource environment() {
        return environment(VARIABLE);
    }

    /**
     * A variable of the environment with a key as text. Every process that this one starts inherits
     * it, the system shows it to others of the same user, and nobody can overwrite it: for
     * containers and tests, where nothing better is there. Opening the store notes that.
     *
     * @param variable its name
     */
    public static KeySource environment(String variable) {
        return environment(variable, System.getenv());
    }

    /**
     * The same for an environment that is not this process's own.
     *
     * @param variables by their names; looked at whenever the secret is needed
     */
    public static KeySource environment(String variable, Map<String, String> variables) {
        return new KeySource(new Way.Variable(variables, variable));
    }

    /**
     * A recovery code as it was printed, or as a word processor made it of that: any dash and any
     * space will do.
     *
     * @param typed overwritten with zeros by this call, whatever happens
     * @throws LoamException {@code KEY_MALFORMED} if it is not whole, or was mistyped
     */
    public static KeySource recoveryCode(char[] typed) {
        for (int i = 0; i < typed.length; i++) {
            typed[i] =
                    switch (Character.getType(typed[i])) {
                        case Character.DASH_PUNCTUATION -> '-';
                        case Character.SPACE_SEPARATOR -> ' ';
                        default -> typed[i];
                    };
        }
        try (Secret code = ascii(typed)) {
            return new KeySource(
                    new Way.HeldKey(SlotSecret.Source.RECOVERY_CODE, RecoveryCode.key(code)));
        }
    }

    /** The operating system's keychain, in which each store has an item of its own. */
    public static KeySource keychain() {
        return keychain(KeySource::systemKeychain, Optional.empty());
    }

    /**
     * An item of the operating system's keychain.
     *
     * @param account its name: 1 to 128 of {@code A-Za-z0-9._-}, first a letter or digit
     */
    public static KeySource keychain(String account) {
        return keychain(KeySource::systemKeychain, Optional.of(account));
    }

    static KeySource keychain(Supplier<Keychain> keychain, Optional<String> account) {
        return new KeySource(new Way.KeychainItem(keychain, account));
    }

    private static Keychain systemKeychain() {
        Map<String, String> environment = System.getenv();
        return Keychain.find(
                System.getProperty("os.name"),
                KeychainProcess.searched(environment),
                new KeychainProcess(environment, KeychainProcess.TIMEOUT_MILLIS));
    }

    /**
     * A key itself, for tests: it has been on the heap, and whoever made it may have made it badly.
     * Refused unless the options allow it.
     *
     * @param key 32 random bytes, overwritten with zeros by this call, whatever happens
     * @throws LoamException {@code KEY_MALFORMED} if there are more or fewer
     */
    public static KeySource direct(byte[] key) {
        int size = key.length;
        Secret taken = Secret.take(key);
        if (size != KEY_BYTES) {
            taken.close();
            throw new LoamException(
                    ErrorCode.KEY_MALFORMED,
                    "a key has " + KEY_BYTES + " bytes, and not " + size + "; give 32 random ones");
        }
        return new KeySource(new Way.HeldKey(SlotSecret.Source.DIRECT, taken));
    }

    /** Of which kind the slots are that it opens. */
    SlotSecret.Source kind() {
        return switch (way) {
            case Way.TypedPassphrase passphrase -> SlotSecret.Source.PASSPHRASE;
            case Way.HeldKey held -> held.kind();
            case Way.FileOfKey file -> SlotSecret.Source.KEY_FILE;
            case Way.Variable variable -> SlotSecret.Source.ENVIRONMENT;
            case Way.KeychainItem item -> SlotSecret.Source.KEYCHAIN;
        };
    }

    /** Whether it is a key itself, which only the options can allow. */
    boolean isDirect() {
        return kind() == SlotSecret.Source.DIRECT;
    }

    /** What whoever opens a store with it should know, as a note of the opening. */
    Optional<String> warning() {
        return switch (way) {
            case Way.Variable variable ->
                    Optional.of(
                            "the key comes from the environment ("
                                    + variable.name()
                                    + "): programs that this one starts inherit it, and it cannot"
                                    + " be wiped; a key file keeps it better");
            case Way.HeldKey held when held.kind() == SlotSecret.Source.DIRECT ->
                    Optional.of("the key was given directly, which is meant for tests");
            case Way.HeldKey held -> Optional.empty();
            case Way.TypedPassphrase passphrase -> Optional.empty();
            case Way.FileOfKey file -> Optional.empty();
            case Way.KeychainItem item -> Optional.empty();
        };
    }

    /**
     * The secret, to open a slot of a store that is there. Makes nothing anywhere. To be closed.
     *
     * @throws LoamException {@code KEY_SOURCE} if the source gives none, {@code PERMISSIONS} if
     *     others may come at it, {@code KEY_MALFORMED} if what it gives is no key, {@code CLOSED}
     *     after {@link #close}
     */
    SlotSecret toOpen(StoreId store) {
        return switch (way) {
            case Way.TypedPassphrase(var text, var cost) ->
                    new SlotSecret.Passphrase(copy(text), cost.orElse(PassphraseCost.STANDARD));
            case Way.HeldKey(var kind, var key) -> new SlotSecret.Key(kind, copy(key));
            case Way.FileOfKey(var path) -> KeyOnDisk.read(path);
            case Way.Variable(var variables, var name) ->
                    new SlotSecret.Key(SlotSecret.Source.ENVIRONMENT, ofVariable(variables, name));
            case Way.KeychainItem item ->
                    new SlotSecret.Key(
                            SlotSecret.Source.KEYCHAIN,
                            item.keychain().get().open(item.accountFor(store)));
        };
    }

    /**
     * The secret, to make a slot that it opens from then on. In a keychain this makes an item, and
     * a passphrase must not be too easy to guess; anything else is there already. To be closed.
     *
     * @throws LoamException as {@link #toOpen}; {@code KEY_WEAK} for a passphrase of fewer than
     *     {@value PassphraseText#CODE_POINTS_MIN} characters; {@code EXISTS} if the keychain has an
     *     item of that name
     */
    SlotSecret toMake(StoreId store, Environment environment) {
        return switch (way) {
            case Way.TypedPassphrase(var text, var cost) -> {
                PassphraseText.checkStrength(text);
                yield new SlotSecret.Passphrase(
                        copy(text), cost.orElseGet(() -> CostChoice.measured(environment)));
            }
            case Way.KeychainItem item ->
                    new SlotSecret.Key(
                            SlotSecret.Source.KEYCHAIN,
                            item.keychain()
                                    .get()
                                    .create(item.accountFor(store), environment.random()));
            case Way.HeldKey held -> toOpen(store);
            case Way.FileOfKey file -> toOpen(store);
            case Way.Variable variable -> toOpen(store);
        };
    }

    /**
     * The secret, to seal or to open a file that leaves the store. To be closed.
     *
     * @throws LoamException as for opening a store; {@code INVALID_ARGUMENT} for a keychain, whose
     *     items belong to stores
     */
    public SlotSecret forFile() {
        if (kind() == SlotSecret.Source.KEYCHAIN) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a keychain's item belongs to a store, and seals no other file; give a"
                            + " passphrase or a key file");
        }
        return toOpen(NO_STORE);
    }

    /**
     * Takes the item of a store out of the keychain, once the slot is removed that it opened. What
     * was made while the slot was there, such as a backup, is from then on opened by the other
     * slots of that time only.
     *
     * @throws LoamException {@code KEY_SOURCE} if the keychain gives no such item, for it is locked
     *     or has none, or keeps it; {@code INVALID_ARGUMENT} for a source that is no keychain
     */
    public void removeItem(StoreId store) {
        if (!(way instanceof Way.KeychainItem item)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "only a keychain has items, and not a " + this);
        }
        Keychain keychain = item.keychain().get();
        String account = item.accountFor(store);
        // One that is locked removes nothing, and would be taken for one that has.
        keychain.open(account).close();
        keychain.remove(account);
    }

    private static Secret copy(Secret held) {
        return held.with(Secret::take);
    }

    private static Secret ofVariable(Map<String, String> variables, String name) {
        String value = variables.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "the variable "
                            + name
                            + " of the environment is not set; give the key there, or by a key"
                            + " file, a passphrase, the keychain or the recovery code");
        }
        try (Secret text = ascii(value.toCharArray())) {
            return KeyText.decode(text);
        } catch (LoamException other) {
            throw new LoamException(
                    other.code(),
                    "the variable "
                            + name
                            + " of the environment holds something else than a whole key, which"
                            + " begins with "
                            + KeyText.PREFIX
                            + "; a passphrase is never taken from there",
                    other);
        }
    }

    /** What is not ASCII becomes a byte that no key and no code has. */
    private static Secret ascii(char[] typed) {
        byte[] bytes = new byte[typed.length];
        for (int i = 0; i < typed.length; i++) {
            bytes[i] = typed[i] <= '~' ? (byte) typed[i] : (byte) 0x7F;
        }
        Arrays.fill(typed, '\0');
        return Secret.take(bytes);
    }

    /** Overwrites what it holds; it gives no secret after that. */
    @Override
    public void close() {
        switch (way) {
            case Way.TypedPassphrase(var text, var cost) -> text.close();
            case Way.HeldKey(var kind, var key) -> key.close();
            case Way.FileOfKey file -> {}
            case Way.Variable variable -> {}
            case Way.KeychainItem item -> {}
        }
    }

    /** Its kind. */
    @Override
    public String toString() {
        return kind().toString();
    }
}
