package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes to one vault: what callers want becomes one batch, founding the vault if need be. */
final class VaultWrites {
    private static final int NONCE_SIZE = 8;
    private static final int SEED_SIZE = 16;

    private final Store store;
    private final String name;

    VaultWrites(Store store, String name) {
        this.store = store;
        this.name = name;
    }

    /**
     * One batch with all of it, or nothing.
     *
     * @return for each key, in the order of {@code wishes}
     */
    List<Receipt> write(Map<String, List<Wish>> wishes) {
        return store.write(stage -> write(stage, wishes));
    }

    private List<Receipt> write(Stage stage, Map<String, List<Wish>> wishes) {
        wishes.values().stream()
                .flatMap(Collection::stream)
                .forEach(wish -> wish.check().accept(stage));
        VaultState vault = vault(stage, wishes);
        Stage.Draft draft =
                stage.draft(
                        vault.id(),
                        store.ownActor(vault),
                        store.environment().now().toEpochMilli());
        List<Part> parts = parts(stage, draft, wishes);
        BatchId written = draft.id();
        if (parts.isEmpty()) {
            written = new BatchId(vault.id(), written.actor(), written.sequence() - 1);
        } else {
            stage.stage(draft.id(), draft.batch(parts, store.environment().randomBytes(SEED_SIZE)));
        }
        List<Receipt> receipts = new ArrayList<>(wishes.size());
        for (String key : wishes.keySet()) {
            receipts.add(new Receipt(key, written, stage.position()));
        }
        return receipts;
    }

    /** Founded anew only if the first change of some memory may make it. */
    private VaultState vault(Stage stage, Map<String, List<Wish>> wishes) {
        Optional<VaultState> known = stage.named(name);
        for (var wish : wishes.entrySet()) {
            if (known.isEmpty() && wish.getValue().getFirst().target() != Wish.Target.ANY) {
                throw absent(wish.getKey());
            }
        }
        return known.orElseGet(() -> found(stage));
    }

    /** Dots are counted through the parts, so that the parts are made in their order. */
    private List<Part> parts(Stage stage, Stage.Draft draft, Map<String, List<Wish>> wishes) {
        TreeMap<RecordId, List<Wish>> byId = new TreeMap<>();
        wishes.forEach((key, each) -> byId.put(new RecordId(draft.id().vault(), key), each));
        DotSequence dots = draft.dots();
        List<Part> parts = new ArrayList<>();
        byId.forEach(
                (id, each) -> {
                    RecordEdit edit = draft.edit(stage.record(id), dots);
                    for (Wish wish : each) {
                        if (wish.target().isMissing(edit)) {
                            throw absent(id.key());
                        }
                        wish.change().accept(edit);
                    }
                    refuseBesideRemoval(edit.operations());
                    if (!edit.operations().isEmpty()) {
                        parts.add(new Part(id.key(), edit.operations()));
                    }
                });
        return parts;
    }

    /** What stands beside a removal could never be cut out: that has to stay. */
    private static void refuseBesideRemoval(List<Operation> operations) {
        if (operations.size() > 1
                && operations.stream().anyMatch(Operation.Removal.class::isInstance)) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a memory is removed and changed in one batch; write two, nothing was written");
        }
    }

    private LoamException absent(String key) {
        return new LoamException(
                ErrorCode.NOT_FOUND,
                "there is no memory \"" + key + "\" in the vault \"" + name + "\"");
    }

    private VaultState found(Stage stage) {
        Limits.checkVaultName(name);
        VaultId id = new VaultId(store.environment().randomBytes(VaultId.SIZE));
        Bytes nonce = store.environment().randomBytes(NONCE_SIZE);
        ActorId actor = ActorId.of(store.device(), id, nonce);
        Stage.Draft draft = stage.draft(id, actor, store.environment().now().toEpochMilli());
        store.ownActors().keep(VaultState.unknown(id), actor);
        Operation found = new Operation.Found(name, store.identity().publicKey(), nonce);
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.of(found))),
                        store.environment().randomBytes(SEED_SIZE)));
        return stage.vault(id);
    }
}
