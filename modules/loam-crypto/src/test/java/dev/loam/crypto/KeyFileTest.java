package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final StoreId STORE = new StoreId(Bytes.fromHex("5a".repeat(16)));
    private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);
    private static final Bytes SEGMENT = Bytes.fromHex("77".repeat(16));
    private static final byte[] DATA = Bytes.fromHex("3c".repeat(32)).toArray();

    private final MasterKey made = create(key(1));

    @AfterEach
    void close() {
        made.close();
    }

    private static MasterKey create(SlotSecret secret) {
        try (secret) {
            return MasterKey.create(STORE, Suite.AES_256_GCM, secret, "first", NOW, RANDOM);
        }
    }

    private static SlotSecret key(int fill) {
        byte[] key = new byte[Suite.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return new SlotSecret.Key(SlotSecret.Source.KEY_FILE, Secret.take(key));
    }

    private static SlotSecret passphrase(String text) {
        return new SlotSecret.Passphrase(
                Secret.take(text.getBytes(StandardCharsets.UTF_8)), PassphraseCost.FLOOR);
    }

    private static MasterKey unlock(KeyFile file, SlotSecret secret) {
        try (secret) {
            return KeyFile.decode(file.encode()).unlock(secret);
        }
    }

    /** Wraps a data key under the one, and asks the other for it. */
    private static void assertSame(MasterKey one, MasterKey other) {
        assertThat(other.unwrap(SEGMENT, one.wrap(SEGMENT, DATA.clone()), byte[]::clone))
                .contains(DATA);
        assertThat(hex(other.tableKey())).isEqualTo(hex(one.tableKey()));
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void itsSecretOpensItAndNoOther() {
        try (MasterKey opened = unlock(made.file(), key(1))) {
            assertSame(made, opened);
            assertThat(opened.file().store()).isEqualTo(STORE);
            assertThat(opened.file().slots())
                    .singleElement()
                    .satisfies(
                            slot -> {
                                assertThat(slot.number()).isEqualTo(1);
                                assertThat(slot.label()).isEqualTo("first");
                                assertThat(slot.made()).isEqualTo(NOW);
                            });
        }
        assertCode(ErrorCode.WRONG_KEY, () -> unlock(made.file(), key(2)));
        assertCode(ErrorCode.WRONG_KEY, () -> unlock(made.file(), passphrase("a guess")));
    }

    @Test
    void eachSlotLeadsToTheSameKeyUntilItIsRemoved() {
        KeyFile two;
        try (SlotSecret words = passphrase("words to remember")) {
            two = made.withSlot(words, "second", NOW, RANDOM);
        }
        try (MasterKey byWords = unlock(two, passphrase("words to remember"));
                MasterKey byKey = unlock(two, key(1))) {
            assertSame(made, byWords);
            assertSame(made, byKey);
            assertThat(two.slots()).extracting(KeyFile.Slot::number).containsExactly(1, 2);
            assertThat(two.slots().getLast().cost()).contains(PassphraseCost.FLOOR);
            assertThat(two.generation()).isEqualTo(made.file().generation() + 1);

            KeyFile one = byWords.withoutSlot(1);

            assertCode(ErrorCode.WRONG_KEY, () -> unlock(one, key(1)));
            unlock(one, passphrase("words to remember")).close();
            assertCode(ErrorCode.NOT_FOUND, () -> byWords.withoutSlot(3));
        }
        assertCode(ErrorCode.WRONG_KEY, () -> unlock(two, passphrase("words to remembeR")));
        assertCode(ErrorCode.FORBIDDEN, () -> made.withoutSlot(1));
    }

    @Test
    void aSecretOpensOneSlot() {
        try (SlotSecret same = key(1);
                SlotSecret words = passphrase("words to remember")) {
            assertCode(ErrorCode.EXISTS, () -> made.withSlot(same, "again", NOW, RANDOM));
            KeyFile two = made.withSlot(words, "second", NOW, RANDOM);
            try (MasterKey byKey = unlock(two, key(1))) {
                assertCode(ErrorCode.EXISTS, () -> byKey.withSlot(words, "again", NOW, RANDOM));
            }
        }
    }

    @Test
    void sixteenSlotsAndNoMore() {
        MasterKey full = made;
        for (int i = 2; i <= KeyFile.SLOTS_MAX; i++) {
            try (SlotSecret secret = key(i);
                    SlotSecret first = key(1)) {
                KeyFile next = full.withSlot(secret, "slot " + i, NOW, RANDOM);
                if (full != made) {
                    full.close();
                }
                full = next.unlock(first);
            }
        }
        MasterKey last = full;
        try (last;
                SlotSecret more = key(99)) {
            unlock(last.file(), key(KeyFile.SLOTS_MAX)).close();
            assertCode(ErrorCode.LIMIT_EXCEEDED, () -> last.withSlot(more, "more", NOW, RANDOM));
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> made.withSlot(more, "x".repeat(65), NOW, RANDOM));
            assertCode(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> made.withSlot(more, "\u001b[2J", NOW, RANDOM));
        }
    }

    /** None of the slots' secrets is asked for. */
    @Test
    void anotherMasterKeyIsOpenedByTheSameSecretsAndOpensNothingOfTheOld() {
        try (MasterKey rotated = made.rotated(NOW.plusSeconds(1), RANDOM);
                MasterKey opened = unlock(rotated.file(), key(1))) {
            assertSame(rotated, opened);
            assertThat(opened.file().epoch()).isEqualTo(2);
            assertThat(opened.file().since()).isEqualTo(NOW.plusSeconds(1));
            assertThat(opened.file().generation()).isEqualTo(2);
            assertThat(rotated.unwrap(SEGMENT, made.wrap(SEGMENT, DATA.clone()), byte[]::clone))
                    .isEmpty();
            assertThat(hex(rotated.tableKey())).isNotEqualTo(hex(made.tableKey()));
        }
    }

    /** Anybody can close a box for the public keys of the slots, which lie open in the file. */
    @Test
    void aFileThatSomebodyElseMadeForTheSameSlotsIsRefused() {
        try (MasterKey others = create(key(2));
                MasterKey forged = others.with(made.file()).rotated(NOW, RANDOM)) {
            assertThat(forged.file().slots()).isEqualTo(made.file().slots());
            assertCode(ErrorCode.TAMPERED, () -> unlock(forged.file(), key(1)));
        }
    }

    @Test
    void aDataKeyIsBoundToItsFile() {
        Bytes wrapped = made.wrap(SEGMENT, DATA.clone());
        assertThat(made.unwrap(STORE.bytes(), wrapped, byte[]::clone)).isEmpty();
    }

    /** Whoever can write there, and has no key: the checksum is right, as anybody can make it. */
    @Test
    void everyByteThatIsAlteredIsFoundOutWithAndWithoutItsChecksum() {
        byte[] file = made.file().encode().toArray();
        Map<ErrorCode, Integer> found = new EnumMap<>(ErrorCode.class);
        for (int at = 0; at < file.length; at++) {
            byte[] altered = file.clone();
            altered[at] ^= 1;
            assertCode(ErrorCode.CORRUPT, () -> KeyFile.decode(Bytes.copyOf(altered)));
            if (at < file.length - 4) {
                found.merge(codeOf(withChecksum(altered)), 1, Integer::sum);
            }
        }
        assertThat(found.keySet())
                .contains(ErrorCode.TAMPERED, ErrorCode.WRONG_KEY)
                .isSubsetOf(
                        ErrorCode.TAMPERED,
                        ErrorCode.WRONG_KEY,
                        ErrorCode.CORRUPT,
                        ErrorCode.FORMAT_VERSION,
                        ErrorCode.KEY_WEAK,
                        ErrorCode.LIMIT_EXCEEDED);
        // What is not the secret's own slot cannot pass for a wrong key.
        assertThat(found.get(ErrorCode.WRONG_KEY)).isLessThan(100);
    }

    private static byte[] withChecksum(byte[] file) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, 0, file.length - 4);
        for (int i = 0; i < 4; i++) {
            file[file.length - 4 + i] = (byte) (checksum.getValue() >>> (8 * i));
        }
        return file;
    }

    private static ErrorCode codeOf(byte[] file) {
        try (SlotSecret secret = key(1);
                MasterKey opened = KeyFile.decode(Bytes.copyOf(file)).unlock(secret)) {
            throw new AssertionError("it was opened: " + opened);
        } catch (LoamException refused) {
            return refused.code();
        }
    }

    @Test
    void aFileThatWasCutIsNone() {
        Bytes file = made.file().encode();
        for (int length = 0; length < file.size(); length++) {
            Bytes cut = file.slice(0, length);
            assertCode(ErrorCode.CORRUPT, () -> KeyFile.decode(cut));
        }
        assertCode(ErrorCode.CORRUPT, () -> KeyFile.decode(Bytes.adopt(new byte[1 << 20])));
    }

    /** It would use up the memory of who opens it. */
    @Test
    void aFileThatAsksForATebibyteIsRefusedBeforeAnythingIsAllocated() {
        try (MasterKey words = create(passphrase("words"))) {
            byte[] file = words.file().encode().toArray();
            int at = indexOfCost(file);
            // A varint of as many bytes, and larger than a GiB in KiB.
            file[at] = (byte) 0xff;
            file[at + 1] = (byte) 0xff;
            file[at + 2] = 0x7f;
            assertCode(
                    ErrorCode.LIMIT_EXCEEDED,
                    () -> KeyFile.decode(Bytes.adopt(withChecksum(file))));
        }
    }

    /** Of 19 MiB in KiB, three bytes of a varint. */
    private static int indexOfCost(byte[] file) {
        for (int at = 0; at < file.length; at++) {
            if (file[at] == (byte) 0x80 && file[at + 1] == (byte) 0x98 && file[at + 2] == 0x01) {
                return at;
            }
        }
        throw new AssertionError("no cost is written");
    }
}
