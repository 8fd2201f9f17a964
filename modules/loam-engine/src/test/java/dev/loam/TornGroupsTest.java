package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.DeviceId;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of what others wrote only what a seal covers stays; of what this store wrote all does. */
class TornGroupsTest {
    private static final DeviceId SELF = new DeviceId(bytes(32, 9));
    private static final VaultId VAULT = new VaultId(bytes(VaultId.SIZE, 1));
    private static final ActorId OWN = new ActorId(bytes(ActorId.SIZE, 2));
    private static final ActorId BERT = new ActorId(bytes(ActorId.SIZE, 3));
    private static final ActorId CLEO = new ActorId(bytes(ActorId.SIZE, 4));

    @TempDir Path directory;
    private OwnActors own;

    private static Bytes bytes(int size, int value) {
        byte[] all = new byte[size];
        Arrays.fill(all, (byte) value);
        return Bytes.adopt(all);
    }

    @BeforeEach
    void keepsToOneActor() {
        own = new OwnActors(StoreFolder.plain(directory), SELF);
        own.keep(VaultState.unknown(VAULT), OWN);
    }

    private record Written(ActorId author, boolean isSealed) {}

    private static Written sealed(ActorId author) {
        return new Written(author, true);
    }

    private static Written unsealed(ActorId author) {
        return new Written(author, false);
    }

    /** How many of the first are whole. */
    private long whole(Written... entries) {
        TornGroups judge = new TornGroups(new OwnActors(StoreFolder.plain(directory), SELF));
        long position = 0;
        for (Written each : List.of(entries)) {
            LogEntry entry =
                    new LogEntry(
                            new BatchId(VAULT, each.author(), position + 1),
                            new ChainHash(bytes(ChainHash.SIZE, 5)),
                            each.isSealed() ? Optional.of(bytes(64, 6)) : Optional.empty(),
                            bytes(10, 7));
            position++;
            judge.entry(new Position(position), entry.encode());
        }
        return judge.wholeThrough(new Position(position)).number();
    }

    @Test
    void whatASealCoversStays() {
        assertThat(whole(unsealed(BERT), unsealed(BERT), sealed(BERT))).isEqualTo(3);
        assertThat(whole(unsealed(BERT), unsealed(CLEO), sealed(BERT), sealed(CLEO))).isEqualTo(4);
    }

    @Test
    void withoutTheLastSealTheGroupGoesFromThereOn() {
        assertThat(whole(sealed(BERT), unsealed(BERT), unsealed(BERT))).isEqualTo(1);
        assertThat(whole(unsealed(BERT), unsealed(CLEO), sealed(BERT))).isEqualTo(1);
    }

    @Test
    void whatThisStoreWroteStays() {
        assertThat(whole(unsealed(OWN), unsealed(OWN))).isEqualTo(2);
        assertThat(whole(sealed(BERT), unsealed(OWN))).isEqualTo(2);
    }

    @Test
    void aStoreThatNeverWroteKnowsThat() {
        Path fresh = directory.resolve("fresh");
        TestStores.open(fresh).close();
        assertThat(new OwnActors(StoreFolder.plain(fresh), SELF).mayHaveWritten(VAULT, BERT))
                .isFalse();
    }

    /** It is for the replay to say so; the opening goes on. */
    @Test
    void whatCannotBeDecodedStays() {
        TornGroups judge = new TornGroups(own);
        judge.entry(new Position(1), bytes(40, 0xee));
        assertThat(judge.wholeThrough(new Position(1))).isEqualTo(new Position(1));
    }

    /** A copy may have written as an actor of which its files do not tell. */
    @Test
    void whereItIsNotKnownWhoThisStoreIsAllStays() throws Exception {
        own.restart(List.of(), () -> bytes(ActorId.NONCE_SIZE, 8));
        Files.delete(directory.resolve("actors"));
        assertThat(whole(unsealed(BERT))).isEqualTo(1);
    }
}
