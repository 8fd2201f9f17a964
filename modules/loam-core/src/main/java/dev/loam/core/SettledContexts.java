package dev.loam.core;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the open actors of a vault had applied with the last of their batches that is settled, that
 * batch included. A batch tells only what its author had applied since the one before it: from here
 * on the contexts of later ones are computed where the settled ones are gone. The bytes are
 * described in docs/formats/batch.md. Immutable.
 *
 * @param contexts per actor of which a batch is settled, closed actors aside
 */
public record SettledContexts(SortedMap<ActorId, VersionVector> contexts) {
    /** Where nothing is settled. */
    public static final SettledContexts NONE = new SettledContexts(new TreeMap<>());

    private static final int FORM = 1;

    /** An actor's index and the length of its vector. */
    private static final int CONTEXT_BYTES_MIN = 2;

    public SettledContexts {
        contexts = Collections.unmodifiableSortedMap(new TreeMap<>(contexts));
    }

    /**
     * Whether these can be those of the vault as it stands: of each open actor that the horizon
     * names, and of nobody else, one that ends where the horizon does and is no later than what the
     * actor has applied by now.
     */
    public boolean fit(VaultState vault) {
        for (Map.Entry<ActorId, ActorState> each : vault.actors().entrySet()) {
            Tip settled = vault.horizon().get(each.getKey());
            Optional<VersionVector> told = Optional.ofNullable(contexts.get(each.getKey()));
            boolean fits =
                    settled.equals(Tip.NONE)
                            ? told.isEmpty()
                            : told.filter(known -> known.get(each.getKey()).equals(settled))
                                    .filter(each.getValue().context()::covers)
                                    .isPresent();
            if (!fits) {
                return false;
            }
        }
        return vault.actors().keySet().containsAll(contexts.keySet());
    }

    /** The canonical bytes. */
    public Bytes encode() {
        SortedSet<ActorId> named = new TreeSet<>(contexts.keySet());
        contexts.values().forEach(context -> named.addAll(context.tips().keySet()));
        ActorTable actors = ActorTable.of(named);
        ByteWriter out = new ByteWriter().u8(FORM);
        actors.write(out);
        out.varint(contexts.size());
        contexts.forEach(
                (actor, context) -> {
                    actors.writeActor(out, actor);
                    actors.writeVector(out, context);
                });
        return out.toBytes();
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws LoamException {@code CORRUPT} for anything else, {@code FORMAT_VERSION} for the bytes
     *     of a newer Loam
     */
    public static SettledContexts decode(Bytes encoded) {
        return Canonical.decode(
                "settled contexts", encoded, SettledContexts::read, SettledContexts::encode);
    }

    private static SettledContexts read(ByteReader in) {
        Canonical.expectForm(in, FORM);
        ActorTable actors = ActorTable.read(in);
        SortedMap<ActorId, VersionVector> contexts = new TreeMap<>();
        int count = in.count(CONTEXT_BYTES_MIN);
        for (int i = 0; i < count; i++) {
            contexts.put(actors.readActor(in), actors.readVector(in));
        }
        return new SettledContexts(contexts);
    }
}
