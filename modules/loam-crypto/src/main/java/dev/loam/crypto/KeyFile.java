package dev.loam.crypto;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the file {@code keys} of a sealed store holds: nothing that needs to be kept from anybody,
 * and all that a secret of any slot needs to come to the master key. Immutable; whoever has the
 * master key makes the next one ({@link MasterKey}).
 */
public final class KeyFile {
    /** So many ways to the master key. */
    public static final int SLOTS_MAX = 16;

    private static final Bytes MAGIC = Bytes.ofUtf8("LKEY");
    private static final int FORM = 1;
    private static final int MAC_BYTES = 32;

    /** More slots of the longest labels do not fit anyway. */
    private static final int BYTES_MAX = 16 << 10;

    /**
     * What the file says in clear.
     *
     * @param generation how often it was written
     * @param epoch of the master key
     * @param since when that was made
     */
    record Content(
            StoreId store,
            Suite suite,
            long generation,
            long epoch,
            Instant since,
            List<KeySlot> slots,
            Bytes tableKey) {
        Content {
            slots = List.copyOf(slots);
        }

        Bytes encode() {
            ByteWriter to = new ByteWriter().raw(MAGIC).u8(FORM).raw(store.bytes());
            to.u8(suite.number()).varint(generation).varint(epoch).varint(since.toEpochMilli());
            to.varint(slots.size());
            slots.forEach(slot -> slot.write(to));
            return to.bytes(tableKey).toBytes();
        }
    }

    /**
     * A slot, as anybody may see it.
     *
     * @param number names it
     */
    public record Slot(
            int number,
            SlotSecret.Source source,
            String label,
            Instant made,
            Optional<PassphraseCost> cost) {}

    private final Content content;
    private final Bytes mac;

    KeyFile(Content content, Bytes mac) {
        this.content = content;
        this.mac = mac;
    }

    public StoreId store() {
        return content.store();
    }

    public Suite suite() {
        return content.suite();
    }

    /** How often the file was written: a lower one than was seen before is an older copy. */
    public long generation() {
        return content.generation();
    }

    /** Counts the master keys, from 1. */
    public long epoch() {
        return content.epoch();
    }

    /** Since when the master key is this one, by the clock of who changed it. */
    public Instant since() {
        return content.since();
    }

    public List<Slot> slots() {
        return content.slots().stream()
                .map(
                        each ->
                                new Slot(
                                        each.number(),
                                        each.source(),
                                        each.label(),
                                        each.made(),
                                        each.cost()))
                .toList();
    }

    Content content() {
        return content;
    }

    Bytes mac() {
        return mac;
    }

    /** The bytes of the file. */
    public Bytes encode() {
        return Checksummed.of(new ByteWriter().raw(content.encode()).raw(mac).toBytes());
    }

    /**
     * Reads what {@link #encode} gave. Nothing in it is believed before {@link #unlock}, but that a
     * passphrase's cost is between floor and ceiling.
     *
     * @throws LoamException {@code CORRUPT} for anything else; {@code FORMAT_VERSION} for the file
     *     of a newer Loam; {@code KEY_WEAK} or {@code LIMIT_EXCEEDED} for a cost that no Loam wrote
     */
    public static KeyFile decode(Bytes file) {
        if (file.size() > BYTES_MAX) {
            throw corrupt("it has " + file.size() + " bytes");
        }
        Bytes body =
                Checksummed.body(file)
                        .filter(each -> each.size() >= MAGIC.size() + MAC_BYTES)
                        .orElseThrow(() -> corrupt("its checksum is wrong"));
        int macAt = body.size() - MAC_BYTES;
        ByteReader from = ByteReader.of("the key file", body.slice(0, macAt));
        if (!from.raw(MAGIC.size()).equals(MAGIC)) {
            throw corrupt("it is none");
        }
        int form = from.u8();
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the key file has form "
                            + form
                            + "; this version of Loam reads form "
                            + FORM
                            + ". Open the store with the newer version that wrote it");
        }
        StoreId store = new StoreId(from.raw(StoreId.SIZE));
        Suite suite = Suite.of(from.u8());
        long generation = from.varint();
        long epoch = from.varint();
        Instant since = Instant.ofEpochMilli(from.varint());
        List<KeySlot> slots = new ArrayList<>();
        long count = from.varint();
        if (count < 1 || count > SLOTS_MAX) {
            throw from.corrupt("it has " + count + " slots");
        }
        for (int i = 0; i < count; i++) {
            slots.add(KeySlot.read(from));
        }
        Bytes tableKey = from.bytes();
        from.expectEnd();
        return new KeyFile(
                new Content(store, suite, generation, epoch, since, slots, tableKey),
                body.slice(macAt, body.size()));
    }

    private static LoamException corrupt(String why) {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the key file is damaged: "
                        + why
                        + ". Its second copy, or one in a backup, opens the store as well");
    }

    /**
     * Comes to the master key. A passphrase takes as long as its slot says, for each slot that has
     * one, and nobody else's at the same time.
     *
     * @return to be closed
     * @throws LoamException {@code WRONG_KEY} if the secret is no slot's; {@code TAMPERED} if it is
     *     one's, and the file was changed, or made, by somebody who never had the master key
     */
    public MasterKey unlock(SlotSecret secret) {
        for (KeySlot slot : content.slots()) {
            Optional<Secret> slotKey = slot.slotKey(secret, content.store());
            if (slotKey.isPresent()) {
                try (Secret key = slotKey.get();
                        KeySlot.Opened opened = slot.open(key).orElseThrow(KeyFile::tampered)) {
                    return MasterKey.verified(this, slot, opened);
                }
            }
        }
        throw new LoamException(
                ErrorCode.WRONG_KEY,
                "the "
                        + secret.source()
                        + " given opens none of the "
                        + content.slots().size()
                        + " slots of this store: it is mistyped, another store's, or of a slot that"
                        + " was removed; the secret of any other slot opens it, such as a recovery"
                        + " code");
    }

    static LoamException tampered() {
        return new LoamException(
                ErrorCode.TAMPERED,
                "the key is right, and the key file was changed by somebody who does not have it;"
                        + " put back a copy of the file, and look who could write there");
    }
}
