package dev.loam.crypto;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.Mac;

/**
 * An unlocked key file: the master key of one epoch, and the table key that it seals, under which
 * the tables of data keys lie. Changing slots or the master key makes another {@link KeyFile},
 * which counts once it is on the disk. Any thread.
 */
public final class MasterKey implements KeyTable.Parent, AutoCloseable {
    private static final String WRAP = "wrap";
    private static final String TABLES = "tables";
    private static final String MAC = "keyfile-mac";
    private static final String MAC_ALGORITHM = "HmacSHA256";

    private final KeyFile file;
    private final int slot;
    private final Secret master;
    private final Secret tableKey;

    private MasterKey(KeyFile file, int slot, Secret master, Secret tableKey) {
        this.file = file;
        this.slot = slot;
        this.master = master;
        this.tableKey = tableKey;
    }

    /** A new store's: the first epoch, with one slot. To be closed. */
    public static MasterKey create(
            StoreId store,
            Suite suite,
            SlotSecret secret,
            String label,
            Instant now,
            SecureRandom random) {
        Secret key = Secret.random(random, Suite.KEY_BYTES);
        KeySlot.Master master = new KeySlot.Master(store, 1, key);
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
        KeyFile file = new KeyFile(content, mac(master.key(), content));
        return new MasterKey(file, 0, master.key(), tableKey);
    }

    /** Closes {@code master} if the file is not its. */
    static MasterKey verified(KeyFile file, int slot, Secret master) {
        KeyFile.Content content = file.content();
        Bytes context = KeySlot.Master.context(content.store(), content.epoch());
        Optional<Bytes> tableKey =
                MessageDigest.isEqual(mac(master, content).toArray(), file.mac().toArray())
                        ? SealedBlob.open(
                                content.suite(), master, TABLES, context, content.tableKey())
                        : Optional.empty();
        if (tableKey.isEmpty()) {
            master.close();
            throw KeyFile.tampered();
        }
        return new MasterKey(file, slot, master, Secret.take(tableKey.get().toArray()));
    }

    private MasterKey by(int number) {
        return new MasterKey(file, number, master, tableKey);
    }

    private static Bytes mac(Secret master, KeyFile.Content content) {
        try (Secret key = KeyDerivation.derive(master, content.store().bytes(), MAC, Bytes.EMPTY)) {
            return key.with(
                    bytes -> {
                        RawKey raw = new RawKey(MAC_ALGORITHM, bytes.clone());
                        try {
                            Mac mac = Mac.getInstance(MAC_ALGORITHM);
                            mac.init(raw);
                            mac.update(content.encode().asBuffer());
                            return Bytes.adopt(mac.doFinal());
                        } catch (GeneralSecurityException impossible) {
                            throw new AssertionError("every JDK has HmacSHA256", impossible);
                        } finally {
                            raw.destroy();
                        }
                    });
        }
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
        return tableKey;
    }

    @Override
    public Bytes wrap(Bytes fileId, Secret dataKey) {
        try (Secret wrapping = wrappingKey(fileId)) {
            return KeyWrap.wrap(wrapping, dataKey);
        }
    }

    @Override
    public Optional<Secret> unwrap(Bytes fileId, Bytes wrapped) {
        try (Secret wrapping = wrappingKey(fileId)) {
            return KeyWrap.unwrap(wrapping, wrapped);
        }
    }

    private Secret wrappingKey(Bytes fileId) {
        Bytes context = new ByteWriter().raw(fileId).fixed64(file.epoch()).toBytes();
        return KeyDerivation.derive(master, file.store().bytes(), WRAP, context);
    }

    /**
     * The next file, with a slot more around the same master key.
     *
     * @throws LoamException {@code LIMIT_EXCEEDED} where there are {@link KeyFile#SLOTS_MAX}
     */
    public KeyFile withSlot(SlotSecret secret, String label, Instant now, SecureRandom random) {
        List<KeySlot> slots = new ArrayList<>(file.content().slots());
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
        return new MasterKey(changed, slot, master, tableKey);
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
        return new KeyFile(content, mac(master, content));
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
                        Secret.random(random, Suite.KEY_BYTES));
        List<KeySlot> slots =
                content.slots().stream().map(slot -> slot.around(next.boxed(), random)).toList();
        return write(content.suite(), content.generation() + 1, next, now, slots, random).by(slot);
    }

    private KeySlot.Master master() {
        return new KeySlot.Master(file.store(), file.epoch(), master);
    }

    @Override
    public void close() {
        tableKey.close();
        master.close();
    }

    @Override
    public String toString() {
        return "MasterKey[epoch " + file.epoch() + "]";
    }
}
