package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * As which actor a store writes in one vault, and its line in the file {@code actors}.
 *
 * <pre>
 * own  VAULT ACTOR [FORMER]...   has been let in; and as which the device wrote before
 * next VAULT NONCE [DEVICE]...   asks with that nonce to be let in; and those that have been
 *                         asked since, and could not
 * rebase VAULT NONCE [as ACTOR] [out DEVICE] [was ACTOR]   the same; and the vault is to be
 *                         replaced by a snapshot that has it in, as that actor once it is known;
 *                         it wrote as the other one before, of which that device takes nothing
 *                         more
 * </pre>
 */
sealed interface OwnActor {
    /** Before the name under which it is in the snapshot. */
    String AS = "as";

    /** Before the device that has said that it takes nothing more. */
    String OUT = "out";

    /** Before the actor as which it wrote. */
    String WAS = "was";

    /**
     * @param former other actors of the device, as which this store may have written
     */
    record Own(ActorId actor, SortedSet<ActorId> former) implements OwnActor {
        public Own {
            former = Collections.unmodifiableSortedSet(new TreeSet<>(former));
        }
    }

    /**
     * @param nonce with which it asks to be let in: see {@link NextName}
     * @param met with whom all was exchanged since, and who has not let it in
     */
    record Next(Bytes nonce, SortedSet<DeviceId> met) implements OwnActor {
        public Next {
            met = Collections.unmodifiableSortedSet(new TreeSet<>(met));
        }

        static Next of(Bytes nonce) {
            return new Next(nonce, new TreeSet<>());
        }

        Next plus(DeviceId peer) {
            TreeSet<DeviceId> more = new TreeSet<>(met);
            more.add(peer);
            return new Next(nonce, more);
        }
    }

    /**
     * @param nonce with which it asks to be let in
     * @param name as which the last snapshot that was to be taken has it in
     * @param before as which the store wrote
     * @param toldBy a device that takes nothing more of that, and goes on itself; the store's own
     *     if it has given that up for good
     */
    record Rebase(
            Bytes nonce,
            Optional<ActorId> name,
            Optional<ActorId> before,
            Optional<DeviceId> toldBy)
            implements OwnActor {
        Rebase withNonce(Bytes next) {
            return new Rebase(next, Optional.empty(), before, toldBy);
        }

        Rebase named(ActorId actor) {
            return new Rebase(nonce, Optional.of(actor), before, toldBy);
        }

        Rebase toldBy(Optional<DeviceId> device) {
            return new Rebase(nonce, name, before, device);
        }
    }

    /**
     * @param words of a line, behind the vault
     */
    static OwnActor parse(String kind, List<String> words) {
        String first = words.getFirst();
        List<String> more = words.subList(1, words.size());
        return switch (kind) {
            case "own" -> {
                TreeSet<ActorId> former = new TreeSet<>();
                more.forEach(word -> former.add(new ActorId(SmallFile.bytes(word, ActorId.SIZE))));
                yield new Own(new ActorId(SmallFile.bytes(first, ActorId.SIZE)), former);
            }
            case "rebase" ->
                    new Rebase(
                            SmallFile.bytes(first, ActorId.NONCE_SIZE),
                            behind(AS, ActorId.SIZE, more).map(ActorId::new),
                            behind(WAS, ActorId.SIZE, more).map(ActorId::new),
                            behind(OUT, DeviceId.SIZE, more).map(DeviceId::new));
            default -> {
                TreeSet<DeviceId> met = new TreeSet<>();
                more.forEach(word -> met.add(new DeviceId(SmallFile.bytes(word, DeviceId.SIZE))));
                yield new Next(SmallFile.bytes(first, ActorId.NONCE_SIZE), met);
            }
        };
    }

    private static Optional<Bytes> behind(String mark, int size, List<String> words) {
        int at = words.indexOf(mark);
        return at < 0 ? Optional.empty() : Optional.of(SmallFile.bytes(words.get(at + 1), size));
    }

    default String line(VaultId vault) {
        List<String> words = new ArrayList<>();
        switch (this) {
            case Own(ActorId actor, var former) -> {
                words.addAll(List.of("own", vault.bytes().toHex(), actor.bytes().toHex()));
                former.forEach(each -> words.add(each.bytes().toHex()));
            }
            case Next(Bytes nonce, var met) -> {
                words.addAll(List.of("next", vault.bytes().toHex(), nonce.toHex()));
                met.forEach(each -> words.add(each.bytes().toHex()));
            }
            case Rebase(Bytes nonce, var name, var before, var toldBy) -> {
                words.addAll(List.of("rebase", vault.bytes().toHex(), nonce.toHex()));
                name.ifPresent(actor -> words.addAll(List.of(AS, actor.bytes().toHex())));
                toldBy.ifPresent(by -> words.addAll(List.of(OUT, by.bytes().toHex())));
                before.ifPresent(actor -> words.addAll(List.of(WAS, actor.bytes().toHex())));
            }
        }
        return String.join(" ", words);
    }
}
