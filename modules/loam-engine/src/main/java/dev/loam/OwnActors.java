package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * As which actor this store writes in each vault, in the file {@code actors}. A device may have
 * several in a vault: those of stores that this one is a copy of, and those of its copies. Only one
 * of them is this store's, and nothing but this file tells which: a line for each {@link OwnActor}.
 *
 * <p>Changed by whoever opens the store, then by the writer thread alone; read by any.
 */
final class OwnActors {
    private final DeviceId device;
    private final SmallFile file;
    private volatile SortedMap<VaultId, OwnActor> entries;

    OwnActors(StoreFolder store, DeviceId device) {
        this.device = device;
        this.file = new SmallFile(store, "actors");
        entries =
                Collections.unmodifiableSortedMap(
                        file.read(OwnActors::parse).orElseGet(TreeMap::new));
    }

    private static SortedMap<VaultId, OwnActor> parse(List<String> lines) {
        TreeMap<VaultId, OwnActor> read = new TreeMap<>();
        for (String line : lines) {
            List<String> words = List.of(line.split(" ", -1));
            read.put(
                    new VaultId(SmallFile.bytes(words.get(1), VaultId.SIZE)),
                    OwnActor.parse(words.getFirst(), words.subList(2, words.size())));
        }
        return read;
    }

    /** This store's actor in a vault, once it has been let in, and until that is closed. */
    Optional<ActorId> in(VaultState vault) {
        return named(vault).filter(vault.actors()::containsKey);
    }

    /**
     * Whether a batch of that actor may be this store's own. Told without the vault's state, while
     * the log is being opened: what this store wrote as nobody knows whom counts as its own.
     */
    boolean mayHaveWritten(VaultId vault, ActorId actor) {
        return switch (entries.get(vault)) {
            case OwnActor.Own(ActorId own, var former) ->
                    own.equals(actor) || former.contains(actor);
            case OwnActor.Next _ -> true;
            case OwnActor.Rebase rebase ->
                    rebase.before().filter(actor::equals).isPresent()
                            || rebase.name().filter(actor::equals).isPresent();
            // Before it writes for the first time, it notes as whom.
            case null -> !file.exists();
        };
    }

    /** Whether somebody has excluded this store's actor; all traces but that may be gone. */
    boolean isShutOut(VaultState vault) {
        return named(vault)
                .filter(
                        own ->
                                vault.closed().containsKey(own)
                                        || vault.actor(own)
                                                .filter(ActorState::isExcluded)
                                                .isPresent())
                .isPresent();
    }

    private Optional<ActorId> named(VaultState vault) {
        return switch (entries.get(vault.id())) {
            case OwnActor.Own(ActorId actor, var _) -> Optional.of(actor);
            case OwnActor.Next(Bytes nonce, var _) -> NextName.in(vault, device, nonce);
            case OwnActor.Rebase rebase -> rebase.name();
            case null -> unused(vault);
        };
    }

    /**
     * As which the store wrote in a vault that a snapshot has replaced, or is to replace: nothing
     * more that was written so may count, once it is written anew.
     */
    Optional<ActorId> before(VaultState vault) {
        return entries.get(vault.id()) instanceof OwnActor.Rebase rebase
                ? rebase.before()
                : Optional.empty();
    }

    /** Whether the vault is to be replaced by a snapshot, and has not been yet. */
    boolean wantsSnapshot(VaultState vault) {
        return entries.get(vault.id()) instanceof OwnActor.Rebase rebase
                && rebase.name().filter(vault::hasEnrolled).isEmpty();
    }

    /**
     * Asks to be let into the vault anew. This store writes as what it is let in as once it has a
     * snapshot in which it is; until then it goes on as before, where nobody is known to have
     * excluded that, and what it writes is set aside with the rest. Durable on return.
     *
     * @param toldBy a device that takes nothing more of what it was, and goes on itself
     */
    void beginRebase(VaultState vault, Bytes nonce, Optional<DeviceId> toldBy) {
        if (!wantsSnapshot(vault)) {
            Optional<ActorId> before = in(vault);
            change(
                    changed ->
                            changed.put(
                                    vault.id(),
                                    new OwnActor.Rebase(nonce, Optional.empty(), before, toldBy)));
        }
    }

    /**
     * Takes the name under which a snapshot that is to be taken has this store in. If that was shut
     * out again and is closed there, it is to ask anew. Durable on return.
     *
     * @param there the vault as the snapshot has it
     * @param nonce to ask with anew
     * @return whether it is in
     */
    boolean takeName(VaultState there, Bytes nonce) {
        if (!(entries.get(there.id()) instanceof OwnActor.Rebase rebase)) {
            return false;
        }
        Optional<ActorId> name = NextName.in(there, device, rebase.nonce());
        if (name.isEmpty()) {
            return false;
        }
        boolean isIn = there.actors().containsKey(name.get());
        OwnActor next = isIn ? rebase.named(name.get()) : rebase.withNonce(nonce);
        if (!next.equals(rebase)) {
            change(changed -> changed.put(there.id(), next));
        }
        return isIn;
    }

    /** Whether it could go on as it was, for all that it has heard, and wants a snapshot. */
    boolean mayStand(VaultState vault) {
        return wantsSnapshot(vault)
                && entries.get(vault.id()) instanceof OwnActor.Rebase rebase
                && rebase.toldBy().filter(by -> !vault.revoked().contains(by)).isEmpty()
                && rebase.before().filter(vault::inGoodStanding).isPresent();
    }

    /**
     * Wants no snapshot any more, and goes on as the actor that it was, if nobody is known here to
     * have excluded that. Durable on return.
     */
    void standAgain(VaultState vault) {
        if (wantsSnapshot(vault) && before(vault).filter(vault::inGoodStanding).isPresent()) {
            ActorId before = before(vault).orElseThrow();
            change(changed -> changed.put(vault.id(), own(vault, before)));
        }
    }

    private OwnActor.Own own(VaultState vault, ActorId actor) {
        TreeSet<ActorId> former = new TreeSet<>();
        vault.actors()
                .forEach(
                        (each, state) -> {
                            if (state.device().equals(device) && !each.equals(actor)) {
                                former.add(each);
                            }
                        });
        return new OwnActor.Own(actor, former);
    }

    /**
     * A peer takes it that what this store holds of others is given up, and that the numbers of
     * their batches are free: it never goes on as it was. Durable on return.
     */
    void giveUp(VaultState vault) {
        tell(vault, Optional.of(device));
    }

    /**
     * A peer wants a snapshot itself. If it was that one which had said that it goes on, nobody has
     * any more. Durable on return.
     */
    void noLongerToldBy(VaultState vault, DeviceId peer) {
        if (entries.get(vault.id()) instanceof OwnActor.Rebase rebase
                && rebase.toldBy().filter(peer::equals).isPresent()) {
            tell(vault, Optional.empty());
        }
    }

    private void tell(VaultState vault, Optional<DeviceId> by) {
        if (wantsSnapshot(vault)
                && entries.get(vault.id()) instanceof OwnActor.Rebase rebase
                && !rebase.toldBy().equals(by)) {
            change(changed -> changed.put(vault.id(), rebase.toldBy(by)));
        }
    }

    /** An actor of this device as which nobody has written, if nobody has as any other. */
    private Optional<ActorId> unused(VaultState vault) {
        boolean isNew =
                vault.actors().values().stream()
                        .filter(actor -> actor.device().equals(device))
                        .allMatch(actor -> actor.tip().equals(Tip.NONE));
        return isNew ? StoreState.actorOf(vault, device) : Optional.empty();
    }

    /** Keeps to that actor from now on; durable when it returns. To be called before it writes. */
    void keep(VaultState vault, ActorId actor) {
        OwnActor entry = entries.get(vault.id());
        boolean isNews =
                entry == null
                        || (entry instanceof OwnActor.Next
                                && named(vault).filter(actor::equals).isPresent());
        if (isNews) {
            change(changed -> changed.put(vault.id(), own(vault, actor)));
        }
    }

    /**
     * Settles for each vault that this device has been let into who this store is. Where others may
     * have written as the actor that it would be, it takes a new name. From then on it is known as
     * whom it has written.
     */
    void settle(Collection<VaultState> vaults, Supplier<Bytes> nonces) {
        for (VaultState vault : vaults) {
            if (entries.containsKey(vault.id()) || StoreState.actorOf(vault, device).isEmpty()) {
                continue;
            }
            unused(vault)
                    .ifPresentOrElse(
                            actor -> keep(vault, actor), () -> restart(List.of(vault), nonces));
        }
        if (!file.exists()) {
            change(changed -> {});
        }
    }

    /** Takes new names in these vaults, as far as the device is in them; durable on return. */
    void restart(Collection<VaultState> vaults, Supplier<Bytes> nonces) {
        change(
                changed -> {
                    for (VaultState vault : vaults) {
                        if (StoreState.actorOf(vault, device).isPresent()) {
                            changed.put(vault.id(), OwnActor.Next.of(nonces.get()));
                        }
                    }
                });
    }

    /** Whether this store waits to be let in, and keeps what it has of the vault. */
    boolean isAwaiting(VaultState vault) {
        return entries.get(vault.id()) instanceof OwnActor.Next
                && named(vault).filter(vault::hasEnrolled).isEmpty();
    }

    /** The nonces with which this store wants to be let into vaults, and is not yet. */
    SortedMap<VaultId, Bytes> awaited(StoreState state) {
        TreeMap<VaultId, Bytes> awaited = new TreeMap<>();
        entries.forEach(
                (id, entry) -> {
                    boolean isIn =
                            named(state.vault(id)).filter(state.vault(id)::hasEnrolled).isPresent();
                    switch (entry) {
                        case OwnActor.Next(Bytes nonce, var _) when !isIn -> awaited.put(id, nonce);
                        case OwnActor.Rebase rebase when !isIn -> awaited.put(id, rebase.nonce());
                        default -> {}
                    }
                });
        return awaited;
    }

    /**
     * All that either has of a vault was exchanged with a peer. If that has not let this store in,
     * it waits itself. Durable on return.
     */
    void met(VaultState vault, DeviceId peer) {
        if (isAwaiting(vault)
                && entries.get(vault.id()) instanceof OwnActor.Next next
                && !next.met().contains(peer)) {
            change(changed -> changed.put(vault.id(), next.plus(peer)));
        }
    }

    /**
     * As which this store may let itself in as its next actor: the last that wrote of this device.
     * Nobody else may have more of that one's batches, or their numbers would be given out twice:
     * so all others that are not revoked have been met since. Of them and this one, the one with
     * the smallest id begins.
     *
     * @param standsBack who is not going to begin, whatever its id
     */
    Optional<ActorId> predecessor(VaultState vault, Optional<DeviceId> standsBack) {
        if (!(entries.get(vault.id()) instanceof OwnActor.Next(Bytes _, var met))) {
            return Optional.empty();
        }
        boolean isUpToThis =
                vault.actors().entrySet().stream()
                        .filter(each -> !each.getValue().device().equals(device))
                        .filter(each -> !vault.revoked().contains(each.getValue().device()))
                        .allMatch(
                                each -> {
                                    DeviceId other = each.getValue().device();
                                    return met.contains(other)
                                            && (each.getValue().isExcluded()
                                                    || standsBack.filter(other::equals).isPresent()
                                                    || device.compareTo(other) < 0);
                                });
        return isUpToThis
                ? vault.actors().entrySet().stream()
                        .filter(each -> each.getValue().device().equals(device))
                        .filter(each -> vault.inGoodStanding(each.getKey()))
                        .max(Map.Entry.comparingByValue(Comparator.comparing(ActorState::stamp)))
                        .map(Map.Entry::getKey)
                : Optional.empty();
    }

    private void change(Consumer<TreeMap<VaultId, OwnActor>> edit) {
        TreeMap<VaultId, OwnActor> changed = new TreeMap<>(entries);
        edit.accept(changed);
        List<String> lines = new ArrayList<>();
        changed.forEach((vault, entry) -> lines.add(entry.line(vault)));
        file.write(lines);
        entries = Collections.unmodifiableSortedMap(changed);
    }
}
