package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a session with one peer asks about snapshots: made here, or given by the peer. */
final class SnapshotDesk {
    private final Store store;
    private final DeviceId peer;
    private final Map<VaultId, SnapshotHead> made = new TreeMap<>();
    private final Map<VaultId, SnapshotHead> offered = new TreeMap<>();
    private final Set<VaultId> adopted = new TreeSet<>();
    private final Set<VaultId> unmade = new TreeSet<>();

    SnapshotDesk(Store store, DeviceId peer) {
        this.store = store;
        this.peer = peer;
    }

    /** The vaults that the peer wants, and that this store may not give: it is not in them yet. */
    Set<VaultId> unmade() {
        return unmade;
    }

    /** The vaults that were taken over in this session. */
    Set<VaultId> adopted() {
        return adopted;
    }

    SyncInput answer(SyncEffect.OfSnapshot asked) {
        try {
            return switch (asked) {
                case SyncEffect.MakeSnapshot(VaultId vault) -> make(vault);
                case SyncEffect.ReadChunk(VaultId vault, int index) ->
                        new SyncInput.ChunkRead(vault, index, read(vault, index));
                case SyncEffect.WeighSnapshot weigh -> weigh(weigh);
                case SyncEffect.KeepChunk keep -> keep(keep);
                case SyncEffect.AdoptSnapshot(VaultId vault) -> adopt(vault);
            };
        } catch (LoamException failed) {
            return new SyncInput.Stopped(reason(asked, failed.code()));
        }
    }

    private static EndReason reason(SyncEffect.OfSnapshot asked, ErrorCode code) {
        boolean isForeign =
                asked instanceof SyncEffect.WeighSnapshot
                        || asked instanceof SyncEffect.KeepChunk
                        || asked instanceof SyncEffect.AdoptSnapshot;
        return switch (code) {
            case FORBIDDEN -> isForeign ? EndReason.BAD_SEAL : EndReason.REFUSED;
            case FORMAT_VERSION -> EndReason.UPGRADE_REQUIRED;
            case CORRUPT -> isForeign ? EndReason.PROTOCOL : EndReason.STORE_FAILED;
            default -> EndReason.STORE_FAILED;
        };
    }

    private SyncInput make(VaultId vault) {
        if (ControlBatch.author(store, store.state().vault(vault)).isEmpty()) {
            unmade.add(vault);
            return new SyncInput.Stopped(EndReason.PAUSED);
        }
        SnapshotHead head = store.madeSnapshots().of(vault, peer);
        made.put(vault, head);
        return new SyncInput.SnapshotMade(
                vault, head.hashes().size(), head.bytes(), head.signed(store.identity()));
    }

    private Bytes read(VaultId vault, int index) {
        Bytes hash = known(made, vault).hashes().get(index);
        return SnapshotFiles.made(store.folder(), vault).read(hash);
    }

    private SyncInput weigh(SyncEffect.WeighSnapshot weigh) {
        Peer maker =
                store.peers()
                        .find(peer)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.FORBIDDEN,
                                                "the device " + peer + " is not paired"));
        SnapshotHead head = SnapshotHead.verified(weigh.head(), maker.publicKey());
        VaultState state = head.state();
        boolean isOfMember =
                state.actors().entrySet().stream()
                        .filter(actor -> actor.getValue().device().equals(peer))
                        .anyMatch(actor -> state.inGoodStanding(actor.getKey()));
        if (!state.id().equals(weigh.vault())
                || head.hashes().size() != weigh.chunks()
                || !isOfMember) {
            throw new LoamException(
                    ErrorCode.CORRUPT, "a snapshot is not the one that was announced");
        }
        offered.put(weigh.vault(), head);
        SnapshotFiles files = SnapshotFiles.taken(store.folder(), weigh.vault());
        files.keepOnly(head.hashes());
        List<Integer> lacking = new ArrayList<>();
        for (int i = 0; i < head.hashes().size(); i++) {
            if (!files.has(head.hashes().get(i))) {
                lacking.add(i);
            }
        }
        return new SyncInput.SnapshotWeighed(weigh.vault(), lacking);
    }

    private SyncInput keep(SyncEffect.KeepChunk keep) {
        Bytes expected = known(offered, keep.vault()).hashes().get(keep.index());
        Bytes hash = SnapshotFiles.taken(store.folder(), keep.vault()).keep(keep.content());
        if (!hash.equals(expected)) {
            throw new LoamException(
                    ErrorCode.CORRUPT, "a chunk of a snapshot is not the one that was announced");
        }
        return new SyncInput.ChunkKept(keep.vault(), keep.index());
    }

    private SyncInput adopt(VaultId vault) {
        if (!new Adoption(store, known(offered, vault)).run()) {
            return new SyncInput.Stopped(EndReason.PAUSED);
        }
        adopted.add(vault);
        store.unparking().forget(vault);
        Reemission.run(store);
        return new SyncInput.SnapshotAdopted(vault);
    }

    private static SnapshotHead known(Map<VaultId, SnapshotHead> heads, VaultId vault) {
        SnapshotHead head = heads.get(vault);
        if (head == null) {
            throw new AssertionError("no snapshot of " + vault + " was spoken of");
        }
        return head;
    }
}
