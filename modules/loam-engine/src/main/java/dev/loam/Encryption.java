package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.Suite;
import java.time.Duration;
import java.util.Optional;

/**
 * How a store is sealed, and by what it is opened. Immutable; each method gives a changed copy.
 *
 * @param source of the secret that opens one of the store's key slots; of the first one, if the
 *     store is made
 * @param suite of a store that is made; one that is there keeps its own
 * @param rotateAfter after how long the store changes its master key by itself; empty for never
 * @param allowsDirectKey whether a key may be handed in as bytes, which is for tests
 */
public record Encryption(
        KeySource source, Suite suite, Optional<Duration> rotateAfter, boolean allowsDirectKey) {
    /** After how long a master key is changed unless an option says otherwise. */
    public static final Duration ROTATE_AFTER = Duration.ofDays(90);

    /** AES-256-GCM, the standard cost of passphrases, another master key every 90 days. */
    public static Encryption by(KeySource source) {
        return new Encryption(source, Suite.AES_256_GCM, Optional.of(ROTATE_AFTER), false);
    }

    public Encryption suite(Suite chosen) {
        return new Encryption(source, chosen, rotateAfter, allowsDirectKey);
    }

    /**
     * @param age of the master key; at least a day
     * @throws LoamException {@code INVALID_ARGUMENT} if it is less
     */
    public Encryption rotateAfter(Duration age) {
        if (age.compareTo(Duration.ofDays(1)) < 0) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a master key cannot be changed every " + age + ", a day is the least");
        }
        return new Encryption(source, suite, Optional.of(age), allowsDirectKey);
    }

    /** The master key is changed when somebody asks for it, or a device is revoked. */
    public Encryption rotateNever() {
        return new Encryption(source, suite, Optional.empty(), allowsDirectKey);
    }

    /** Takes {@link KeySource#direct}, which nobody keeps safe. */
    public Encryption allowDirectKey() {
        return new Encryption(source, suite, rotateAfter, true);
    }

    /** The secret, to open a slot of this store; to be closed. */
    SlotSecret toOpen(StoreId store) {
        refuseDirect(source);
        return source.toOpen(store);
    }

    /** The secret that another source gives, to make a slot with; to be closed. */
    SlotSecret toMake(KeySource other, StoreId store, Environment environment) {
        refuseDirect(other);
        return other.toMake(store, environment);
    }

    private void refuseDirect(KeySource asked) {
        if (asked.isDirect() && !allowsDirectKey) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "a key that is handed in as bytes is for tests, and refused unless the options"
                            + " allow it; give a key file, a passphrase, the keychain or the"
                            + " environment");
        }
    }
}
