package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.VaultId;
import java.util.ArrayList;
import java.util.Arrays;
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
 * next VAULT NONCE [DEVICE]...   is to be let in; the device, the vault and the nonce make its
 *                         name; and those that have been asked since, and could not
 * rebase VAULT NONCE [out DEVICE] [ACTOR]   the same; and the vault is to be replaced by a snapshot that
 *                         has it in, in which it wrote as that actor before, as which that device
 *                         takes nothing more of it
 * </pre>
 */
sealed interface OwnActor {
    /** Before the device that has said that it takes nothing more. */
    String OUT = "out";

    /**
     * @param former other actors of the device, as which this store may have written
     */
    record Own(ActorId actor, SortedSet<ActorId> former) implements OwnActor {
        public Own {
            former = Collections.unmodifiableSortedSet(new TreeSet<>(former));
        }
    }

    /**
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
     * @param before as which the store wrote
     * @param toldBy a device that takes nothing more of that, and goes on itself; the store's own
     *     if it has given that up for good
     */
    record Rebase(Bytes nonce, Optional<ActorId> before, Optional<DeviceId> toldBy)
            implements OwnActor {
        Rebase withNonce(Bytes next) {
            return new Rebase(next, before, toldBy);
        }

        Rebase toldBy(Optional<DeviceId> device) {
            return new Rebase(nonce, before, device);
        }
    }

    /** Of which a name is made that is not in the vault yet. */
    default Optional<Bytes> nonceOfNext() {
        return switch (this) {
            case Own _ -> Optional.empty();
            case Next(Bytes nonce, var _) -> Optional.of(nonce);
            case Rebase(Bytes nonce, var _, var _) -> Optional.of(nonce);
        };
    }

    /** Its name in the vault. */
    default ActorId name(DeviceId device, VaultId vault) {
        return switch (this) {
            case Own(ActorId actor, var _) -> actor;
            case Next(Bytes nonce, var _) -> ActorId.of(device, vault, nonce);
            case Rebase(Bytes nonce, var _, var _) -> ActorId.of(device, vault, nonce);
        };
    }

    /**
     * @param words of a line, behind the vault
     */
    static OwnActor parse(String kind, List<String> words) {
        List<Bytes> values =
                words.stream().filter(word -> !word.equals(OUT)).map(Bytes::fromHex).toList();
        Bytes first = values.getFirst();
        List<Bytes> more = values.subList(1, values.size());
        return switch (kind) {
            case "own" -> {
                TreeSet<ActorId> former = new TreeSet<>();
                more.stream().map(ActorId::new).forEach(former::add);
                yield new Own(new ActorId(first), former);
            }
            case "rebase" -> {
                boolean isTold = words.contains(OUT);
                yield new Rebase(
                        first,
                        more.stream().skip(isTold ? 1 : 0).map(ActorId::new).findFirst(),
                        more.stream().limit(isTold ? 1 : 0).map(DeviceId::new).findFirst());
            }
            default -> {
                TreeSet<DeviceId> met = new TreeSet<>();
                more.stream().map(DeviceId::new).forEach(met::add);
                yield new Next(first, met);
            }
        };
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
            case Rebase(Bytes nonce, var before, var toldBy) -> {
                words.addAll(List.of("rebase", vault.bytes().toHex(), nonce.toHex()));
                toldBy.ifPresent(by -> words.addAll(Arrays.asList(OUT, by.bytes().toHex())));
                before.ifPresent(actor -> words.add(actor.bytes().toHex()));
            }
        }
        return String.join(" ", words);
    }
}
