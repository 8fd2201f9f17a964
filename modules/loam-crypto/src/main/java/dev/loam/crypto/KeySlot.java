package dev.loam.crypto;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * One way to the master key: a pair of X25519 keys of which the private half is wrapped under what
 * the slot's secret gives, and the master key in a box for the public half. So the master key can
 * be changed without any slot's secret.
 *
 * @param number 1 to 255; not given to another slot while this one is there
 * @param label for people
 * @param made when the slot was
 * @param cost of the passphrase, where it is one
 * @param commitment tells whether a secret is the slot's
 * @param box the master key, or the key of a stream
 */
record KeySlot(
        int number,
        SlotSecret.Source source,
        String label,
        Instant made,
        Optional<PassphraseCost> cost,
        Bytes salt,
        Bytes publicKey,
        Bytes wrapped,
        Bytes commitment,
        Bytes box) {
    static final int NUMBER_MAX = 255;
    static final int LABEL_CHARS_MAX = 64;

    private static final int WRAPPED_BYTES = BoxKey.PRIVATE_BYTES + KeyWrap.OVERHEAD_BYTES;
    private static final String SLOT = "slot";

    /** With a new pair of keys. */
    static KeySlot make(
            int number,
            String label,
            Instant now,
            SlotSecret secret,
            Boxed content,
            SecureRandom random) {
        byte[] salt = new byte[PassphraseCost.SALT_BYTES];
        random.nextBytes(salt);
        Optional<PassphraseCost> cost =
                secret instanceof SlotSecret.Passphrase(var _, PassphraseCost asked)
                        ? Optional.of(asked)
                        : Optional.empty();
        Bytes context = context(content.store(), number);
        try (Secret slotKey = slotKey(secret, cost, Bytes.copyOf(salt), context);
                Secret privateKey = BoxKey.generate(random)) {
            Bytes publicKey = BoxKey.publicOf(privateKey);
            return new KeySlot(
                    number,
                    secret.source(),
                    label,
                    now,
                    cost,
                    Bytes.copyOf(salt),
                    publicKey,
                    KeyWrap.wrap(slotKey, privateKey),
                    KeyDerivation.commitment(slotKey, Bytes.EMPTY, context),
                    content.boxFor(publicKey, random));
        }
    }

    /**
     * What lies in a slot's box.
     *
     * @param store whose slot it is
     * @param context what the key is; only under the same can the box be opened
     */
    record Boxed(StoreId store, Bytes context, Secret key) {
        Bytes boxFor(Bytes publicKey, SecureRandom random) {
            return BoxKey.close(publicKey, random, context, key);
        }
    }

    /** A master key, and what it is bound to. */
    record Master(StoreId store, long epoch, Secret key) {
        Bytes context() {
            return context(store, epoch);
        }

        Boxed boxed() {
            return new Boxed(store, context(), key);
        }

        static Bytes context(StoreId store, long epoch) {
            return new ByteWriter().raw(store.bytes()).fixed64(epoch).toBytes();
        }
    }

    /** The same slot around another key. */
    KeySlot around(Boxed next, SecureRandom random) {
        return new KeySlot(
                number,
                source,
                label,
                made,
                cost,
                salt,
                publicKey,
                wrapped,
                commitment,
                next.boxFor(publicKey, random));
    }

    /** The same slot without the words that people gave it. */
    KeySlot unlabelled() {
        return new KeySlot(
                number, source, "", made, cost, salt, publicKey, wrapped, commitment, box);
    }

    /** The key that the secret gives; empty if it is not this slot's secret. */
    Optional<Secret> slotKey(SlotSecret secret, StoreId store) {
        if (secret.source() == SlotSecret.Source.PASSPHRASE ^ cost.isPresent()) {
            return Optional.empty();
        }
        Bytes context = context(store, number);
        Secret key = slotKey(secret, cost, salt, context);
        if (KeyDerivation.isOf(key, Bytes.EMPTY, context, commitment)) {
            return Optional.of(key);
        }
        key.close();
        return Optional.empty();
    }

    /** The key in the box; empty if the slot is not as it was written. */
    Optional<Secret> open(Secret slotKey, Bytes boxContext) {
        return KeyWrap.unwrap(slotKey, wrapped)
                .flatMap(
                        privateKey -> {
                            try (privateKey) {
                                return BoxKey.open(privateKey, boxContext, box);
                            }
                        });
    }

    private static Secret slotKey(
            SlotSecret secret, Optional<PassphraseCost> cost, Bytes salt, Bytes context) {
        return switch (secret) {
            case SlotSecret.Passphrase(Secret text, PassphraseCost asked) ->
                    cost.orElse(asked).key(text, salt);
            case SlotSecret.Key(var _, Secret key) ->
                    KeyDerivation.derive(key, salt, SLOT, context);
        };
    }

    private static Bytes context(StoreId store, int number) {
        return new ByteWriter().raw(store.bytes()).u8(number).toBytes();
    }

    void write(ByteWriter to) {
        to.u8(number).u8(source.number()).utf8(label).varint(made.toEpochMilli());
        cost.ifPresent(
                each -> to.varint(each.memoryKib()).varint(each.passes()).varint(each.lanes()));
        to.raw(salt).raw(publicKey).raw(wrapped).raw(commitment).raw(box);
    }

    static KeySlot read(ByteReader from) {
        int number = from.u8();
        SlotSecret.Source source = SlotSecret.Source.of(from.u8());
        String label = from.utf8();
        Instant made = Instant.ofEpochMilli(from.varint());
        Optional<PassphraseCost> cost =
                source == SlotSecret.Source.PASSPHRASE
                        ? Optional.of(
                                new PassphraseCost(
                                        number(from, "memory"),
                                        number(from, "passes"),
                                        number(from, "lanes")))
                        : Optional.empty();
        return new KeySlot(
                number,
                source,
                label,
                made,
                cost,
                from.raw(PassphraseCost.SALT_BYTES),
                from.raw(BoxKey.PUBLIC_BYTES),
                from.raw(WRAPPED_BYTES),
                from.raw(KeyDerivation.COMMITMENT_BYTES),
                from.raw(BoxKey.BOX_BYTES));
    }

    private static int number(ByteReader from, String what) {
        long value = from.varint();
        if (value > Integer.MAX_VALUE) {
            throw from.corrupt("its " + what + " is " + value);
        }
        return (int) value;
    }
}
