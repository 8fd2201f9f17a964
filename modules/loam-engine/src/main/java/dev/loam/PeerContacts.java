package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VersionVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this store observed of its peers, in the file {@code contacts}: apart from whom it trusts,
 * which changes seldom and must never be lost. A damaged file is a memory lost and nothing else.
 *
 * <pre>
 * seen  DEVICE MILLIS RESULT                          the end of the last session
 * holds DEVICE VAULT ACTOR SEQUENCE COUNTER ...       what the peer has, three words an actor
 * given DEVICE VAULT ACTOR SEQUENCE COUNTER ...       what of this device's it may have besides
 * waits DEVICE VAULT ACTOR SEQUENCE REASON MILLIS [ACTOR SEQUENCE]
 *                                                     the first of an actor's that may not be taken,
 *                                                     and the first batch without which it may not
 * </pre>
 */
final class PeerContacts {
    /**
     * The last session with a peer.
     *
     * @param at its end
     * @param result a reason of sync, or an error code's name
     * @param holds what the peer is known to have
     * @param given what this device wrote and the peer was told of, whether it has taken it or not
     * @param waiting what the peer has and this store may not take yet
     */
    record Contact(
            Instant at,
            String result,
            SortedMap<VaultId, VersionVector> holds,
            SortedMap<VaultId, VersionVector> given,
            List<Parked> waiting) {
        Contact {
            waiting = List.copyOf(waiting);
            holds = Collections.unmodifiableSortedMap(new TreeMap<>(holds));
            given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
        }

        private Contact with(String kind, VaultId vault, VersionVector vector) {
            TreeMap<VaultId, VersionVector> changed =
                    new TreeMap<>(kind.equals(HOLDS) ? holds : given);
            changed.put(vault, vector);
            return kind.equals(HOLDS)
                    ? new Contact(at, result, changed, given, waiting)
                    : new Contact(at, result, holds, changed, waiting);
        }

        /** Whether the peer is known to have that batch. */
        boolean has(BatchId batch) {
            return isIn(holds, batch);
        }

        /** Whether that batch was sent to the peer, or may have been. */
        boolean wasGiven(BatchId batch) {
            return isIn(given, batch);
        }

        private static boolean isIn(SortedMap<VaultId, VersionVector> known, BatchId batch) {
            return known.getOrDefault(batch.vault(), VersionVector.EMPTY)
                            .get(batch.actor())
                            .sequence()
                    >= batch.sequence();
        }
    }

    private static final String SEEN = "seen";
    private static final String HOLDS = "holds";
    private static final String GIVEN = "given";
    private static final String WAITS = "waits";

    private final SmallFile file;

    /** Held while the file is replaced; readers take {@link #contacts} without it. */
    private final ReentrantLock replacing = new ReentrantLock();

    private volatile SortedMap<DeviceId, Contact> contacts;

    PeerContacts(StoreFolder store) {
        file = new SmallFile(store, "contacts");
        contacts = Collections.unmodifiableSortedMap(read(file));
    }

    private static SortedMap<DeviceId, Contact> read(SmallFile file) {
        try {
            return file.read(PeerContacts::parse).orElseGet(TreeMap::new);
        } catch (LoamException unreadable) {
            if (unreadable.code() != ErrorCode.CORRUPT) {
                throw unreadable;
            }
            return new TreeMap<>();
        }
    }

    Optional<Contact> of(DeviceId peer) {
        return Optional.ofNullable(contacts.get(peer));
    }

    /** Of all peers. */
    List<Parked> waiting() {
        return contacts.values().stream().flatMap(each -> each.waiting().stream()).toList();
    }

    /** Replaces what is known of a peer; durable when it returns. */
    void put(DeviceId peer, Contact contact) {
        change(peer, Optional.of(contact));
    }

    void forget(DeviceId peer) {
        if (contacts.containsKey(peer)) {
            change(peer, Optional.empty());
        }
    }

    private void change(DeviceId peer, Optional<Contact> contact) {
        replacing.lock();
        try {
            TreeMap<DeviceId, Contact> changed = new TreeMap<>(contacts);
            changed.remove(peer);
            contact.ifPresent(each -> changed.put(peer, each));
            List<String> lines = new ArrayList<>();
            changed.forEach((device, each) -> format(device, each, lines));
            file.write(lines);
            contacts = Collections.unmodifiableSortedMap(changed);
        } finally {
            replacing.unlock();
        }
    }

    private static void format(DeviceId peer, Contact contact, List<String> lines) {
        lines.add(
                String.join(
                        " ",
                        SEEN,
                        peer.bytes().toHex(),
                        Long.toString(contact.at().toEpochMilli()),
                        contact.result()));
        contact.holds().forEach((vault, held) -> lines.add(format(HOLDS, peer, vault, held)));
        contact.given().forEach((vault, given) -> lines.add(format(GIVEN, peer, vault, given)));
        contact.waiting().forEach(each -> lines.add(format(each)));
    }

    private static String format(String kind, DeviceId peer, VaultId vault, VersionVector vector) {
        StringBuilder line = new StringBuilder(kind);
        line.append(' ').append(peer.bytes().toHex());
        line.append(' ').append(vault.bytes().toHex());
        vector.tips()
                .forEach(
                        (actor, tip) ->
                                line.append(' ')
                                        .append(actor.bytes().toHex())
                                        .append(' ')
                                        .append(tip.sequence())
                                        .append(' ')
                                        .append(tip.counter()));
        return line.toString();
    }

    private static String format(Parked parked) {
        String line =
                String.join(
                        " ",
                        WAITS,
                        parked.peer().bytes().toHex(),
                        parked.vault().bytes().toHex(),
                        parked.actor().bytes().toHex(),
                        Long.toString(parked.sequence()),
                        parked.reason(),
                        Long.toString(parked.stamped().toEpochMilli()));
        return line
                + parked.missing()
                        .map(each -> " " + each.actor().bytes().toHex() + " " + each.sequence())
                        .orElse("");
    }

    private static Parked parked(String[] words) {
        VaultId vault = new VaultId(SmallFile.bytes(words[2], VaultId.SIZE));
        Optional<BatchId> missing =
                words.length > 7
                        ? Optional.of(
                                new BatchId(
                                        vault,
                                        new ActorId(SmallFile.bytes(words[7], ActorId.SIZE)),
                                        Long.parseLong(words[8])))
                        : Optional.empty();
        return new Parked(
                new DeviceId(SmallFile.bytes(words[1], DeviceId.SIZE)),
                vault,
                new ActorId(SmallFile.bytes(words[3], ActorId.SIZE)),
                Long.parseLong(words[4]),
                words[5],
                Instant.ofEpochMilli(Long.parseLong(words[6])),
                missing);
    }

    private static SortedMap<DeviceId, Contact> parse(List<String> lines) {
        TreeMap<DeviceId, Contact> read = new TreeMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            DeviceId peer = new DeviceId(SmallFile.bytes(words[1], DeviceId.SIZE));
            if (words[0].equals(SEEN)) {
                Instant at = Instant.ofEpochMilli(Long.parseLong(words[2]));
                read.put(
                        peer,
                        new Contact(at, words[3], new TreeMap<>(), new TreeMap<>(), List.of()));
            } else if (words[0].equals(WAITS)) {
                Contact contact = Objects.requireNonNull(read.get(peer), line);
                List<Parked> waiting = new ArrayList<>(contact.waiting());
                waiting.add(parked(words));
                read.put(
                        peer,
                        new Contact(
                                contact.at(),
                                contact.result(),
                                contact.holds(),
                                contact.given(),
                                waiting));
            } else {
                Contact contact = Objects.requireNonNull(read.get(peer), line);
                read.put(
                        peer,
                        contact.with(
                                words[0],
                                new VaultId(SmallFile.bytes(words[2], VaultId.SIZE)),
                                vector(words)));
            }
        }
        return read;
    }

    private static VersionVector vector(String[] words) {
        TreeMap<ActorId, Tip> tips = new TreeMap<>();
        for (int i = 3; i < words.length; i += 3) {
            tips.put(
                    new ActorId(SmallFile.bytes(words[i], ActorId.SIZE)),
                    new Tip(Long.parseLong(words[i + 1]), Long.parseLong(words[i + 2])));
        }
        return VersionVector.of(tips);
    }
}
