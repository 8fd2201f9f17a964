package dev.loam.crypto;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One way to the master key: a pair of X25519 keys of which the private half is wrapped under what
 * the slot's secret gives, and the master key in a box for the public half. So the master key can
 * be changed without any slot's secret.
 *
 * <p>Anybody can close a box for a public key. So the origin key, by which the store vouches for
 * all that its slots stand in, is wrapped beside the private half: who has neither a secret nor
 * ever had the master key can put nothing there that a slot's secret opens.
 *
 * @param number 1 to 255; not given to another slot while this one is there
 * @param label for people
 * @param made when the slot was
 * @param cost of the passphrase, where it is one
 * @param commitment tells whether a secret is the slot's
 * @param wrapped the private key and the origin key
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

    private static final int WRAPPED_BYTES =
            BoxKey.PRIVATE_BYTES + Suite.KEY_BYTES + KeyWrap.OVERHEAD_BYTES;
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
                    wrap(slotKey, privateKey, content.origin()),
                    KeyDerivation.commitment(slotKey, Bytes.EMPTY, context),
                    content.boxFor(publicKey, random));
        }
    }

    /**
     * What lies in a slot's box.
     *
     * @param store whose slot it is
     * @param context what the key is; only under the same can the box be opened
     * @param origin vouches for what the slot stands in
     */
    record Boxed(StoreId store, Bytes context, Secret key, Secret origin) {
        Bytes boxFor(Bytes publicKey, SecureRandom random) {
            return BoxKey.close(publicKey, random, context, key);
        }
    }

    /** A master key, and what it is bound to. */
    record Master(StoreId store, long epoch, Secret key, Secret origin) {
        Bytes context() {
            return context(store, epoch);
        }

        Boxed boxed() {
            return new Boxed(store, context(), key, origin);
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

    /** Whether it is this slot's secret, and costs what this slot costs. */
    boolean isMadeOf(SlotSecret secret, StoreId store) {
        if (secret instanceof SlotSecret.Passphrase(var _, PassphraseCost asked)
                && !cost.equals(Optional.of(asked))) {
            return false;
        }
        Optional<Secret> key = slotKey(secret, store);
        key.ifPresent(Secret::close);
        return key.isPresent();
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

    /** What the slot's secret opens in it; empty if it is not as it was written. */
    Optional<Opened> open(Secret slotKey) {
        return slotKey.with(key -> KeyWrap.unwrap(key, wrapped, Opened::of));
    }

    /** The key in the box; empty if the slot is not as it was written. */
    Optional<Secret> unbox(Opened opened, Bytes boxContext) {
        return BoxKey.open(opened.privateKey(), boxContext, box);
    }

    /**
     * What is wrapped in a slot.
     *
     * @param privateKey opens its box
     * @param origin to be asked first whether that was closed by the store
     */
    record Opened(Secret privateKey, Secret origin) implements AutoCloseable {
        private static Opened of(byte[] both) {
            return new Opened(
                    Secret.take(Arrays.copyOf(both, BoxKey.PRIVATE_BYTES)),
                    Secret.take(Arrays.copyOfRange(both, BoxKey.PRIVATE_BYTES, both.length)));
        }

        @Override
        public void close() {
            privateKey.close();
            origin.close();
        }
    }

    private static Bytes wrap(Secret slotKey, Secret privateKey, Secret origin) {
        try (Secret both = Secret.joined(privateKey, origin)) {
            return KeyWrap.wrap(slotKey, both);
        }
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
