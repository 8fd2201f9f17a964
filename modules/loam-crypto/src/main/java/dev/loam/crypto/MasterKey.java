package dev.loam.crypto;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * An unlocked key file: the master key of one epoch, and the table key that it seals, under which
 * the tables of data keys lie. Changing slots or the master key makes another {@link KeyFile},
 * which counts once it is on the disk. Any thread.
 */
public final class MasterKey implements KeyTable.Parent, AutoCloseable {
    private static final String WRAP = "wrap";
    private static final String TABLES = "tables";
    private static final String MAC = "keyfile-mac";

    private final KeyFile file;
    private final int slot;
    private final Keys keys;

    /**
     * What a key file leads to.
     *
     * @param master of the epoch
     * @param tableKey under which the tables lie; made with it
     * @param origin stays as long as the store: all slots have it
     */
    private record Keys(Secret master, Secret tableKey, Secret origin) {}

    private MasterKey(KeyFile file, int slot, Keys keys) {
        this.file = file;
        this.slot = slot;
        this.keys = keys;
    }

    /** A new store's: the first epoch, with one slot. To be closed. */
    public static MasterKey create(
            StoreId store,
            Suite suite,
            SlotSecret secret,
            String label,
            Instant now,
            SecureRandom random) {
        KeySlot.Master master =
                new KeySlot.Master(
                        store,
                        1,
                        Secret.random(random, Suite.KEY_BYTES),
                        Secret.random(random, Suite.KEY_BYTES));
        KeySlot slot = KeySlot.make(1, checked(label), now, secret, master.boxed(), random);
        return write(suite, 1, master, now, List.of(slot), random).by(1);
    }

    /** With a new table key. */
    private static MasterKey write(
            Suite suite,
            long generation,
            KeySlot.Master master,
            Instant since,
            List<KeySlot> slots,
            SecureRandom random) {
        Secret tableKey = Secret.random(random, Suite.KEY_BYTES);
        Bytes sealed =
                tableKey.with(
                        bytes ->
                                SealedBlob.seal(
                                        suite,
                                        master.key(),
                                        random,
                                        TABLES,
                                        master.context(),
                                        Bytes.adopt(bytes)));
        KeyFile.Content content =
                new KeyFile.Content(
                        master.store(), suite, generation, master.epoch(), since, slots, sealed);
        KeyFile file = new KeyFile(content, mac(master.origin(), content));
        return new MasterKey(file, 0, new Keys(master.key(), tableKey, master.origin()));
    }

    /** What a slot of the file leads to, once the file is found to be the store's own. */
    static MasterKey verified(KeyFile file, KeySlot slot, KeySlot.Opened opened) {
        KeyFile.Content content = file.content();
        Bytes context = KeySlot.Master.context(content.store(), content.epoch());
        boolean isOwn =
                KeyDerivation.isAuthentic(
                        opened.origin(),
                        content.store().bytes(),
                        MAC,
                        content.encode(),
                        file.mac());
        if (!isOwn) {
            throw KeyFile.tampered();
        }
        Secret master = slot.unbox(opened, context).orElseThrow(KeyFile::tampered);
        Optional<Secret> tableKey =
                SealedBlob.openKey(content.suite(), master, TABLES, context, content.tableKey());
        if (tableKey.isEmpty()) {
            master.close();
            throw KeyFile.tampered();
        }
        return new MasterKey(
                file, slot.number(), new Keys(master, tableKey.get(), opened.origin().copy()));
    }

    private MasterKey by(int number) {
        return new MasterKey(file, number, keys);
    }

    private static Bytes mac(Secret origin, KeyFile.Content content) {
        return KeyDerivation.authenticate(origin, content.store().bytes(), MAC, content.encode());
    }

    private static String checked(String label) {
        if (label.length() > KeySlot.LABEL_CHARS_MAX
                || label.chars().anyMatch(Character::isISOControl)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the label of a slot has at most "
                            + KeySlot.LABEL_CHARS_MAX
                            + " characters, and none that controls a terminal");
        }
        return label;
    }

    /** The number of the slot by which somebody came to it, or to the one that it was made of. */
    public int slot() {
        return slot;
    }

    /** The file that this is unlocked from, or that is to be written. */
    public KeyFile file() {
        return file;
    }

    @Override
    public StoreId store() {
        return file.store();
    }

    @Override
    public Suite suite() {
        return file.suite();
    }

    @Override
    public Secret tableKey() {
        return keys.tableKey();
    }

    /** Vouches for what leaves the store. It stays this object's. */
    Secret origin() {
        return keys.origin();
    }

    @Override
    public Bytes wrap(Bytes fileId, byte[] dataKey) {
        return withWrappingKey(fileId, wrapping -> KeyWrap.wrap(wrapping, dataKey));
    }

    @Override
    public <R> Optional<R> unwrap(Bytes fileId, Bytes wrapped, Function<byte[], R> use) {
        return withWrappingKey(fileId, wrapping -> KeyWrap.unwrap(wrapping, wrapped, use));
    }

    private <R> R withWrappingKey(Bytes fileId, Function<byte[], R> use) {
        Bytes context = new ByteWriter().raw(fileId).fixed64(file.epoch()).toBytes();
        return KeyDerivation.with(keys.master(), file.store().bytes(), WRAP, context, use);
    }

    /**
     * The next file, with a slot more around the same master key.
     *
     * @throws LoamException {@code LIMIT_EXCEEDED} where there are {@link KeyFile#SLOTS_MAX};
     *     {@code EXISTS} if a slot opens by the same secret, at the same cost: to remove one of two
     *     such would keep nobody out
     */
    public KeyFile withSlot(SlotSecret secret, String label, Instant now, SecureRandom random) {
        List<KeySlot> slots = new ArrayList<>(file.content().slots());
        for (KeySlot slot : slots) {
            if (slot.isMadeOf(secret, file.store())) {
                throw new LoamException(
                        ErrorCode.EXISTS,
                        "key slot " + slot.number() + " opens by this very secret already");
            }
        }
        if (slots.size() == KeyFile.SLOTS_MAX) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "a store has at most " + KeyFile.SLOTS_MAX + " key slots; remove one first");
        }
        int number =
                IntStream.rangeClosed(1, KeySlot.NUMBER_MAX)
                        .filter(free -> slots.stream().noneMatch(slot -> slot.number() == free))
                        .findFirst()
                        .orElseThrow();
        slots.add(KeySlot.make(number, checked(label), now, secret, master().boxed(), random));
        return next(slots);
    }

    /**
     * The next file, without a slot. Who knew its secret may have kept the master key: after a leak
     * that is to be changed as well.
     *
     * @throws LoamException {@code NOT_FOUND} if there is none of that number; {@code FORBIDDEN} if
     *     it is the last, since nobody could open the store any more
     */
    public KeyFile withoutSlot(int number) {
        List<KeySlot> slots = new ArrayList<>(file.content().slots());
        if (!slots.removeIf(slot -> slot.number() == number)) {
            throw new LoamException(ErrorCode.NOT_FOUND, "there is no key slot " + number);
        }
        if (slots.isEmpty()) {
            throw new LoamException(
                    ErrorCode.FORBIDDEN,
                    "key slot " + number + " is the last; add another before it is removed");
        }
        return next(slots);
    }

    /** The same master key, which it shares, with a file that was made of it. */
    public MasterKey with(KeyFile changed) {
        return new MasterKey(changed, slot, keys);
    }

    private KeyFile next(List<KeySlot> slots) {
        KeyFile.Content now = file.content();
        KeyFile.Content content =
                new KeyFile.Content(
                        now.store(),
                        now.suite(),
                        now.generation() + 1,
                        now.epoch(),
                        now.since(),
                        slots,
                        now.tableKey());
        return new KeyFile(content, mac(keys.origin(), content));
    }

    /**
     * The master key of the next epoch, with the same slots, of whose secrets none is needed, and
     * another table key. To be closed; the tables are to be written under it before its file is.
     */
    public MasterKey rotated(Instant now, SecureRandom random) {
        KeyFile.Content content = file.content();
        KeySlot.Master next =
                new KeySlot.Master(
                        content.store(),
                        content.epoch() + 1,
                        Secret.random(random, Suite.KEY_BYTES),
                        keys.origin().copy());
        List<KeySlot> slots =
                content.slots().stream().map(slot -> slot.around(next.boxed(), random)).toList();
        return write(content.suite(), content.generation() + 1, next, now, slots, random).by(slot);
    }

    private KeySlot.Master master() {
        return new KeySlot.Master(file.store(), file.epoch(), keys.master(), keys.origin());
    }

    @Override
    public void close() {
        keys.tableKey().close();
        keys.master().close();
        keys.origin().close();
    }

    @Override
    public String toString() {
        return "MasterKey[epoch " + file.epoch() + "]";
    }
}
