package dev.loam;

import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.Chain;
import dev.loam.core.ChainHash;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Position;
import dev.loam.core.Value;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncEntry;
import dev.loam.sync.SyncInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member of a vault that writes in the name of another. */
@Timeout(60)
class ForgedNameTest {
    @TempDir Path directory;

    private Store open(String name) {
        return Store.open(directory.resolve(name), LoamOptions.unencrypted());
    }

    private Loam facade(String name, Store store) {
        return Loam.of(directory.resolve(name), store);
    }

    /** What comes next of the author, right in all but perhaps its seal. */
    private static SyncEntry next(Store forger, ActorId author, Bytes seed, DeviceIdentity by) {
        VaultState vault = forger.state().named("main").orElseThrow();
        Operation forged =
                new Operation.Set(
                        FieldName.TEXT, new Value.Text("forged"), List.of(), Lifetime.CURRENT);
        Stage.Draft draft =
                forger.ask(
                        stage ->
                                stage.draft(
                                        vault.id(),
                                        author,
                                        forger.environment().now().toEpochMilli()));
        Batch batch = draft.batch(List.of(new Part("a", List.of(forged))), seed);
        Bytes encoded = BatchCodec.encode(batch);
        ChainHash hash = Chain.next(draft.id(), vault.actor(author).orElseThrow().hash(), encoded);
        Bytes seal = by.sign(Chain.sealMessage(draft.id(), hash));
        return new SyncEntry(author, draft.id().sequence(), encoded, Optional.of(seal));
    }

    @Test
    void scenario10ABatchInAnothersNameIsBadSealAndNothingIsApplied() throws Exception {
        try (Store laptopStore = open("laptop");
                Store phoneStore = open("phone");
                Store tabletStore = open("tablet")) {
            Loam laptop = facade("laptop", laptopStore);
            Loam phone = facade("phone", phoneStore);
            Loam tablet = facade("tablet", tabletStore);
            PairedStores.pair(laptop, phone);
            PairedStores.pair(phone, tablet);
            laptop.vault("main").put(Memory.of("of the laptop").key("a"));
            PairedStores.sync(laptop, phone);
            PairedStores.sync(phone, tablet);
            VaultState before = tabletStore.state().named("main").orElseThrow();
            Position end = tabletStore.log().end();
            ActorId author = StoreState.actorOf(before, laptopStore.device()).orElseThrow();
            Bytes seed = phoneStore.environment().randomBytes(Batch.SEED_SIZE);
            BatchIntake intake = new BatchIntake(tabletStore, phoneStore.device());

            SyncEntry forged = next(phoneStore, author, seed, phoneStore.identity());
            assertThat(intake.apply(new SyncEffect.Apply(before.id(), List.of(forged))))
                    .isEqualTo(new SyncInput.ApplyFailed(before.id(), EndReason.BAD_SEAL));

            assertThat(tabletStore.state().named("main")).contains(before);
            assertThat(tabletStore.log().end()).isEqualTo(end);
            assertThat(text(tablet.vault("main"), "a")).contains("of the laptop");

            SyncEntry own = next(phoneStore, author, seed, laptopStore.identity());
            assertThat(intake.apply(new SyncEffect.Apply(before.id(), List.of(own))))
                    .isEqualTo(new SyncInput.Applied(before.id()));
            assertThat(text(tablet.vault("main"), "a")).contains("forged");
        }
    }
}
