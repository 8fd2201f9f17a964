package dev.loam.crypto;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a sealed stream begins: what lies in it, and who can open it. Nothing of it is believed
 * before it is unlocked, but that a passphrase's cost is between floor and ceiling. Immutable.
 */
public final class StreamHeader {
    /** What has to be read to know how long the header is. */
    public static final int PREFIX_BYTES = 9;

    /** More slots of the longest labels do not fit anyway. */
    public static final int BYTES_MAX = 16 << 10;

    private static final Bytes MAGIC = Bytes.ofUtf8("LSEA");
    private static final int FORM = 1;
    private static final int SALT_BYTES = 32;
    private static final int WRAPPED_BYTES = Suite.KEY_BYTES + KeyWrap.OVERHEAD_BYTES;

    private static final int CODE_BYTES = 32;
    private static final String CODE = "stream";

    /** What follows that the code is of: the code, and the checksum. */
    private static final int END_BYTES = CODE_BYTES + Checksummed.BYTES;

    /** The key of a stream that is begun. */
    record Fresh(Secret key, SecureRandom random) {}

    /**
     * The stream's key for the store itself.
     *
     * @param epoch of the master key
     */
    private record OfStore(long epoch, Bytes wrapped) {}

    /** What the header says, up to the code. */
    private record Content(
            SealedStream.Kind kind,
            Suite suite,
            Bytes salt,
            StoreId scope,
            List<KeySlot> slots,
            Optional<OfStore> store) {
        Bytes boxContext() {
            return boxContext(salt);
        }

        /** No master key's box has a context of this length. */
        static Bytes boxContext(Bytes salt) {
            return new ByteWriter().raw(MAGIC).raw(salt).toBytes();
        }

        Bytes encode() {
            ByteWriter body = new ByteWriter().u8(kind.number()).u8(suite.number()).raw(salt);
            body.raw(scope.bytes()).varint(slots.size());
            slots.forEach(slot -> slot.write(body));
            body.u8(store.isPresent() ? 1 : 0);
            store.ifPresent(each -> body.varint(each.epoch()).raw(each.wrapped()));
            ByteWriter all = new ByteWriter().raw(MAGIC).u8(FORM);
            int length = body.size() + END_BYTES;
            for (int i = 0; i < Integer.BYTES; i++) {
                all.u8((length >>> (8 * i)) & 0xff);
            }
            return all.raw(body.toBytes()).toBytes();
        }
    }

    private final Content content;
    private final Bytes encoded;

    private StreamHeader(Content content, Bytes encoded) {
        this.content = content;
        this.encoded = encoded;
    }

    static StreamHeader make(
            SealedStream.Kind kind, Suite suite, Recipients recipients, Instant now, Fresh fresh) {
        byte[] random = new byte[SALT_BYTES];
        fresh.random().nextBytes(random);
        Bytes salt = Bytes.copyOf(random);
        return switch (recipients) {
            case Recipients.Holder(SlotSecret secret) -> {
                byte[] scope = new byte[StoreId.SIZE];
                fresh.random().nextBytes(scope);
                try (Secret origin = Secret.random(fresh.random(), Suite.KEY_BYTES)) {
                    KeySlot.Boxed boxed =
                            boxed(new StoreId(Bytes.adopt(scope)), salt, fresh, origin);
                    KeySlot slot = KeySlot.make(1, "", now, secret, boxed, fresh.random());
                    yield vouchedFor(
                            new Content(
                                    kind,
                                    suite,
                                    salt,
                                    boxed.store(),
                                    List.of(slot),
                                    Optional.empty()),
                            origin);
                }
            }
            case Recipients.Store(MasterKey key) -> {
                KeySlot.Boxed boxed = boxed(key.store(), salt, fresh, key.origin());
                List<KeySlot> slots =
                        key.file().content().slots().stream()
                                .map(slot -> slot.around(boxed, fresh.random()))
                                .map(KeySlot::unlabelled)
                                .toList();
                OfStore store =
                        new OfStore(
                                key.file().epoch(),
                                fresh.key().with(bytes -> key.wrap(salt, bytes)));
                yield vouchedFor(
                        new Content(kind, suite, salt, boxed.store(), slots, Optional.of(store)),
                        key.origin());
            }
        };
    }

    private static StreamHeader vouchedFor(Content content, Secret origin) {
        Bytes said = content.encode();
        Bytes code = KeyDerivation.authenticate(origin, content.salt(), CODE, said);
        return new StreamHeader(
                content, Checksummed.of(new ByteWriter().raw(said).raw(code).toBytes()));
    }

    private static KeySlot.Boxed boxed(StoreId store, Bytes salt, Fresh fresh, Secret origin) {
        return new KeySlot.Boxed(store, Content.boxContext(salt), fresh.key(), origin);
    }

    /** Whether a sealed stream begins so. */
    public static boolean isAtBeginningOf(Bytes bytes) {
        return bytes.size() >= MAGIC.size() && bytes.slice(0, MAGIC.size()).equals(MAGIC);
    }

    /**
     * How many bytes the header has.
     *
     * @param prefix the first {@link #PREFIX_BYTES} of the stream
     * @throws LoamException {@code CORRUPT} if no stream begins so, {@code FORMAT_VERSION} if that
     *     of a newer Loam does
     */
    public static int size(Bytes prefix) {
        if (!isAtBeginningOf(prefix) || prefix.size() < PREFIX_BYTES) {
            throw corrupt("it is none");
        }
        int form = prefix.get(MAGIC.size()) & 0xff;
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the sealed file has form "
                            + form
                            + "; this version of Loam reads form "
                            + FORM
                            + ". Read it with the newer version that wrote it");
        }
        long length = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            length |= (prefix.get(MAGIC.size() + 1 + i) & 0xffL) << (8 * i);
        }
        if (length < END_BYTES || length > BYTES_MAX - PREFIX_BYTES) {
            throw corrupt("its header has " + length + " bytes");
        }
        return PREFIX_BYTES + (int) length;
    }

    /**
     * Reads a header.
     *
     * @param header all of it, {@link #size} bytes
     * @throws LoamException {@code CORRUPT} if it is damaged; {@code FORMAT_VERSION} if it is a
     *     newer Loam's; {@code KEY_WEAK} or {@code LIMIT_EXCEEDED} for a cost that no Loam wrote
     */
    public static StreamHeader decode(Bytes header) {
        int size = size(header.slice(0, Math.min(PREFIX_BYTES, header.size())));
        if (header.size() != size) {
            throw corrupt("its header ends too early");
        }
        if (!Checksummed.isWhole(header)) {
            throw corrupt("the checksum of its header is wrong");
        }
        ByteReader from =
                ByteReader.of(
                        "the sealed file's header", header.slice(PREFIX_BYTES, size - END_BYTES));
        SealedStream.Kind kind = SealedStream.Kind.of(from.u8());
        Suite suite = Suite.of(from.u8());
        Bytes salt = from.raw(SALT_BYTES);
        StoreId scope = new StoreId(from.raw(StoreId.SIZE));
        long count = from.varint();
        if (count < 1 || count > KeyFile.SLOTS_MAX) {
            throw from.corrupt("it has " + count + " slots");
        }
        List<KeySlot> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slots.add(KeySlot.read(from));
        }
        int ofStore = from.u8();
        if (ofStore > 1) {
            throw from.corrupt("it is for " + ofStore + " stores");
        }
        Optional<OfStore> store =
                ofStore == 1
                        ? Optional.of(new OfStore(from.varint(), from.raw(WRAPPED_BYTES)))
                        : Optional.empty();
        from.expectEnd();
        return new StreamHeader(new Content(kind, suite, salt, scope, slots, store), header);
    }

    /** The bytes that the stream begins with. */
    public Bytes encode() {
        return encoded;
    }

    public SealedStream.Kind kind() {
        return content.kind();
    }

    /** The store by whose secrets it is opened; empty if it was sealed for one secret alone. */
    public Optional<StoreId> store() {
        return content.store().map(ofStore -> content.scope());
    }

    /** What kinds of secret open it, each once. */
    public List<SlotSecret.Source> sources() {
        return content.slots().stream().map(KeySlot::source).distinct().toList();
    }

    Suite suite() {
        return content.suite();
    }

    Bytes salt() {
        return content.salt();
    }

    /**
     * Comes to the stream's key by a secret. A passphrase takes as long as the header says, for
     * each slot that has one.
     *
     * @return to be closed
     * @throws LoamException {@code WRONG_KEY} if the secret is none of those; {@code TAMPERED} if
     *     it is, and the header was changed by somebody who does not have it
     */
    public SealedStream unlock(SlotSecret secret) {
        for (KeySlot slot : content.slots()) {
            Optional<Secret> slotKey = slot.slotKey(secret, content.scope());
            if (slotKey.isPresent()) {
                try (Secret key = slotKey.get();
                        KeySlot.Opened opened = slot.open(key).orElseThrow(this::changed)) {
                    requireVouchedFor(opened.origin());
                    return new SealedStream(
                            this,
                            slot.unbox(opened, content.boxContext()).orElseThrow(this::changed));
                }
            }
        }
        throw new LoamException(
                ErrorCode.WRONG_KEY,
                "the " + secret.source() + " given does not open this " + content.kind());
    }

    /**
     * Comes to the stream's key by the store that it was sealed for. Only that can have written it.
     *
     * @return to be closed
     * @throws LoamException {@code WRONG_KEY} if that is another store, or had another master key;
     *     {@code TAMPERED} as for a secret
     */
    public SealedStream unlock(MasterKey key) {
        OfStore ofStore =
                content.store()
                        .filter(each -> content.scope().equals(key.file().store()))
                        .filter(each -> each.epoch() == key.file().epoch())
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.WRONG_KEY,
                                                "this "
                                                        + content.kind()
                                                        + " was not sealed by this store with the"
                                                        + " master key that it has now; give a"
                                                        + " secret that opens it"));
        requireVouchedFor(key.origin());
        return new SealedStream(
                this,
                key.unwrap(content.salt(), ofStore.wrapped(), Secret::take)
                        .orElseThrow(this::changed));
    }

    /** Whoever has seen the slots can close boxes for them; only their owner has this key. */
    private void requireVouchedFor(Secret origin) {
        Bytes said = encoded.slice(0, encoded.size() - END_BYTES);
        Bytes code = encoded.slice(said.size(), encoded.size() - Checksummed.BYTES);
        if (!KeyDerivation.isAuthentic(origin, content.salt(), CODE, said, code)) {
            throw changed();
        }
    }

    private LoamException changed() {
        return tampered("its header was changed, or made by somebody else");
    }

    static LoamException corrupt(String why) {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the sealed file is damaged: " + why + ". Take another copy of it");
    }

    static LoamException tampered(String what) {
        return new LoamException(
                ErrorCode.TAMPERED,
                "the key is right, and the sealed file is not as it was written: "
                        + what
                        + ". Take another copy of it, and look who could write there");
    }
}
