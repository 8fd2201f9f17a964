package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Batch;
import dev.loam.core.BatchCodec;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.DeviceId;
import dev.loam.core.FieldName;
import dev.loam.core.Lifetime;
import dev.loam.core.Operation;
import dev.loam.core.Part;
import dev.loam.core.Stamp;
import dev.loam.core.Value;
import dev.loam.core.VaultId;
import dev.loam.sync.SyncEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingAreaTest {
    private static final DeviceId PEER = new DeviceId(filled(32, 1));
    private static final DeviceId OTHER = new DeviceId(filled(32, 2));
    private static final VaultId VAULT = new VaultId(filled(16, 3));
    private static final VaultId SECOND = new VaultId(filled(16, 4));
    private static final ActorId ANN = new ActorId(filled(16, 5));
    private static final ActorId BOB = new ActorId(filled(16, 6));
    private static final int BYTES_MAX = 100_000;

    @TempDir Path store;
    private WaitingArea area;

    @BeforeEach
    void open() {
        area = WaitingArea.open(StoreFolder.plain(store), BYTES_MAX);
    }

    private static Bytes filled(int size, int with) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return Bytes.adopt(bytes);
    }

    /** A sealed batch of which {@code size} bytes are text. */
    private static IncomingBatch batch(ActorId author, long sequence, int size) {
        return batch(author, sequence, "x".repeat(size), true);
    }

    private static IncomingBatch unsealed(ActorId author, long sequence) {
        return batch(author, sequence, "x", false);
    }

    private static IncomingBatch batch(
            ActorId author, long sequence, String text, boolean isSealed) {
        Operation set =
                new Operation.Set(
                        FieldName.TEXT, new Value.Text(text), List.of(), Lifetime.CURRENT);
        Batch batch =
                new Batch(
                        Stamp.ofMillis(sequence),
                        sequence,
                        List.of(),
                        List.of(new Part("k", List.of(set))),
                        filled(Batch.SEED_SIZE, 7));
        return new IncomingBatch(
                new SyncEntry(
                        author,
                        sequence,
                        BatchCodec.encode(batch),
                        isSealed ? Optional.of(filled(SyncEntry.SEAL_BYTES, 8)) : Optional.empty()),
                batch,
                Optional.of(new ChainHash(filled(ChainHash.SIZE, (int) sequence))));
    }

    private List<SyncEntry> read(DeviceId peer, VaultId vault, Map<ActorId, Long> from) {
        return area.read(peer, vault, new TreeMap<>(from), 1_000);
    }

    private List<SyncEntry> read(ActorId author) {
        return read(PEER, VAULT, Map.of(author, 1L));
    }

    private static List<SyncEntry> entries(IncomingBatch... batches) {
        return List.of(batches).stream().map(IncomingBatch::entry).toList();
    }

    private Path file(DeviceId peer) {
        return store.resolve("waiting").resolve(peer.bytes().toHex());
    }

    @Test
    void whatWaitsIsReadInTheOrderInWhichItCame() {
        area.keep(PEER, VAULT, List.of(batch(BOB, 4, 9), batch(ANN, 2, 10)));
        area.keep(PEER, VAULT, List.of(batch(BOB, 5, 11)));

        assertThat(read(PEER, VAULT, Map.of(ANN, 1L, BOB, 1L)))
                .isEqualTo(entries(batch(BOB, 4, 9), batch(ANN, 2, 10), batch(BOB, 5, 11)));
        assertThat(read(PEER, VAULT, Map.of(BOB, 5L))).isEqualTo(entries(batch(BOB, 5, 11)));
        assertThat(read(PEER, SECOND, Map.of(ANN, 1L))).isEmpty();
        assertThat(read(OTHER, VAULT, Map.of(ANN, 1L))).isEmpty();
        assertThat(area.vaults()).containsExactly(VAULT);
    }

    @Test
    void aGroupEndsWhereASealCoversAllOfItAndNothingUnsealedIsGivenOut() {
        area.keep(
                PEER,
                VAULT,
                List.of(
                        unsealed(ANN, 1),
                        unsealed(BOB, 1),
                        batch(ANN, 2, 1),
                        batch(BOB, 2, 1),
                        batch(ANN, 3, 1),
                        unsealed(ANN, 4)));
        TreeMap<ActorId, Long> from = new TreeMap<>(Map.of(ANN, 1L, BOB, 1L));

        assertThat(area.read(PEER, VAULT, from, 1)).hasSize(4);
        assertThat(read(ANN)).extracting(SyncEntry::sequence).containsExactly(1L, 2L, 3L);
        assertThat(area.runs(VAULT))
                .containsExactly(
                        new WaitingArea.Run(PEER, ANN, 1, 3), new WaitingArea.Run(PEER, BOB, 1, 2));
    }

    @Test
    void whatIsThereIsNotStoredTwice() throws Exception {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100), batch(ANN, 2, 100)));
        long used = area.usedBytes(PEER);
        long size = Files.size(file(PEER));

        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100), batch(ANN, 2, 100)));

        assertThat(area.usedBytes(PEER)).isEqualTo(used);
        assertThat(Files.size(file(PEER))).isEqualTo(size);
        assertThat(read(ANN)).hasSize(2);
    }

    @Test
    void anotherBatchOfTheSameNumberTakesThePlaceOfTheFirstAndOfWhatIsBehindIt() {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 10), batch(ANN, 2, 10), batch(ANN, 3, 10)));

        area.keep(PEER, VAULT, List.of(batch(ANN, 2, 20)));

        assertThat(read(ANN)).isEqualTo(entries(batch(ANN, 1, 10), batch(ANN, 2, 20)));
    }

    @Test
    void aSealThatComesLaterIsKept() {
        area.keep(PEER, VAULT, List.of(unsealed(ANN, 1)));
        assertThat(read(ANN)).isEmpty();

        area.keep(PEER, VAULT, List.of(batch(ANN, 1, "x", true)));

        assertThat(read(ANN)).hasSize(1);
    }

    @Test
    void theNewestIsNotKeptOnceThePeersShareIsFullAndNothingBehindIt() {
        int each = batch(ANN, 1, 9_000).entry().batch().size() + SyncEntry.SEAL_BYTES;
        int fit = BYTES_MAX / (each + WaitingArea.INDEX_BYTES);
        List<IncomingBatch> many = new ArrayList<>();
        for (int i = 1; i <= fit; i++) {
            many.add(batch(ANN, i, 9_000));
        }
        many.add(batch(ANN, fit + 1, 9_000));
        many.add(batch(ANN, fit + 2, 1));
        many.add(batch(BOB, 1, 1));

        area.keep(PEER, VAULT, many);
        area.keep(OTHER, VAULT, List.of(batch(ANN, 1, 9_000)));

        assertThat(read(ANN)).hasSize(fit);
        assertThat(read(BOB)).hasSize(1);
        assertThat(area.usedBytes(PEER)).isLessThanOrEqualTo(BYTES_MAX);
        assertThat(read(OTHER, VAULT, Map.of(ANN, 1L))).hasSize(1);
    }

    @Test
    void smallBatchesAreBoundedByTheirNumber() {
        for (int i = 1; i <= 1_000; i++) {
            area.keep(PEER, VAULT, List.of(batch(ANN, i, 0)));
        }

        assertThat(read(ANN)).hasSizeLessThanOrEqualTo(BYTES_MAX / WaitingArea.INDEX_BYTES);
    }

    @Test
    void theSpaceOfWhatIsGoneIsUsedAgainAndGivenBackWhenNothingWaits() throws Exception {
        area.keep(PEER, SECOND, List.of(batch(BOB, 1, 5_000)));
        for (int round = 0; round < 50; round++) {
            for (int i = 1; i <= 5; i++) {
                area.keep(PEER, VAULT, List.of(batch(ANN, i, 9_000)));
            }
            assertThat(read(ANN)).as("round %d", round).hasSize(5);
            assertThat(Files.size(file(PEER))).isLessThanOrEqualTo(BYTES_MAX);
            area.drop(PEER, VAULT, ANN, 1);
        }
        assertThat(read(PEER, SECOND, Map.of(BOB, 1L))).isEqualTo(entries(batch(BOB, 1, 5_000)));

        area.forget(SECOND);

        assertThat(file(PEER)).doesNotExist();
        assertThat(area.usedBytes(PEER)).isZero();
        assertThat(area.vaults()).isEmpty();
    }

    @Test
    void aDamagedBatchIsDroppedWithWhatIsBehindItAndNothingElse() throws Exception {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100), batch(ANN, 2, 100), batch(ANN, 3, 100)));
        area.keep(PEER, VAULT, List.of(batch(BOB, 1, 100)));
        byte[] content = Files.readAllBytes(file(PEER));
        content[content.length * 3 / 8] ^= 1;
        Files.write(file(PEER), content);

        assertThat(read(PEER, VAULT, Map.of(ANN, 1L, BOB, 1L)))
                .isEqualTo(entries(batch(ANN, 1, 100), batch(BOB, 1, 100)));
        assertThat(area.runs(VAULT)).contains(new WaitingArea.Run(PEER, ANN, 1, 1));
    }

    @Test
    void aFileThatWasCutShortGivesWhatItStillHas() throws Exception {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100), batch(ANN, 2, 100)));
        byte[] content = Files.readAllBytes(file(PEER));
        Files.write(file(PEER), Arrays.copyOf(content, content.length - 1));

        assertThat(read(ANN)).isEqualTo(entries(batch(ANN, 1, 100)));
    }

    @Test
    void aDiskThatRefusesCostsNothingButTheWaiting() throws Exception {
        Files.writeString(store.resolve("waiting"), "in the way");

        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100)));

        assertThat(area.runs(VAULT)).isEmpty();
        assertThat(area.usedBytes(PEER)).isZero();
        Files.delete(store.resolve("waiting"));
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100)));
        assertThat(read(ANN)).hasSize(1);
    }

    @Test
    void openingEmptiesIt() {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100)));

        area = WaitingArea.open(StoreFolder.plain(store), BYTES_MAX);

        assertThat(area.vaults()).isEmpty();
        assertThat(store.resolve("waiting")).doesNotExist();
    }

    @Test
    void onlyTheOwnerMayRead() throws Exception {
        area.keep(PEER, VAULT, List.of(batch(ANN, 1, 100)));

        assertThat(Files.getPosixFilePermissions(file(PEER)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(store.resolve("waiting")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
