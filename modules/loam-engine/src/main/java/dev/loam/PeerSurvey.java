package dev.loam;

import dev.loam.PeerContacts.Contact;
import dev.loam.core.ActorId;
import dev.loam.core.ActorState;
import dev.loam.core.Bytes;
import dev.loam.core.Position;
import dev.loam.core.Tip;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.core.VersionVector;
import dev.loam.log.LogItem;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells how far each peer is known to be. Reads the log only where a peer is behind. */
final class PeerSurvey {
    /** Positions that are read to count bytes; more are not counted. */
    static final long READ_MAX = 100_000;

    private final Store store;
    private final StoreState state;

    PeerSurvey(Store store) {
        this.store = store;
        this.state = store.state();
    }

    PeerStatus status(Peer peer) {
        Optional<Contact> contact = store.contacts().of(peer.id());
        return new PeerStatus(
                peer,
                store.links().isConnected(peer.id()),
                contact.map(Contact::at),
                contact.map(Contact::result),
                behind(peer, contact));
    }

    private Backlog behind(Peer peer, Optional<Contact> contact) {
        TreeMap<VaultId, VersionVector> lacking = new TreeMap<>();
        long batches = 0;
        long operations = 0;
        for (VaultState vault : state.vaults().values()) {
            if (StoreState.actorOf(vault, store.device()).isEmpty()
                    && StoreState.actorOf(vault, peer.id()).isEmpty()) {
                continue;
            }
            VersionVector held = held(peer, vault, contact);
            for (Map.Entry<ActorId, Tip> ours : vault.frontier().tips().entrySet()) {
                Tip theirs = held.get(ours.getKey());
                if (ours.getValue().sequence() > theirs.sequence()) {
                    batches += ours.getValue().sequence() - theirs.sequence();
                    operations += ours.getValue().counter() - theirs.counter();
                    lacking.put(vault.id(), held);
                }
            }
        }
        return batches == 0 ? Backlog.NONE : new Backlog(batches, operations, bytes(lacking));
    }

    /** What the last session showed, and what the peer's own batches say that they have seen. */
    private static VersionVector held(Peer peer, VaultState vault, Optional<Contact> contact) {
        VersionVector held =
                contact.map(Contact::holds)
                        .map(holds -> holds.getOrDefault(vault.id(), VersionVector.EMPTY))
                        .orElse(VersionVector.EMPTY);
        for (ActorState actor : vault.actors().values()) {
            if (actor.device().equals(peer.id())) {
                held = held.join(actor.context());
            }
        }
        return held;
    }

    private OptionalLong bytes(SortedMap<VaultId, VersionVector> lacking) {
        Position from = store.ask(stage -> firstLacking(lacking));
        Position end = store.log().end();
        if (end.number() - from.number() > READ_MAX) {
            return OptionalLong.empty();
        }
        long bytes = 0;
        try (LogWalk walk = LogWalk.after(store.log(), from)) {
            while (walk.hasNext()) {
                if (walk.next() instanceof LogItem.Entry(Position _, Bytes payload)) {
                    LogEntry entry = LogEntry.decode(payload);
                    VersionVector held = lacking.get(entry.id().vault());
                    if (held != null
                            && entry.id().sequence() > held.get(entry.id().actor()).sequence()) {
                        bytes += entry.batch().size();
                    }
                }
            }
        }
        return OptionalLong.of(bytes);
    }

    /** The position before the first batch that is lacking; the writer's thread. */
    private Position firstLacking(SortedMap<VaultId, VersionVector> lacking) {
        long first = store.log().end().number() + 1;
        for (Map.Entry<VaultId, VersionVector> each : lacking.entrySet()) {
            for (ActorId actor : state.vault(each.getKey()).actors().keySet()) {
                long sequence = each.getValue().get(actor).sequence();
                first =
                        Math.min(
                                first,
                                store.runs()
                                        .startAfter(each.getKey(), actor, sequence)
                                        .map(Position::number)
                                        .orElse(first));
            }
        }
        return new Position(first - 1);
    }
}
