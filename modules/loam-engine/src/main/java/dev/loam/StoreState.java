package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.StateDigest;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a store knows of its vaults, records apart. Immutable. */
final class StoreState {
    static final StoreState EMPTY = new StoreState(new TreeMap<>(), Map.of(), new TreeMap<>());

    private final SortedMap<VaultId, VaultState> vaults;

    /** Every vault by the name it has on this device; derived from {@link #vaults}. */
    private final Map<String, VaultId> names;

    /** The length of each model's vectors, set by the first one in log order. */
    private final SortedMap<String, Integer> dimensions;

    private StoreState(
            SortedMap<VaultId, VaultState> vaults,
            Map<String, VaultId> names,
            SortedMap<String, Integer> dimensions) {
        this.vaults = Collections.unmodifiableSortedMap(vaults);
        this.names = names;
        this.dimensions = Collections.unmodifiableSortedMap(dimensions);
    }

    SortedMap<VaultId, VaultState> vaults() {
        return vaults;
    }

    VaultState vault(VaultId id) {
        VaultState known = vaults.get(id);
        return known == null ? VaultState.unknown(id) : known;
    }

    Optional<VaultState> named(String name) {
        return Optional.ofNullable(names.get(name)).map(this::vault);
    }

    /** The vaults by name, in the names' order. */
    SortedMap<String, VaultState> byName() {
        TreeMap<String, VaultState> byName = new TreeMap<>();
        names.forEach((name, id) -> byName.put(name, vault(id)));
        return byName;
    }

    SortedMap<String, Integer> dimensions() {
        return dimensions;
    }

    StoreState with(Map<VaultId, VaultState> changed, Map<String, Integer> newDimensions) {
        TreeMap<VaultId, VaultState> next = new TreeMap<>(vaults);
        next.putAll(changed);
        TreeMap<String, Integer> models = new TreeMap<>(newDimensions);
        models.putAll(dimensions);
        boolean sameNames =
                changed.values().stream()
                        .allMatch(vault -> vault(vault.id()).name().equals(vault.name()));
        return new StoreState(next, sameNames ? names : namesOf(next), models);
    }

    /**
     * Two devices may each have founded a vault of the same name before they met. The older one has
     * the name on every device; the others are found by name, "~" and eight digits of their id.
     */
    private static Map<String, VaultId> namesOf(SortedMap<VaultId, VaultState> vaults) {
        List<VaultState> oldestFirst =
                vaults.values().stream()
                        .filter(vault -> !vault.name().isEmpty())
                        .sorted(
                                Comparator.comparing(VaultState::founded)
                                        .thenComparing(VaultState::id))
                        .toList();
        TreeMap<String, VaultId> names = new TreeMap<>();
        for (VaultState vault : oldestFirst) {
            VaultId holder = names.putIfAbsent(vault.name(), vault.id());
            if (holder != null) {
                names.put(vault.name() + "~" + vault.id().bytes().toShortHex(4), vault.id());
            }
        }
        return Collections.unmodifiableSortedMap(names);
    }

    StateDigest digest() {
        StateDigest sum = StateDigest.EMPTY;
        for (VaultState vault : vaults.values()) {
            sum = sum.plus(vault.digest());
        }
        return sum;
    }

    long records() {
        return vaults.values().stream().mapToLong(VaultState::records).sum();
    }

    /** The actor as which {@code device} writes in the vault, once it has been let in. */
    static Optional<ActorId> actorOf(VaultState vault, DeviceId device) {
        return vault.actors().entrySet().stream()
                .filter(entry -> entry.getValue().device().equals(device))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void encodeTo(ByteWriter writer) {
        writer.varint(vaults.size());
        vaults.values().forEach(vault -> writer.bytes(vault.encode()));
        writer.varint(dimensions.size());
        dimensions.forEach(
                (model, dimension) -> {
                    writer.utf8(model);
                    writer.varint(dimension);
                });
    }

    static StoreState decode(ByteReader reader) {
        TreeMap<VaultId, VaultState> vaults = new TreeMap<>();
        long count = reader.varint();
        for (long i = 0; i < count; i++) {
            Bytes encoded = reader.bytes();
            VaultState vault = VaultState.decode(encoded);
            vaults.put(vault.id(), vault);
        }
        TreeMap<String, Integer> dimensions = new TreeMap<>();
        long models = reader.varint();
        for (long i = 0; i < models; i++) {
            dimensions.put(reader.utf8(), reader.index(Integer.MAX_VALUE));
        }
        return new StoreState(vaults, namesOf(vaults), dimensions);
    }
}
