package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opening with keys, with others, and without.
 *
 * <p>A crash may fall between any two of these, and must not look like an attack: the key of a
 * segment, its directory, its line as open; its end as the keys remember it, its line as finished;
 * the end of a compacted segment, its place, its line, the keys of what it replaced. {@link
 * FaultTest} and {@link SealedCompactionTest} cut each of them short.
 */
class LogKeysTest {
    private static final int ENTRIES = 9;

    /** No log draws it. */
    private static final Bytes UNUSED = Bytes.ofUtf8("0123456789abcdef");

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestSealing sealing = new TestSealing();
    private Path store;
    private LogDirectory log;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
        log = LogFixture.logOf(store);
    }

    private OpLog open(TestSealing keys) {
        return keys.open(store, LogFixture.segmentsOf(4), new QuickFiles());
    }

    private OpLog open() {
        return open(sealing);
    }

    /** Segments of three entries: 1-3, 4-6, 7-9. */
    private void written() {
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, ENTRIES);
        }
    }

    private void writtenPlain() {
        try (OpLog opened = LogFixture.openPlain(store, LogFixture.segmentsOf(4))) {
            LogFixture.appendSingly(opened, 1, ENTRIES);
        }
    }

    private SegmentName name(long segment) throws IOException {
        try (FileChannel channel = FileChannel.open(log.frames(segment))) {
            return SegmentFile.readHead(channel, segment).orElseThrow().name();
        }
    }

    private Map<String, Bytes> files() throws IOException {
        Map<String, Bytes> all = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(log.path())) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                all.put(file.toString(), Bytes.adopt(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    private void assertRefused(Runnable opening, ErrorCode code) throws IOException {
        Map<String, Bytes> before = files();
        OpLogContract.assertCode(opening, code);
        assertThat(files()).isEqualTo(before);
        assertThat(sealing.open()).isZero();
    }

    /** With the checksum that it then has to have. */
    private void writeManifest(String text) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        String line = String.format(Locale.ROOT, "crc32c=%08x\n", (int) checksum.getValue());
        Files.writeString(log.manifest(), text + line, StandardCharsets.ISO_8859_1);
    }

    private String manifestText() throws IOException {
        String text = Files.readString(log.manifest());
        return text.substring(0, text.lastIndexOf("crc32c="));
    }

    @Test
    void newLogIsOfTheStoreWhoseKeysItGets() {
        try (OpLog opened = open()) {
            assertThat(opened.store()).isEqualTo(sealing.store());
        }
    }

    @Test
    void keysAreAskedForOnceAndBeforeWhatTheyUnlock() {
        List<String> asked = new ArrayList<>();
        LogOptions options =
                LogOptions.standard(
                                () -> {
                                    asked.add("position");
                                    return Position.START;
                                })
                        .sealing(
                                () -> {
                                    asked.add("keys");
                                    return Optional.of(sealing);
                                });
        LogFixture.openPlain(store, options).close();
        assertThat(asked).containsExactly("keys", "position");
    }

    @Test
    void plainLogIsNotOpenedWithKeysAndStaysAsItIs() throws IOException {
        writtenPlain();
        assertRefused(this::open, ErrorCode.NOT_ENCRYPTED);
        Files.delete(log.manifest());
        assertRefused(this::open, ErrorCode.NOT_ENCRYPTED);
    }

    @Test
    void sealedLogIsNotOpenedWithoutKeysAndStaysAsItIs() throws IOException {
        written();
        assertRefused(() -> LogFixture.openPlain(store), ErrorCode.KEY_MISSING);
        Files.delete(log.manifest());
        assertRefused(() -> LogFixture.openPlain(store), ErrorCode.KEY_MISSING);
    }

    @Test
    void sealedSegmentBesideAPlainLogIsNotTakenForItsOwn() throws IOException {
        written();
        writeManifest("loam-log 1 store=" + sealing.store() + " next=1\n");
        assertRefused(() -> LogFixture.openPlain(store), ErrorCode.KEY_MISSING);
    }

    @Test
    void keysOfAnotherStoreAreRefused() throws IOException {
        written();
        assertRefused(() -> open(new TestSealing(2)), ErrorCode.WRONG_KEY);
        Files.delete(log.manifest());
        assertRefused(() -> open(new TestSealing(2)), ErrorCode.WRONG_KEY);
    }

    @Test
    void noByteOfTheListIsChangedUnnoticed() throws IOException {
        written();
        String text = manifestText();
        int afterTitle = text.indexOf('\n') + 1;
        for (int at = 0; at < text.length() - 1; at++) {
            StringBuilder changed = new StringBuilder(text);
            changed.setCharAt(at, (char) (text.charAt(at) ^ 1));
            writeManifest(changed.toString());
            if (at >= afterTitle) {
                assertRefused(this::open, ErrorCode.TAMPERED);
            } else {
                assertThatThrownBy(this::open)
                        .isInstanceOfSatisfying(
                                LoamException.class,
                                refused ->
                                        assertThat(refused.code())
                                                .isIn(
                                                        ErrorCode.TAMPERED,
                                                        ErrorCode.WRONG_KEY,
                                                        ErrorCode.FORMAT_VERSION));
            }
        }
    }

    @Test
    void listWithoutItsLineOfTheMacOpensNothing() throws IOException {
        written();
        String stripped = manifestText().replaceAll("mac=.*\n", "");
        writeManifest(stripped);
        assertRefused(this::open, ErrorCode.TAMPERED);
        assertRefused(() -> LogFixture.openPlain(store), ErrorCode.KEY_MISSING);
        writeManifest(stripped.replace("loam-log 2", "loam-log 1"));
        assertRefused(this::open, ErrorCode.NOT_ENCRYPTED);
        OpLogContract.assertCode(
                () -> LogFixture.read(LogFixture.openPlain(store)), ErrorCode.KEY_MISSING);
    }

    @Test
    void listOfAnotherLogOfTheSameKeysIsChangedToo() throws IOException {
        written();
        String ours = Files.readString(log.manifest());
        try (OpLog opened = open()) {
            Files.writeString(log.manifest(), ours.replace("mac=", "mac=0").replace("0\n", "\n"));
            assertThat(opened.verifyQuickly().damage()).isNotEmpty();
            writeManifest(manifestTextOf(ours).replace("frames=4", "frames=5"));
            assertThat(opened.verifyQuickly().damage())
                    .anyMatch(text -> text.startsWith("TAMPERED: "));
        }
    }

    private static String manifestTextOf(String manifest) {
        return manifest.substring(0, manifest.lastIndexOf("crc32c="));
    }

    @Test
    void segmentThatEndedOtherwiseThanItIsListedIsTampered() throws IOException {
        written();
        Bytes id = name(2).id();
        LogSealing.SegmentEnd end = sealing.end(id).orElseThrow();
        sealing.forgetEnd(id);
        sealing.ended(id, new LogSealing.SegmentEnd(7, end.frames() + 1, end.chain()));
        assertRefused(this::open, ErrorCode.TAMPERED);
    }

    @Test
    void endThatIsNotKnownIsToldAndNoKeyGoes() throws IOException {
        written();
        sealing.forgetEnd(name(2).id());
        sealing.begin(UNUSED).close();
        try (OpLog opened = open()) {
            assertThat(opened.report().notes())
                    .singleElement()
                    .satisfies(note -> assertThat(note).startsWith("CORRUPT: how segment 2 "));
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, ENTRIES));
        }
        assertThat(sealing.keyed()).hasSize(4);
    }

    @Test
    void keyWithoutASegmentGoesAtTheNextOpening() {
        written();
        sealing.begin(UNUSED).close();
        assertThat(sealing.keyed()).hasSize(4);
        open().close();
        assertThat(sealing.keyed()).hasSize(3);
    }

    @Test
    void keyOfWhatWasSetAsideStays() throws IOException {
        written();
        LogFixture.copy(log.segment(2), log.segment(7));
        Files.delete(log.manifest());
        Files.delete(log.frames(3));
        for (int opening = 0; opening < 2; opening++) {
            try (OpLog opened = open()) {
                LogFixture.read(opened);
            }
        }
        assertThat(log.setAside()).isNotEmpty();
        assertThat(sealing.keyed()).hasSize(3);
    }

    @Test
    void keysOfReplacedSegmentsGoWithTheirLastReader() {
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 10);
            LogReader reader = opened.readAfter(Position.START);
            reader.next();
            compact(opened);
            assertThat(sealing.keyed()).hasSize(5);
            for (long position = 2; position <= 10; position++) {
                assertThat(reader.next())
                        .isEqualTo(LogFixture.whole(position, position).getFirst());
            }
            reader.close();
            LogFixture.appendSingly(opened, 11, 11);
            assertThat(sealing.keyed()).hasSize(2);
        }
        assertThat(sealing.open()).isZero();
    }

    @Test
    void keysOfReplacedSegmentsGoAtOnceIfNobodyReadsThem() {
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 10);
            compact(opened);
            assertThat(sealing.keyed()).hasSize(2);
        }
    }

    @Test
    void keyOfADraftStaysWhileOthersGo() {
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 10);
            try (SegmentDraft waiting = opened.draft(new Position(6), 100)) {
                compact(opened);
                waiting.addPack(6, Bytes.ofUtf8("pack 1-6"));
                waiting.seal();
                try (LogReader reader = waiting.read()) {
                    assertThat(LogFixture.summary(List.of(reader.next())))
                            .containsExactly("pack 1-6");
                }
            }
        }
        assertThat(sealing.open()).isZero();
    }

    private static void compact(OpLog opened) {
        try (SegmentDraft draft = opened.draft(new Position(9), 100)) {
            draft.addStates(Bytes.ofUtf8("states 0"));
            draft.addPack(9, Bytes.ofUtf8("pack 1-9"));
            draft.seal();
            opened.replace(draft);
        }
    }

    @Test
    void changedStatesAreNotGiven() throws IOException {
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 10);
            compact(opened);
            long segment = opened.segments().getFirst().number();
            long place = ((LogItem.States) LogFixture.read(opened).getFirst()).place();
            byte[] content = Files.readAllBytes(log.frames(segment));
            int frame = Math.toIntExact(place) + SegmentCursor.WORD_BYTES;
            content[frame + Frame.HEADER_BYTES] ^= 1;
            sum(content, frame, name(segment));
            Files.write(log.frames(segment), content);
            OpLogContract.assertCode(() -> opened.statesAt(segment, place), ErrorCode.TAMPERED);
        }
        assertThat(sealing.open()).isZero();
    }

    /** Makes the sum of a frame right again. */
    private static void sum(byte[] content, int frame, SegmentName name) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C sum = new CRC32C();
        boolean isHead = content[frame + 5] == Frame.HEAD;
        sum.update(isHead ? new byte[SegmentName.ID_BYTES] : name.id().toArray());
        sum.update(content, frame, 36);
        sum.update(content, frame + Frame.HEADER_BYTES, buffer.getInt(frame + 32));
        buffer.putInt(frame + 36, (int) sum.getValue());
    }

    @Test
    void frameThatIsNotSealedIsFoundByTheChainAlone() throws IOException {
        written();
        int head = 4368 + SegmentCursor.WORD_BYTES;
        byte[] content = Files.readAllBytes(log.frames(2));
        content[head + 28] ^= 1;
        sum(content, head, name(2));
        Files.write(log.frames(2), content);
        try (OpLog opened = open()) {
            assertThat(opened.verify((done, total) -> {}).damage())
                    .containsExactly(
                            "TAMPERED: segment 2 of the log: its frames are not those that were"
                                    + " sealed");
        }
        Files.delete(log.footer(2));
        assertRefused(this::open, ErrorCode.TAMPERED);
    }

    @Test
    void clearEntryInASegmentThatWasLeftOpenIsTampered() throws IOException {
        Path image = directory.resolve("image");
        TestSealing copied;
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 2);
            LogFixture.copy(store, image);
            copied = sealing.copy();
        }
        log = LogFixture.logOf(image);
        byte[] planted = new FrameCodec(name(1)).encode(Frame.BATCH, 3, 1, 0, LogFixture.entry(3));
        byte[] content = Files.readAllBytes(log.frames(1));
        int end = Math.toIntExact(LogFixture.endOf(image, 1, 2));
        content[end] = (byte) planted.length;
        System.arraycopy(planted, 0, content, end + SegmentCursor.WORD_BYTES, planted.length);
        Files.write(log.frames(1), content);
        store = image;
        assertRefused(() -> open(copied), ErrorCode.TAMPERED);
    }

    /** Whoever has no key can make a segment that fits in all that is not sealed. */
    @Test
    void segmentThatNobodyWithTheKeysMadeIsKeptAside() throws IOException {
        written();
        plant(
                new SegmentHead(
                                sealing.store(),
                                new SegmentName(4, UNUSED),
                                10,
                                Footer.decode(Files.readAllBytes(log.footer(3)))
                                        .orElseThrow()
                                        .entry()
                                        .chain(),
                                0)
                        .sealed());
        try (OpLog opened = open()) {
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, ENTRIES));
            assertThat(opened.report().notes())
                    .singleElement()
                    .satisfies(note -> assertThat(note).startsWith("CORRUPT: segment 4 "));
            assertThat(opened.append(LogFixture.entries(10, 10))).isEqualTo(new Position(10));
        }
    }

    @Test
    void nothingIsDeletedForACompactionThatNobodyWithTheKeysMade() throws IOException {
        written();
        plant(
                new SegmentHead(
                                sealing.store(),
                                new SegmentName(4, name(3).id()),
                                1,
                                SegmentChain.START,
                                0,
                                9)
                        .sealed());
        Files.delete(log.manifest());
        try (OpLog opened = open()) {
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, ENTRIES));
        }
    }

    /** A segment that is whole as far as sums, SEAL and chain go. */
    private void plant(SegmentHead head) throws IOException {
        FrameCodec codec = new FrameCodec(head.name());
        SegmentChain chain = new SegmentChain(head.chainBefore());
        Files.createDirectories(log.segment(head.name().number()));
        SegmentAppender appender =
                PlainSegment.create(log.segment(head.name().number()), head.blockBytes());
        byte[] first = codec.encode(Frame.HEAD, head.firstPosition(), 0, 0, head.encode());
        long last = Math.max(head.firstPosition(), head.replacedThrough());
        int count = Math.toIntExact(last - head.firstPosition() + 1);
        byte[] entry =
                new FrameCodec(head.name(), Optional.of(new Garbage()))
                        .encode(Frame.PACK, head.firstPosition(), count, 0, LogFixture.entry(1));
        for (byte[] frame : List.of(first, entry)) {
            appender.append(frame);
            chain.add(frame, 0, frame.length);
        }
        Optional<Bytes> replaced =
                head.isCompacted() ? Optional.of(SegmentChain.START) : Optional.empty();
        SegmentSeal seal = new SegmentSeal(2, last, chain.end(), replaced);
        appender.append(codec.encode(Frame.SEAL, last + 1, 0, 0, seal.encode()));
        appender.close();
    }

    /** Without a key. */
    private static final class Garbage implements LogSealing.Sealer {
        @Override
        public int overheadBytes() {
            return TestSealing.OVERHEAD_BYTES;
        }

        @Override
        public Bytes seal(Bytes associated, Bytes payload) {
            return Bytes.adopt(new byte[payload.size() + TestSealing.OVERHEAD_BYTES]);
        }

        @Override
        public void close() {
            // There is nothing to let go of.
        }
    }

    @Test
    void whatIsCutFromASegmentThatEndedIsDamageEvenWithoutTheList() throws IOException {
        written();
        Path frames = log.frames(3);
        long cut = LogFixture.offsetOf(store, 3, 9);
        byte[] content = Files.readAllBytes(frames);
        Arrays.fill(content, Math.toIntExact(cut), content.length, (byte) 0);
        Files.write(frames, content);
        Files.delete(log.footer(3));
        Files.delete(log.manifest());
        for (int opening = 0; opening < 2; opening++) {
            try (OpLog opened = open()) {
                assertThat(opened.end()).isEqualTo(new Position(ENTRIES));
                assertThat(LogFixture.summary(LogFixture.read(opened, 6)))
                        .containsExactly("7", "8", "damaged 9-9");
                assertThat(opened.report().damage()).hasSize(1);
            }
        }
    }

    /** As after a crash between the end that the keys know and the line that says so. */
    @Test
    void segmentThatEndedAndIsListedAsOpenIsWhatItWas() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 3);
            LogFixture.copy(store, image);
        }
        byte[] before = Files.readAllBytes(LogFixture.logOf(image).manifest());
        byte[] after = Files.readAllBytes(log.manifest());
        Files.write(log.manifest(), before);
        Files.delete(log.footer(1));
        try (OpLog opened = open()) {
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, 3));
            assertThat(opened.report().damage()).isEmpty();
            assertThat(opened.report().notes()).noneMatch(note -> note.startsWith("CORRUPT"));
        }
        assertThat(Files.readAllBytes(log.manifest())).isEqualTo(after);
    }

    @Test
    void segmentThatEndedAndIsListedAsOpenAndMissingIsDamage() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 1, 3);
            LogFixture.copy(store, image);
        }
        Files.copy(
                LogFixture.logOf(image).manifest(),
                log.manifest(),
                StandardCopyOption.REPLACE_EXISTING);
        new DiskFiles().deleteDirectory(log.segment(1));
        for (int opening = 0; opening < 2; opening++) {
            try (OpLog opened = open()) {
                assertThat(LogFixture.summary(LogFixture.read(opened)))
                        .containsExactly("damaged 1-3");
                assertThat(opened.report().damage()).hasSize(1);
            }
        }
    }
}
