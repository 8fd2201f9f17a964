package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealedStreamTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);
    private static final StoreId STORE = new StoreId(Bytes.fromHex("5a".repeat(16)));
    private static final int CHUNK = SealedStream.CHUNK_BYTES_MAX;
    private static final byte[] TEXT = "what nobody else may read".getBytes(StandardCharsets.UTF_8);

    private static SlotSecret key(int fill) {
        return key(SlotSecret.Source.KEY_FILE, fill);
    }

    private static SlotSecret key(SlotSecret.Source source, int fill) {
        byte[] key = new byte[Suite.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return new SlotSecret.Key(source, Secret.take(key));
    }

    private static SlotSecret passphrase(String text) {
        return new SlotSecret.Passphrase(
                Secret.take(text.getBytes(StandardCharsets.UTF_8)), PassphraseCost.FLOOR);
    }

    private static SealedStream begin(SlotSecret secret) {
        try (secret) {
            return SealedStream.begin(
                    SealedStream.Kind.EXPORT,
                    Suite.AES_256_GCM,
                    new Recipients.Holder(secret),
                    NOW,
                    RANDOM);
        }
    }

    /** Header and section 0. */
    private static byte[] sealed(SealedStream stream, byte[] content) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        to.writeBytes(stream.header().encode().toArray());
        to.writeBytes(section(stream, 0, content));
        return to.toByteArray();
    }

    private static byte[] section(SealedStream stream, long number, byte[] content) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (SectionOutput out = SectionOutput.begin(to, stream.seal(number, RANDOM))) {
            out.write(content);
            out.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return to.toByteArray();
    }

    private static byte[] opened(byte[] file, SlotSecret secret) {
        InputStream from = new ByteArrayInputStream(file);
        try (secret;
                SealedStream stream = SectionInput.header(from).unlock(secret);
                SectionInput in = SectionInput.begin(from, stream, 0)) {
            return in.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void itsSecretOpensItAndNoOther(Suite suite) {
        byte[] file;
        try (SlotSecret secret = passphrase("words");
                SealedStream stream =
                        SealedStream.begin(
                                SealedStream.Kind.BACKUP,
                                suite,
                                new Recipients.Holder(secret),
                                NOW,
                                RANDOM)) {
            file = sealed(stream, TEXT);
            assertThat(stream.header().kind()).isEqualTo(SealedStream.Kind.BACKUP);
            assertThat(stream.header().store()).isEmpty();
            assertThat(stream.header().sources()).containsExactly(SlotSecret.Source.PASSPHRASE);
        }
        assertThat(opened(file, passphrase("words"))).isEqualTo(TEXT);
        assertCode(ErrorCode.WRONG_KEY, () -> opened(file, passphrase("word")));
        assertCode(ErrorCode.WRONG_KEY, () -> opened(file, key(1)));
        assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain("nobody");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7})
    void whatIsSealedIsOpenedAgain(int size) {
        byte[] content = bytes(size);
        try (SealedStream stream = begin(key(1))) {
            assertThat(opened(sealed(stream, content), key(1))).isEqualTo(content);
        }
    }

    /** Its slots' public keys lie open in its file of keys, and in the header of each export. */
    @Test
    void whatSomebodyElseSealedForTheSlotsOfAStoreIsRefused() {
        try (SlotSecret own = key(1);
                SlotSecret others = key(2);
                MasterKey store =
                        MasterKey.create(STORE, Suite.AES_256_GCM, own, "home", NOW, RANDOM);
                MasterKey other =
                        MasterKey.create(STORE, Suite.AES_256_GCM, others, "", NOW, RANDOM);
                SealedStream forged =
                        SealedStream.begin(
                                SealedStream.Kind.BACKUP,
                                Suite.AES_256_GCM,
                                new Recipients.Store(other.with(store.file())),
                                NOW,
                                RANDOM)) {
            StreamHeader header = StreamHeader.decode(forged.header().encode());
            assertCode(ErrorCode.TAMPERED, () -> header.unlock(own));
            assertCode(ErrorCode.TAMPERED, () -> header.unlock(store));
        }
    }

    @Test
    void aStoresSlotsEachOpenWhatIsSealedForItAndSoDoesTheStore() {
        try (SlotSecret first = key(1);
                SlotSecret paper = key(SlotSecret.Source.RECOVERY_CODE, 2);
                MasterKey made =
                        MasterKey.create(STORE, Suite.AES_256_GCM, first, "home", NOW, RANDOM);
                MasterKey store = made.withSlot(paper, "paper", NOW, RANDOM).unlock(first);
                SealedStream stream =
                        SealedStream.begin(
                                SealedStream.Kind.BACKUP,
                                Suite.AES_256_GCM,
                                new Recipients.Store(store),
                                NOW,
                                RANDOM)) {
            byte[] file = sealed(stream, TEXT);

            assertThat(opened(file, key(1))).isEqualTo(TEXT);
            // On another machine, where nothing of the store is.
            assertThat(opened(file, key(SlotSecret.Source.RECOVERY_CODE, 2))).isEqualTo(TEXT);
            assertCode(ErrorCode.WRONG_KEY, () -> opened(file, key(3)));
            StreamHeader header = StreamHeader.decode(stream.header().encode());
            assertThat(header.store()).contains(STORE);
            assertThat(header.sources())
                    .containsExactly(SlotSecret.Source.KEY_FILE, SlotSecret.Source.RECOVERY_CODE);
            assertThat(new String(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain("home", "paper");
            header.unlock(store).close();

            try (MasterKey rotated = store.rotated(NOW, RANDOM);
                    SlotSecret other = key(9);
                    MasterKey elsewhere =
                            MasterKey.create(
                                    new StoreId(Bytes.fromHex("00".repeat(16))),
                                    Suite.AES_256_GCM,
                                    other,
                                    "",
                                    NOW,
                                    RANDOM)) {
                assertCode(ErrorCode.WRONG_KEY, () -> header.unlock(rotated));
                assertCode(ErrorCode.WRONG_KEY, () -> header.unlock(elsewhere));
                // The slots stay those of the store.
                assertThat(opened(file, key(1))).isEqualTo(TEXT);
            }
        }
    }

    /** Of two chunks, the second short: each kind of thing that lies in a stream is hit. */
    @Test
    void everyByteThatIsAlteredIsFoundOut() {
        byte[] file;
        byte[] content = bytes(300);
        try (SealedStream stream = begin(key(1))) {
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            to.writeBytes(stream.header().encode().toArray());
            try (SectionSealer sealer = stream.seal(0, RANDOM)) {
                to.writeBytes(sealer.head().toArray());
                to.writeBytes(sealer.seal(Bytes.copyOf(content, 0, 200)).toArray());
                to.writeBytes(sealer.sealLast(Bytes.copyOf(content, 200, 100)).toArray());
            }
            file = to.toByteArray();
        }
        assertThat(opened(file, key(1))).isEqualTo(content);
        for (int at = 0; at < file.length; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] altered = file.clone();
                altered[at] ^= (byte) bit;
                assertThat(codeOf(altered))
                        .as("byte %d, bit %d", at, bit)
                        .isIn(ErrorCode.CORRUPT, ErrorCode.FORMAT_VERSION);
            }
        }
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThat(codeOf(cut)).as("cut to %d", length).isEqualTo(ErrorCode.CORRUPT);
        }
    }

    /** By somebody who makes the checksums right again, and has no key. */
    @Test
    void everyByteOfTheHeaderThatIsForgedIsFoundOut() {
        byte[] header;
        byte[] section;
        try (SealedStream stream = begin(key(1))) {
            header = stream.header().encode().toArray();
            section = section(stream, 0, TEXT);
        }
        Set<ErrorCode> found = EnumSet.noneOf(ErrorCode.class);
        for (int at = 0; at < header.length - 4; at++) {
            byte[] forged = header.clone();
            forged[at] ^= 1;
            found.add(codeOf(joined(withChecksum(forged), section)));
        }
        assertThat(found)
                .contains(ErrorCode.TAMPERED, ErrorCode.WRONG_KEY)
                .isSubsetOf(
                        ErrorCode.TAMPERED,
                        ErrorCode.WRONG_KEY,
                        ErrorCode.CORRUPT,
                        ErrorCode.FORMAT_VERSION,
                        ErrorCode.KEY_WEAK,
                        ErrorCode.LIMIT_EXCEEDED);
        for (int at = 0; at < section.length; at++) {
            byte[] forged = section.clone();
            forged[at] ^= 1;
            byte[] head = withChecksum(Arrays.copyOf(forged, SectionOpener.HEAD_BYTES));
            byte[] chunk =
                    withChecksum(
                            Arrays.copyOfRange(forged, SectionOpener.HEAD_BYTES, forged.length));
            byte[] whole = joined(header, joined(head, chunk));
            if (!Arrays.equals(whole, joined(header, section))) {
                assertThat(codeOf(whole))
                        .as("byte %d", at)
                        .isIn(ErrorCode.TAMPERED, ErrorCode.CORRUPT);
            }
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static byte[] withChecksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (checksum.getValue() >>> (8 * i));
        }
        return bytes;
    }

    private static ErrorCode codeOf(byte[] file) {
        try {
            opened(file, key(1));
            throw new AssertionError("it was opened");
        } catch (LoamException refused) {
            return refused.code();
        }
    }

    private static List<Bytes> chunks(SectionSealer sealer, int count) {
        List<Bytes> chunks = new ArrayList<>();
        for (int i = 0; i < count - 1; i++) {
            chunks.add(sealer.seal(Bytes.ofUtf8("chunk " + i)));
        }
        chunks.add(sealer.sealLast(Bytes.ofUtf8("last")));
        return chunks;
    }

    @Test
    void chunksThatAreMovedDroppedOrOfAnotherSectionAreRefused() {
        try (SealedStream stream = begin(key(1));
                SealedStream other = begin(key(1));
                SectionSealer sealer = stream.seal(0, RANDOM);
                SectionSealer again = stream.seal(0, RANDOM);
                SectionSealer next = stream.seal(1, RANDOM)) {
            List<Bytes> chunks = chunks(sealer, 3);
            List<Bytes> ofAgain = chunks(again, 3);

            for (int wrong = 1; wrong < 3; wrong++) {
                Bytes early = chunks.get(wrong);
                try (SectionOpener opener = stream.open(0, sealer.head())) {
                    assertCode(ErrorCode.TAMPERED, () -> opener.open(early));
                }
            }
            try (SectionOpener opener = stream.open(0, sealer.head())) {
                opener.open(chunks.get(0));
                assertCode(ErrorCode.TAMPERED, () -> opener.open(chunks.get(0)));
                assertCode(ErrorCode.TAMPERED, () -> opener.open(ofAgain.get(1)));
                opener.open(chunks.get(1));
                assertThat(opener.hasEnded()).isFalse();
                opener.open(chunks.get(2));
                assertThat(opener.hasEnded()).isTrue();
                assertCode(ErrorCode.CORRUPT, () -> opener.open(chunks.get(2)));
            }
            assertCode(ErrorCode.TAMPERED, () -> stream.open(0, next.head()));
            assertCode(ErrorCode.TAMPERED, () -> other.open(0, sealer.head()));
        }
    }

    /** Whoever cuts a file between chunks, and says so in the clear. */
    @Test
    void aChunkThatIsMadeTheLastOneIsRefused() {
        try (SealedStream stream = begin(key(1));
                SectionSealer sealer = stream.seal(0, RANDOM);
                SectionOpener opener = stream.open(0, sealer.head())) {
            byte[] first = sealer.seal(Bytes.ofUtf8("first")).toArray();
            first[3] ^= (byte) 0x80;
            Bytes forged = Bytes.adopt(withChecksum(first));
            assertCode(ErrorCode.TAMPERED, () -> opener.open(forged));
        }
    }

    @Test
    void aSectionEndsWhereItSaysAndTheNextBegins() throws IOException {
        try (SealedStream stream = begin(key(1))) {
            InputStream from =
                    new ByteArrayInputStream(
                            joined(section(stream, 0, TEXT), section(stream, 1, new byte[0])));
            try (SectionInput first = SectionInput.begin(from, stream, 0)) {
                assertThat(first.readAllBytes()).isEqualTo(TEXT);
            }
            try (SectionInput second = SectionInput.begin(from, stream, 1)) {
                assertThat(second.read()).isEqualTo(-1);
            }
            assertThat(from.read()).isEqualTo(-1);
        }
    }

    @Test
    void nothingIsWrittenBehindTheLastChunkAndNoneIsTooLong() {
        try (SealedStream stream = begin(key(1));
                SectionSealer sealer = stream.seal(0, RANDOM)) {
            Bytes longest = Bytes.adopt(new byte[CHUNK]);
            Bytes longer = Bytes.adopt(new byte[CHUNK + 1]);
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> sealer.seal(longer));
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> sealer.seal(Bytes.EMPTY));
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> sealer.sealLast(longest));
            sealer.seal(longest);
            sealer.sealLast(longest.slice(1, CHUNK));
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> sealer.seal(longest));
        }
    }

    /** What was packed and is a little shorter does not show. */
    @Test
    void theLastChunkIsPaddedToTheNextOf256Bytes() {
        try (SealedStream stream = begin(key(1))) {
            int shortest = section(stream, 0, bytes(0)).length;
            assertThat(section(stream, 0, bytes(255))).hasSize(shortest);
            assertThat(section(stream, 0, bytes(256))).hasSize(shortest + 256);
            assertThat(section(stream, 0, bytes(511))).hasSize(shortest + 256);
        }
    }

    @Test
    void aLastChunkWithoutItsPaddingIsRefused() {
        Sealer.Fresh fresh = Sealer.fresh(Suite.AES_256_GCM, RANDOM, Sealer.Use.CHUNK);
        try (Secret key = fresh.key();
                Sealer sealer = fresh.sealer();
                SectionOpener opener =
                        new SectionOpener(
                                new Opener(Suite.AES_256_GCM, key, Sealer.Use.CHUNK), 0)) {
            Bytes message = sealer.seal(SealedStream.associated(0, true), Bytes.EMPTY);
            Bytes length = prefix(message.size() | SectionOpener.LAST);
            Bytes chunk = Bytes.adopt(joined(length.toArray(), message.toArray()));
            assertCode(ErrorCode.CORRUPT, () -> opener.open(Checksummed.of(chunk)));
        }
    }

    /** A length that was made up reserves no memory. */
    @Test
    void aHeaderOrChunkThatIsTooLongIsRefusedBeforeItIsRead() {
        byte[] prefix = {'L', 'S', 'E', 'A', 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
        assertCode(ErrorCode.CORRUPT, () -> StreamHeader.size(Bytes.adopt(prefix)));
        int most = StreamHeader.BYTES_MAX - StreamHeader.PREFIX_BYTES;
        byte[] atMost = {'L', 'S', 'E', 'A', 1, (byte) most, (byte) (most >> 8), 0, 0};
        assertThat(StreamHeader.size(Bytes.copyOf(atMost))).isEqualTo(StreamHeader.BYTES_MAX);
        atMost[5]++;
        assertCode(ErrorCode.CORRUPT, () -> StreamHeader.size(Bytes.copyOf(atMost)));
        try (SealedStream stream = begin(key(1));
                SectionSealer sealer = stream.seal(0, RANDOM);
                SectionOpener opener = stream.open(0, sealer.head())) {
            int longest = CHUNK + Sealer.OVERHEAD_BYTES;
            assertThat(opener.chunkSize(prefix(longest))).isEqualTo(longest + 8);
            assertCode(ErrorCode.CORRUPT, () -> opener.chunkSize(prefix(longest + 1)));
            assertCode(ErrorCode.CORRUPT, () -> opener.chunkSize(prefix(24)));
            assertCode(ErrorCode.CORRUPT, () -> opener.chunkSize(prefix(Integer.MAX_VALUE)));
        }
    }

    private static Bytes prefix(int length) {
        return Bytes.adopt(
                new byte[] {
                    (byte) length,
                    (byte) (length >> 8),
                    (byte) (length >> 16),
                    (byte) (length >> 24)
                });
    }

    @Test
    void aHeaderThatAsksForATebibyteIsRefusedBeforeAnythingIsAllocated() {
        try (SealedStream stream = begin(passphrase("words"))) {
            byte[] header = stream.header().encode().toArray();
            Bytes cost = Bytes.fromHex("809801");
            int at =
                    new String(header, StandardCharsets.ISO_8859_1)
                            .indexOf(new String(cost.toArray(), StandardCharsets.ISO_8859_1));
            // A varint of as many bytes, larger than a GiB in KiB.
            header[at] = (byte) 0xff;
            header[at + 1] = (byte) 0xff;
            header[at + 2] = 0x7f;
            Bytes hostile = Bytes.adopt(withChecksum(header));
            assertCode(ErrorCode.LIMIT_EXCEEDED, () -> StreamHeader.decode(hostile));
        }
    }

    @Test
    void aStreamIsToldFromOtherFiles() {
        try (SealedStream stream = begin(key(1))) {
            assertThat(StreamHeader.isAtBeginningOf(stream.header().encode())).isTrue();
        }
        assertThat(StreamHeader.isAtBeginningOf(Bytes.ofUtf8("{\"loam"))).isFalse();
        assertThat(StreamHeader.isAtBeginningOf(Bytes.ofUtf8("LSE"))).isFalse();
    }
}
