package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.util.stream.Stream;

/**
 * What opens a slot of a key file: a passphrase, from which a key is made at a cost, or a key. The
 * caller closes it.
 */
public sealed interface SlotSecret extends AutoCloseable {
    /** Where the secret of a slot comes from. */
    enum Source {
        PASSPHRASE(1, "passphrase"),
        KEY_FILE(2, "key file"),
        ENVIRONMENT(3, "environment"),
        KEYCHAIN(4, "keychain"),
        RECOVERY_CODE(5, "recovery code"),
        DIRECT(6, "direct");

        private final int number;
        private final String words;

        Source(int number, String words) {
            this.number = number;
            this.words = words;
        }

        /** In files; never given to another. */
        public int number() {
            return number;
        }

        /**
         * @throws LoamException {@code FORMAT_VERSION} for a number that this version does not know
         */
        static Source of(int number) {
            return Stream.of(values())
                    .filter(each -> each.number == number)
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new LoamException(
                                            ErrorCode.FORMAT_VERSION,
                                            "the key file has a slot of kind "
                                                    + number
                                                    + ", which a newer version of Loam made"));
        }

        /** For people. */
        @Override
        public String toString() {
            return words;
        }
    }

    Source source();

    @Override
    void close();

    /**
     * @param text in UTF-8 and normal form C
     * @param cost of a slot that is made with it; one that is opened says its own
     */
    record Passphrase(Secret text, PassphraseCost cost) implements SlotSecret {
        @Override
        public Source source() {
            return Source.PASSPHRASE;
        }

        @Override
        public void close() {
            text.close();
        }
    }

    /**
     * @param key of {@link Suite#KEY_BYTES} random bytes
     */
    record Key(Source source, Secret key) implements SlotSecret {
        public Key {
            Invariant.check(source != Source.PASSPHRASE, "a passphrase is no key");
            Invariant.check(key.size() == Suite.KEY_BYTES, "key has {0} bytes", key.size());
        }

        @Override
        public void close() {
            key.close();
        }
    }
}
