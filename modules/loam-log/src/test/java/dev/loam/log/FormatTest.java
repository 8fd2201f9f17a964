package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes on the disk are those of {@code docs/formats/log.md}. */
class FormatTest {
    private static final Path PAGE = Path.of("../../docs/formats/log.md");
    private static final StoreId STORE =
            new StoreId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));
    private static final SegmentName NAME =
            new SegmentName(18, Bytes.fromHex("101112131415161718191a1b1c1d1e1f"));
    private static final Bytes PAGE_KEY = Bytes.fromHex("02".repeat(32));
    private static final Bytes CHAIN = Bytes.fromHex("ab".repeat(32));
    private static final SegmentEntry.Sealed SEALED =
            new SegmentEntry.Sealed(NAME, 90_212, 90_300, 90, 16_384, CHAIN);

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    @Test
    void frameIsThatOfThePage() throws IOException {
        Bytes payload = Bytes.ofUtf8("remember me");
        byte[] frame = new FrameCodec(NAME).encode(Frame.BATCH, 90_215, 1, 2, payload);
        assertThat(Bytes.copyOf(frame)).isEqualTo(golden("frame"));

        Frame read = new FrameCodec(NAME).decode(golden("frame").toArray(), 0);
        assertThat(read).isEqualTo(new Frame(Frame.BATCH, 0, 90_215, 1, 2, 0, payload.size()));
    }

    @Test
    void headIsThatOfThePage() throws IOException {
        SegmentHead head =
                new SegmentHead(STORE, NAME, 90_212, CHAIN, ActiveSegment.SMALL_BLOCK_BYTES);
        byte[] frame = new FrameCodec(NAME).encode(Frame.HEAD, 90_212, 0, 0, head.encode());
        assertThat(Bytes.copyOf(frame)).isEqualTo(golden("head"));
        assertThat(SegmentHead.decode(18, golden("head").slice(40, 136))).isEqualTo(head);
    }

    @Test
    void sealIsThatOfThePage() throws IOException {
        SegmentSeal seal = new SegmentSeal(90, 90_300, CHAIN, Optional.empty());
        byte[] frame = new FrameCodec(NAME).encode(Frame.SEAL, 90_301, 0, 0, seal.encode());
        assertThat(Bytes.copyOf(frame)).isEqualTo(golden("seal"));
        assertThat(SegmentSeal.decode(golden("seal").slice(40, 88))).isEqualTo(seal);
    }

    @Test
    void markIsThatOfThePage() throws IOException {
        byte[] frame = new FrameCodec(NAME).encode(Frame.MARK, 90_301, 0, 0, Bytes.EMPTY);
        assertThat(Bytes.copyOf(frame)).isEqualTo(golden("mark"));
        Frame read = new FrameCodec(NAME).decode(golden("mark").toArray(), 0);
        assertThat(read).isEqualTo(new Frame(Frame.MARK, 0, 90_301, 0, 0, 0, 0));
    }

    @Test
    void footerIsThatOfThePage() throws IOException {
        PositionOffsets offsets =
                PositionOffsets.empty(90_212).with(90_212, 4_512).with(90_276, 12_000);
        Footer footer =
                new Footer(
                        STORE,
                        Footer.Origin.RECOVERED,
                        SEALED,
                        CHAIN,
                        16_200,
                        List.of(new PositionRange(90_220, 90_221)),
                        offsets);
        assertThat(footer.encode()).isEqualTo(golden("footer"));
        Footer read = Footer.decode(golden("footer").toArray()).orElseThrow();
        assertThat(read.encode()).isEqualTo(footer.encode());
        assertThat(read.entry()).isEqualTo(SEALED);
        assertThat(read.holes()).isEqualTo(footer.holes());
        assertThat(read.offsets().before(90_275)).isEqualTo(4_512);
        assertThat(read.offsets().before(90_276)).isEqualTo(12_000);
    }

    @Test
    void annexIsThatOfThePage() throws IOException {
        Annex annex = new Annex(NAME, Bytes.ofUtf8("derived"));
        assertThat(annex.encode()).isEqualTo(golden("annex"));
        assertThat(Annex.decode(golden("annex").toArray(), NAME)).contains(annex);
    }

    @Test
    void manifestIsThatOfThePage() throws IOException {
        SegmentName open = new SegmentName(19, NAME.id());
        Manifest manifest =
                new Manifest(STORE, 20, List.of(SEALED, new SegmentEntry.Open(open, 90_301)));
        String text = block("manifest");
        assertThat(manifest.encode().toUtf8()).isEqualTo(text);
        assertThat(Manifest.decode(text.getBytes(StandardCharsets.US_ASCII))).contains(manifest);
    }

    @Test
    void sealedFrameIsThatOfThePage() throws IOException {
        Bytes payload = Bytes.ofUtf8("remember me");
        byte[] frame =
                new FrameCodec(NAME, Optional.of(new PageSealer()))
                        .encode(Frame.BATCH, 90_215, 1, 2, payload);
        assertThat(Bytes.copyOf(frame)).isEqualTo(golden("sealed-frame"));
        assertThat(new FrameCodec(NAME).decode(frame, 0))
                .isEqualTo(new Frame(Frame.BATCH, Frame.SEALED, 90_215, 1, 2, 0, 8 + 11 + 16));
    }

    @Test
    void headOfASealedSegmentDiffersInItsVersion() {
        SegmentHead head =
                new SegmentHead(STORE, NAME, 90_212, CHAIN, ActiveSegment.SMALL_BLOCK_BYTES);
        byte[] changed = head.encode().toArray();
        changed[92] = 2;
        assertThat(head.sealed().encode()).isEqualTo(Bytes.copyOf(changed));
        assertThat(SegmentHead.decode(18, head.sealed().encode())).isEqualTo(head.sealed());
    }

    @Test
    void manifestOfASealedLogIsThatOfThePage() throws IOException {
        SegmentName open = new SegmentName(19, NAME.id());
        Manifest manifest =
                new Manifest(STORE, 20, List.of(SEALED, new SegmentEntry.Open(open, 90_301)));
        String text = block("sealed-manifest");
        LogKeys keys = new LogKeys(Optional.of(new TestSealing(STORE, PAGE_KEY)));
        assertThat(manifest.encode(keys).toUtf8()).isEqualTo(text);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(Manifest.decode(bytes, keys)).contains(manifest);
    }

    /** Seals one message as the engine does. */
    private static final class PageSealer implements LogSealing.Sealer {
        @Override
        public int overheadBytes() {
            return Long.BYTES + 16;
        }

        @Override
        public Bytes seal(Bytes associated, Bytes payload) {
            byte[] nonce = ByteBuffer.allocate(12).putInt(1).putLong(7).array();
            byte[] sealed = new byte[Long.BYTES + payload.size() + 16];
            System.arraycopy(nonce, 4, sealed, 0, Long.BYTES);
            try {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(
                        Cipher.ENCRYPT_MODE,
                        new SecretKeySpec(PAGE_KEY.toArray(), "AES"),
                        new GCMParameterSpec(128, nonce));
                cipher.updateAAD(associated.asBuffer());
                byte[] plain = payload.toArray();
                cipher.doFinal(plain, 0, plain.length, sealed, Long.BYTES);
                return Bytes.adopt(sealed);
            } catch (GeneralSecurityException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @Test
    void compactedSegmentIsThatOfThePage() throws IOException {
        SegmentHead head =
                new SegmentHead(STORE, NAME, 1, CHAIN, ActiveSegment.SMALL_BLOCK_BYTES, 90_300);
        byte[] headFrame = new FrameCodec(NAME).encode(Frame.HEAD, 1, 0, 0, head.encode());
        assertThat(Bytes.copyOf(headFrame)).isEqualTo(golden("compacted-head"));
        assertThat(SegmentHead.decode(18, golden("compacted-head").slice(40, 136))).isEqualTo(head);

        Optional<Bytes> replaced = Optional.of(Bytes.fromHex("cd".repeat(32)));
        SegmentSeal seal = new SegmentSeal(90, 90_300, CHAIN, replaced);
        byte[] sealFrame = new FrameCodec(NAME).encode(Frame.SEAL, 90_301, 0, 3, seal.encode());
        assertThat(Bytes.copyOf(sealFrame)).isEqualTo(golden("compacted-seal"));
        assertThat(SegmentSeal.decode(golden("compacted-seal").slice(40, 120))).isEqualTo(seal);

        SegmentEntry.Sealed entry =
                new SegmentEntry.Sealed(NAME, 1, 90_300, 90, 16_384, CHAIN, replaced);
        SegmentName open = new SegmentName(19, NAME.id());
        Manifest manifest =
                new Manifest(STORE, 20, List.of(entry, new SegmentEntry.Open(open, 90_301)));
        String text = block("compacted-manifest");
        assertThat(manifest.encode().toUtf8()).isEqualTo(text);
        assertThat(Manifest.decode(text.getBytes(StandardCharsets.US_ASCII))).contains(manifest);
        Footer footer =
                new Footer(
                        STORE,
                        Footer.Origin.SEALED,
                        entry,
                        CHAIN,
                        16_200,
                        List.of(),
                        PositionOffsets.empty(1));
        assertThat(Footer.decode(footer.encode().toArray())).map(Footer::entry).contains(entry);
    }

    @Test
    void chronicleAndAPlainChannelWriteTheSameFrames() throws IOException {
        Path chronicle = directory.resolve("chronicle");
        Path plain = directory.resolve("plain");
        ChronicleGate gate = ChronicleGate.enter(false);
        write(chronicle, gate);
        write(plain, PlainSegment::create);
        for (long number = 1; number <= 3; number++) {
            assertThat(framesOf(chronicle, number)).isEqualTo(framesOf(plain, number));
        }
    }

    private static void write(Path store, SegmentAppender.Factory appenders) {
        LogOptions options = LogFixture.segmentsOf(20_000);
        try (OpLog log = OpLog.open(store, options, new QuickFiles(), appenders, new Random(5))) {
            for (int first = 1; first <= 40_001; first += 4_000) {
                log.append(LogFixture.entries(first, first + 3_999));
            }
        }
    }

    private static List<Bytes> framesOf(Path store, long number) throws IOException {
        List<Bytes> frames = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(LogFixture.logOf(store).frames(number))) {
            SegmentHead head = SegmentFile.readHead(channel, number).orElseThrow();
            SegmentCursor cursor = new SegmentCursor(channel, head.name(), channel.size(), 1 << 20);
            long expected = head.firstPosition();
            for (Frame frame = cursor.next(expected);
                    frame != null;
                    frame = cursor.next(expected)) {
                frames.add(Bytes.copyOf(cursor.buffer(), frame.start(), frame.bytes()));
                expected = frame.next();
            }
        }
        return frames;
    }

    private static Bytes golden(String name) throws IOException {
        return Bytes.fromHex(block(name).replaceAll("\\s", ""));
    }

    /** The text of the block that the page marks with {@code golden} and its name. */
    private static String block(String name) throws IOException {
        Matcher block =
                Pattern.compile("```text golden " + name + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(block.find()).as("block %s of %s", name, PAGE).isTrue();
        return block.group(1);
    }
}
