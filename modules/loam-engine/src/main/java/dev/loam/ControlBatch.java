package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.util.List;
import java.util.Optional;

/** Stages batches of this store's own that concern a vault and no record. */
final class ControlBatch {
    private static final int SEED_SIZE = 16;

    private ControlBatch() {}

    /** This store's actor, where it is in a vault and nobody has excluded it. */
    static Optional<ActorId> author(Store store, VaultState vault) {
        return store.ownActors().in(vault).filter(vault::inGoodStanding);
    }

    /**
     * Writes a batch, unless this store has been shut out since it was looked at: nobody asked for
     * it, and nobody would take it.
     */
    static void write(Store store, VaultId vault, List<? extends Operation.Control> operations) {
        store.write(
                stage -> {
                    stageIfIn(store, stage, vault, operations);
                    return Optional.empty();
                });
    }

    /** Stages a batch if this store is in the vault, and nobody has excluded it. */
    static void stageIfIn(
            Store store, Stage stage, VaultId vault, List<? extends Operation.Control> operations) {
        if (author(store, stage.vault(vault)).isPresent()) {
            stage(store, stage, vault, operations);
        }
    }

    /** The author is {@link Store#ownActor}. */
    static void stage(
            Store store, Stage stage, VaultId vault, List<? extends Operation.Control> operations) {
        Stage.Draft draft =
                stage.draft(
                        vault,
                        store.ownActor(stage.vault(vault)),
                        store.environment().now().toEpochMilli());
        stage.stage(
                draft.id(),
                draft.batch(
                        List.of(new Part("", List.copyOf(operations))),
                        store.environment().randomBytes(SEED_SIZE)));
    }
}
