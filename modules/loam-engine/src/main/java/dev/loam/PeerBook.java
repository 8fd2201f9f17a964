package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.crypto.DeviceIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The devices that this store trusts, in the file {@code peers}: a line each with public key, name
 * in hexadecimal, addresses, and the vaults to exchange with it, or {@code *}. Local to the store,
 * never replicated.
 */
final class PeerBook {
    static final int PEERS_MAX = 64;

    private static final String ALL_VAULTS = "*";

    private final SmallFile file;

    /** Held while the file is replaced; readers take {@link #peers} without it. */
    private final ReentrantLock replacing = new ReentrantLock();

    private volatile SortedMap<DeviceId, Peer> peers;

    PeerBook(StoreFolder store) {
        file = new SmallFile(store, "peers");
        TreeMap<DeviceId, Peer> read = new TreeMap<>();
        file.read(lines -> lines.stream().map(PeerBook::parse).toList())
                .ifPresent(all -> all.forEach(peer -> read.put(peer.id(), peer)));
        peers = Collections.unmodifiableSortedMap(read);
    }

    List<Peer> all() {
        return List.copyOf(peers.values());
    }

    Optional<Peer> find(DeviceId id) {
        return Optional.ofNullable(peers.get(id));
    }

    void put(Peer peer) {
        change(known -> known.put(peer.id(), keepingVaults(known, peer)));
    }

    /** Pairing again does not widen what is exchanged. */
    private static Peer keepingVaults(SortedMap<DeviceId, Peer> known, Peer peer) {
        Peer before = known.get(peer.id());
        return before != null && peer.vaults().isEmpty() ? peer.only(before.vaults()) : peer;
    }

    /**
     * Exchanges only these vaults with a peer from now on; empty: all.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such peer
     */
    Peer limit(DeviceId id, Optional<Set<VaultId>> vaults) {
        change(known -> known.put(id, expect(known, id).only(vaults)));
        return expect(peers, id);
    }

    /**
     * Gives a peer another name.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such peer
     */
    Peer rename(DeviceId id, String name) {
        Limits.checkName("a device's name", name, Limits.NAME_BYTES_MAX);
        change(
                known -> {
                    known.put(id, expect(known, id).named(name));
                });
        return expect(peers, id);
    }

    /**
     * Trusts a peer no longer.
     *
     * @throws LoamException {@code NOT_FOUND} if there is no such peer
     */
    void remove(DeviceId id) {
        change(known -> known.remove(expect(known, id).id()));
    }

    private static Peer expect(SortedMap<DeviceId, Peer> known, DeviceId id) {
        Peer peer = known.get(id);
        if (peer == null) {
            throw new LoamException(
                    ErrorCode.NOT_FOUND, "the device " + id + " is not paired with this store");
        }
        return peer;
    }

    /** Durable when it returns, and visible only then. */
    private void change(Consumer<TreeMap<DeviceId, Peer>> edit) {
        replacing.lock();
        try {
            TreeMap<DeviceId, Peer> changed = new TreeMap<>(peers);
            edit.accept(changed);
            Limits.check("number of peers", changed.size(), PEERS_MAX);
            List<String> lines = new ArrayList<>();
            changed.values().forEach(each -> lines.add(format(each)));
            file.write(lines);
            peers = Collections.unmodifiableSortedMap(changed);
        } finally {
            replacing.unlock();
        }
    }

    private static String format(Peer peer) {
        return "peer "
                + peer.publicKey().toHex()
                + " "
                + Bytes.ofUtf8(peer.name()).toHex()
                + " "
                + String.join(",", peer.addresses())
                + " "
                + peer.vaults()
                        .map(
                                vaults ->
                                        vaults.stream()
                                                .map(vault -> vault.bytes().toHex())
                                                .collect(Collectors.joining(",")))
                        .orElse(ALL_VAULTS);
    }

    private static Optional<Set<VaultId>> vaults(String word) {
        if (word.equals(ALL_VAULTS)) {
            return Optional.empty();
        }
        Set<VaultId> vaults = new TreeSet<>();
        for (String each : word.split(",", -1)) {
            vaults.add(new VaultId(SmallFile.bytes(each, VaultId.SIZE)));
        }
        return Optional.of(vaults);
    }

    private static Peer parse(String line) {
        String[] parts = line.split(" ", -1);
        Bytes publicKey = SmallFile.bytes(parts[1], DeviceIdentity.PUBLIC_KEY_BYTES);
        List<String> addresses = parts[3].isEmpty() ? List.of() : List.of(parts[3].split(","));
        return new Peer(
                DeviceIdentity.idOf(publicKey),
                publicKey,
                Bytes.fromHex(parts[2]).toUtf8(),
                addresses,
                vaults(parts[4]));
    }
}
