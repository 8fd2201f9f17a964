package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.VaultState;
import java.util.List;
import java.util.Optional;

/** Control operations, as a store writes them. */
final class Cuts {
    private Cuts() {}

    /** Settles what all have acknowledged. */
    static void cut(Loam loam, String vault) {
        Store store = loam.store();
        store.write(
                stage -> {
                    VaultState state = stage.named(vault).orElseThrow();
                    Operation.Cut cut = state.cut(store.ownActor(state)).orElseThrow();
                    append(store, stage, state, cut);
                    return Optional.empty();
                });
    }

    /** Acknowledges what has been applied. */
    static void ack(Loam loam, String vault) {
        control(loam, vault, new Operation.Ack());
    }

    /** Excludes the actor as which the other store writes. */
    static void suspend(Loam loam, String vault, Loam other) {
        VaultState state = other.store().state().named(vault).orElseThrow();
        ActorId actor = other.store().ownActors().in(state).orElseThrow();
        control(loam, vault, new Operation.Suspend(actor));
    }

    /** On the writer's thread: excludes the actor as which the store writes itself. */
    static void suspendSelf(Loam loam, Stage stage, String vault) {
        VaultState state = stage.named(vault).orElseThrow();
        append(loam.store(), stage, state, new Operation.Suspend(loam.store().ownActor(state)));
    }

    static void control(Loam loam, String vault, Operation.Control control) {
        Store store = loam.store();
        store.write(
                stage -> {
                    append(store, stage, stage.named(vault).orElseThrow(), control);
                    return Optional.empty();
                });
    }

    private static void append(
            Store store, Stage stage, VaultState vault, Operation.Control control) {
        Stage.Draft draft =
                stage.draft(
                        vault.id(),
                        store.ownActor(vault),
                        store.environment().now().toEpochMilli());
        Bytes seed = store.environment().randomBytes(16);
        stage.stage(draft.id(), draft.batch(List.of(new Part("", List.of(control))), seed));
    }
}
