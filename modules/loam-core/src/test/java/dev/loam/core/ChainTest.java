package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainTest {
    private final Replica author = Replica.members(1).getFirst();
    private final SealedBatch sealed = author.put("k", "title", "t");

    @Test
    void everyByteOfTheBatchIsUnderTheHash() {
        ChainHash hash = hash(sealed);
        for (int i = 0; i < sealed.encoded().size(); i++) {
            byte[] changed = sealed.encoded().toArray();
            changed[i] ^= 1;
            assertThat(hashOrNone(new SealedBatch(sealed.id(), Bytes.adopt(changed))))
                    .isNotEqualTo(Optional.of(hash));
        }
    }

    /** A changed length may leave bytes that do not divide into parts. */
    private static Optional<ChainHash> hashOrNone(SealedBatch batch) {
        try {
            return Optional.of(hash(batch));
        } catch (LoamException indivisible) {
            return Optional.empty();
        }
    }

    @Test
    void theHashDependsOnVaultActorNumberAndPredecessor() {
        BatchId id = sealed.id();
        List<ChainHash> hashes =
                List.of(
                        hash(id, Chain.START),
                        hash(new BatchId(otherVault(), id.actor(), id.sequence()), Chain.START),
                        hash(
                                new BatchId(id.vault(), Device.number(7).actor(), id.sequence()),
                                Chain.START),
                        hash(new BatchId(id.vault(), id.actor(), id.sequence() + 1), Chain.START),
                        hash(id, hash(id, Chain.START)));

        assertThat(hashes).doesNotHaveDuplicates();
    }

    private ChainHash hash(BatchId id, ChainHash previous) {
        return Chain.next(id, previous, sealed.encoded());
    }

    private static VaultId otherVault() {
        return new VaultId(Bytes.fromHex("00".repeat(VaultId.SIZE)));
    }

    @Test
    void bytesThatDoNotDivideIntoPartsHaveNoHash() {
        Bytes cut = sealed.encoded().slice(0, sealed.encoded().size() - 1);

        assertThatThrownBy(() -> hash(new SealedBatch(sealed.id(), cut)))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    private static ChainHash hash(SealedBatch batch) {
        return Chain.next(batch.id(), Chain.START, batch.encoded());
    }
}
