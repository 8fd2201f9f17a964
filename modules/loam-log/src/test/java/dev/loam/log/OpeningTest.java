package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each state in which a store may be found, and what opening makes of it. */
class OpeningTest {
    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final TestLogs logs = newLogs();

    TestLogs newLogs() {
        return TestLogs.plain();
    }

    private Path store;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
    }

    @Test
    void cleanSealIsOpenedWithoutReadingAFrame() throws IOException {
        sealed(4, 9);
        LogDirectory log = LogFixture.logOf(store);
        for (long number = 1; number <= 3; number++) {
            // A hole of the same length: whoever reads a frame finds none.
            long bytes = Files.size(log.frames(number));
            Files.delete(log.frames(number));
            Files.createFile(log.frames(number));
            try (FileChannel channel =
                    FileChannel.open(log.frames(number), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), bytes - 1);
            }
        }
        try (OpLog opened = open()) {
            assertThat(opened.report().cleanlyClosed()).isTrue();
            assertThat(opened.report().notes()).isEmpty();
            assertThat(opened.end()).isEqualTo(new Position(9));
        }
    }

    @Test
    void writingAfterReopeningBeginsANewSegment() throws IOException {
        sealed(100, 3);
        Path first = LogFixture.logOf(store).frames(1);
        byte[] before = Files.readAllBytes(first);
        try (OpLog log = open()) {
            log.append(LogFixture.entries(4, 5));
            assertThat(log.segmentCount()).isEqualTo(2);
        }
        assertThat(Files.readAllBytes(first)).isEqualTo(before);
    }

    @Test
    void uncleanLastSegmentIsReadAndNeverWrittenAgain() throws IOException {
        Path image = crashed(5);
        try (OpLog log = open(image)) {
            assertThat(log.report().cleanlyClosed()).isFalse();
            assertThat(log.report().damage()).isEmpty();
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 5));
            LogFixture.appendSingly(log, 6, 8);
            assertThat(log.segmentCount()).isEqualTo(2);
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
        try (OpLog log = open(image)) {
            assertThat(log.report().cleanlyClosed()).isTrue();
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 8));
        }
    }

    @Test
    void uncleanSegmentOfChronicleIsRead() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = logs.openChronicle(store, LogFixture.OPTIONS)) {
            LogFixture.appendSingly(log, 1, 5);
            logs.copy(store, image);
        }
        try (OpLog log = logs.openChronicle(image, LogFixture.OPTIONS)) {
            assertThat(log.report().cleanlyClosed()).isFalse();
            LogFixture.appendSingly(log, 6, 8);
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 8));
        }
        assertThat(LogFixture.logOf(image).metadata(1)).doesNotExist();
        assertThat(Files.size(LogFixture.logOf(image).frames(1))).isEqualTo(8192);
    }

    @Test
    void unacknowledgedFramesBehindABreakAreCutAndTheirPositionsGivenOutAgain() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open()) {
            LogFixture.appendSingly(log, 1, 3);
            log.append(LogFixture.entries(4, 9));
            logs.copy(store, image);
        }
        damage(image, 1, 5);
        try (OpLog log = open(image)) {
            assertThat(log.end()).isEqualTo(new Position(4));
            assertThat(log.report().damage()).isEmpty();
            assertThat(log.report().notes()).anyMatch(note -> note.contains("never acknowledged"));
            log.append(List.of(Bytes.ofUtf8("another 5")));
        }
        try (OpLog log = open(image)) {
            assertThat(LogFixture.read(log, 3))
                    .containsExactly(
                            LogFixture.whole(4, 4).getFirst(),
                            new LogItem.Entry(new Position(5), Bytes.ofUtf8("another 5")));
        }
    }

    @Test
    void breakBelowALaterForceIsDamageAndWhatFollowsIsKept() throws IOException {
        Path image = crashed(9);
        damage(image, 1, 5);
        damage(image, 1, 6);
        for (int opening = 0; opening < 3; opening++) {
            try (OpLog log = open(image)) {
                assertThat(log.report().notes()).anyMatch(note -> note.startsWith("CORRUPT"));
                assertThat(log.report().damage())
                        .extracting(LogItem.Damage::first, LogItem.Damage::last)
                        .containsExactly(tuple(new Position(5), new Position(6)));
                assertThat(LogFixture.summary(LogFixture.read(log)))
                        .containsExactly("1", "2", "3", "4", "damaged 5-6", "7", "8", "9");
            }
        }
    }

    @Test
    void endBeforeTheExpectedPositionIsDamageAndWritingGoesOnBehindIt() throws IOException {
        Path image = crashed(5);
        damage(image, 1, 5);
        try (OpLog log = logs.open(image, LogFixture.expecting(7))) {
            assertThat(log.report().damage()).hasSize(1);
            assertThat(log.end()).isEqualTo(new Position(7));
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "4", "damaged 5-7");
            assertThat(log.append(LogFixture.entries(8, 8))).isEqualTo(new Position(8));
        }
        try (OpLog log = open(image)) {
            assertThat(log.report().damage()).hasSize(1);
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "4", "damaged 5-7", "8");
        }
    }

    @Test
    void missingSegmentIsDamageAndTheRestIsRead() throws IOException {
        sealed(4, 9);
        DiskFiles files = new DiskFiles();
        files.deleteDirectory(LogFixture.logOf(store).segment(2));
        try (OpLog log = open()) {
            assertThat(log.report().damage()).hasSize(1);
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "damaged 4-6", "7", "8", "9");
            assertThat(log.append(LogFixture.entries(10, 10))).isEqualTo(new Position(10));
            assertThat(log.verify((done, total) -> {}).damage()).isNotEmpty();
        }
    }

    @Test
    void cutSegmentIsDamageFromTheCutOn() throws IOException {
        sealed(100, 20);
        Path file = LogFixture.logOf(store).frames(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(LogFixture.offsetOf(store, 1, 15) + 10);
        }
        try (OpLog log = open()) {
            assertThat(log.report().notes()).anyMatch(note -> note.startsWith("CORRUPT"));
            assertThat(LogFixture.summary(LogFixture.read(log, 12)))
                    .containsExactly("13", "14", "damaged 15-20");
            log.append(LogFixture.entries(21, 21));
            assertThat(LogFixture.summary(LogFixture.read(log, 19)))
                    .containsExactly("damaged 20-20", "21");
        }
    }

    @Test
    void missingOrDamagedFooterIsMadeAgainFromTheFrames() throws IOException {
        sealed(100, 200);
        Path footer = LogFixture.logOf(store).footer(1);
        byte[] whole = Files.readAllBytes(footer);
        for (int offset = -1; offset < whole.length; offset++) {
            if (offset < 0) {
                Files.delete(footer);
            } else {
                LogFixture.flip(footer, offset, 1);
            }
            try (OpLog log = logs.openQuickly(store)) {
                assertThat(log.report().cleanlyClosed()).isTrue();
                assertThat(log.report().damage()).isEmpty();
                assertThat(log.report().notes()).anyMatch(note -> note.contains("FOOTER"));
                assertThat(LogFixture.read(log, 190)).isEqualTo(LogFixture.whole(191, 200));
            }
            byte[] again = Files.readAllBytes(footer);
            again[5] = whole[5];
            assertThat(again.length).isEqualTo(whole.length);
            assertThat(Footer.decode(Files.readAllBytes(footer)).orElseThrow().entry())
                    .isEqualTo(Footer.decode(whole).orElseThrow().entry());
        }
    }

    @Test
    void missingOrDamagedManifestIsMadeAgainFromTheSegments() throws IOException {
        sealed(4, 9);
        Path manifest = LogFixture.logOf(store).manifest();
        byte[] whole = Files.readAllBytes(manifest);
        for (int offset = -1; offset < whole.length; offset++) {
            if (offset < 0) {
                Files.delete(manifest);
            } else {
                LogFixture.flip(manifest, offset, 2);
            }
            try (OpLog log = logs.openQuickly(store)) {
                assertThat(log.report().damage()).isEmpty();
                assertThat(log.report().notes()).anyMatch(note -> note.contains("MANIFEST"));
                assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, 9));
            }
            assertThat(Files.readAllBytes(manifest)).isEqualTo(whole);
        }
    }

    @Test
    void missingManifestOverAnUncleanSegmentAndAMissingOne() throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = logs.open(store, LogFixture.segmentsOf(4))) {
            LogFixture.appendSingly(log, 1, 11);
            logs.copy(store, image);
        }
        Files.delete(LogFixture.logOf(image).manifest());
        new DiskFiles().deleteDirectory(LogFixture.logOf(image).segment(2));
        try (OpLog log = open(image)) {
            assertThat(log.report().cleanlyClosed()).isFalse();
            assertThat(log.report().damage()).hasSize(1);
            assertThat(LogFixture.summary(LogFixture.read(log)))
                    .containsExactly("1", "2", "3", "damaged 4-6", "7", "8", "9", "10", "11");
            LogFixture.appendSingly(log, 12, 13);
        }
        try (OpLog log = open(image)) {
            assertThat(LogFixture.read(log, 6)).isEqualTo(LogFixture.whole(7, 13));
        }
    }

    @Test
    void logWithoutASegmentUnderAnIndexIsNotTakenForANewStore() throws IOException {
        sealed(4, 9);
        DiskFiles files = new DiskFiles();
        files.deleteDirectory(store.resolve("log"));
        OpLogContract.assertCode(
                () -> logs.open(store, LogFixture.expecting(9)), ErrorCode.CORRUPT);
        assertThat(store.resolve("log")).doesNotExist();
        files.createDirectory(store.resolve("log"));
        OpLogContract.assertCode(
                () -> logs.open(store, LogFixture.expecting(9)), ErrorCode.CORRUPT);
        assertThat(store.resolve("log")).isEmptyDirectory();
    }

    @Test
    void unlistedEmptyDirectoryIsDeletedAndItsNumberNotUsedAgain() throws IOException {
        sealed(100, 3);
        LogDirectory log = LogFixture.logOf(store);
        Files.createDirectory(log.segment(2));
        try (OpLog opened = open()) {
            assertThat(opened.report().notes()).hasSize(1);
            assertThat(log.segment(2)).doesNotExist();
            opened.append(LogFixture.entries(4, 4));
        }
        assertThat(log.segment(3)).isDirectory();
    }

    @Test
    void unlistedSegmentThatIsNextInLineIsAdopted() throws IOException {
        sealed(100, 3);
        LogDirectory log = LogFixture.logOf(store);
        byte[] older = Files.readAllBytes(log.manifest());
        try (OpLog opened = open()) {
            LogFixture.appendSingly(opened, 4, 6);
        }
        Files.write(log.manifest(), older);
        Files.delete(log.footer(2));
        try (OpLog opened = open()) {
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, 6));
            opened.append(LogFixture.entries(7, 7));
        }
        assertThat(log.segment(3)).isDirectory();
    }

    @Test
    void unlistedSegmentThatDoesNotFollowIsKeptAside() throws IOException {
        sealed(4, 9);
        LogDirectory log = LogFixture.logOf(store);
        LogFixture.copy(log.segment(2), log.segment(7));
        try (OpLog opened = open()) {
            assertThat(opened.report().notes())
                    .singleElement()
                    .satisfies(note -> assertThat(note).startsWith("CORRUPT").contains("aside"));
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, 9));
            opened.append(LogFixture.entries(10, 10));
        }
        assertThat(log.aside(7).getFileName().toString()).endsWith(".aside-2");
        assertThat(log.segment(8)).isDirectory();
    }

    @Test
    void whatWasSetAsideIsDeletedWhereThatIsAsked() throws IOException {
        sealed(4, 9);
        LogDirectory log = LogFixture.logOf(store);
        LogFixture.copy(log.segment(2), log.segment(7));
        try (OpLog opened = open()) {
            assertThat(log.setAside()).hasSize(1);
            opened.deleteSetAside();
            assertThat(log.setAside()).isEmpty();
            opened.append(LogFixture.entries(10, 10));
        }
        try (OpLog opened = open()) {
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, 10));
            assertThat(opened.report().notes()).isEmpty();
        }
    }

    @Test
    void segmentOfAnotherStoreIsKeptAsideAndItsRangeIsDamage() throws IOException {
        sealed(4, 9);
        Path other = directory.resolve("other");
        try (OpLog log = logs.openWithOtherIds(other, LogFixture.segmentsOf(4))) {
            LogFixture.appendSingly(log, 1, 9);
        }
        LogDirectory log = LogFixture.logOf(store);
        new DiskFiles().deleteDirectory(log.segment(2));
        LogFixture.copy(LogFixture.logOf(other).segment(2), log.segment(2));
        try (OpLog opened = open()) {
            assertThat(LogFixture.summary(LogFixture.read(opened)))
                    .containsExactly("1", "2", "3", "damaged 4-6", "7", "8", "9");
            assertThat(opened.report().notes()).anyMatch(note -> note.contains("another store"));
        }
        assertThat(log.segment(2)).doesNotExist();
        assertThat(log.path().resolve("0000000000000002.aside")).isDirectory();
    }

    /** A store of three segments without its list, of which the last is another store's. */
    void mixed() throws IOException {
        sealed(4, 9);
        Path other = directory.resolve("other");
        try (OpLog log = logs.openWithOtherIds(other, LogFixture.segmentsOf(4))) {
            LogFixture.appendSingly(log, 1, 9);
        }
        LogDirectory log = LogFixture.logOf(store);
        new DiskFiles().deleteDirectory(log.segment(3));
        LogFixture.copy(LogFixture.logOf(other).segment(3), log.segment(3));
        Files.delete(log.manifest());
    }

    @Test
    void segmentsOfTwoStoresWithoutAListAreRefused() throws IOException {
        mixed();
        OpLogContract.assertCode(this::open, ErrorCode.CORRUPT);
        assertThat(LogFixture.logOf(store).segment(3)).isDirectory();
    }

    @Test
    void twoSegmentsForOneRangeKeepTheFirstAndNameBoth() throws IOException {
        sealed(4, 9);
        LogDirectory log = LogFixture.logOf(store);
        LogFixture.copy(log.segment(2), log.segment(5));
        renumberedTwin(log);
        Files.delete(log.manifest());
        try (OpLog opened = open()) {
            assertThat(opened.report().notes())
                    .anyMatch(note -> note.contains("segment 5") && note.contains("aside"));
            assertThat(LogFixture.read(opened)).isEqualTo(LogFixture.whole(1, 9));
        }
    }

    /** Rewrites the HEAD of segment 5, a copy of segment 2, to say that it is segment 5. */
    private static void renumberedTwin(LogDirectory log) throws IOException {
        byte[] content = Files.readAllBytes(log.frames(5));
        try (FileChannel channel = FileChannel.open(log.frames(2))) {
            SegmentHead head = SegmentFile.readHead(channel, 2).orElseThrow();
            SegmentName name = new SegmentName(5, head.name().id());
            byte[] frame =
                    new FrameCodec(name)
                            .encode(Frame.HEAD, head.firstPosition(), 0, 0, head.encode());
            System.arraycopy(frame, 0, content, 4368 + SegmentCursor.WORD_BYTES, frame.length);
        }
        Files.write(log.frames(5), content);
    }

    @Test
    void leftoversOfUnfinishedWorkAreDeletedUnread() throws IOException {
        sealed(100, 3);
        LogDirectory log = LogFixture.logOf(store);
        Files.createDirectories(log.path().resolve("0000000000000009.tmp"));
        Files.createDirectories(log.path().resolve("0000000000000001.drop"));
        Files.writeString(log.path().resolve("0000000000000001.drop/FOOTER"), "x");
        Files.writeString(log.path().resolve("MANIFEST.tmp"), "half");
        try (OpLog opened = open()) {
            assertThat(opened.report().notes()).isEmpty();
        }
        try (Stream<Path> left = Files.list(log.path())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("MANIFEST", "0000000000000001");
        }
    }

    @Test
    void newerFormatIsNamedAndNothingIsChanged() throws IOException {
        sealed(100, 3);
        LogDirectory log = LogFixture.logOf(store);
        Files.createDirectories(log.path().resolve("0000000000000009.tmp"));
        String manifest = Files.readString(log.manifest());
        int checksumAt = manifest.lastIndexOf("crc32c=");
        String newer = manifest.substring(0, checksumAt).replaceAll("loam-log [12]", "loam-log 3");
        CRC32C checksum = new CRC32C();
        checksum.update(newer.getBytes(StandardCharsets.US_ASCII));
        String text = newer + String.format("crc32c=%08x%n", (int) checksum.getValue());
        Files.writeString(log.manifest(), text);
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FORMAT_VERSION))
                .hasMessageContaining("format 3")
                .hasMessageContaining("formats up to 2");
        assertThat(Files.readString(log.manifest())).isEqualTo(text);
        assertThat(log.path().resolve("0000000000000009.tmp")).exists();
        Files.writeString(log.manifest(), manifest);
        open().close();
    }

    @Test
    void newerKindOfFrameIsNamedAndTheLockGivenBack() throws IOException {
        Path image = crashed(3);
        LogDirectory log = LogFixture.logOf(image);
        SegmentName name;
        try (FileChannel channel = FileChannel.open(log.frames(1))) {
            name = SegmentFile.readHead(channel, 1).orElseThrow().name();
        }
        byte[] frame = new FrameCodec(name).encode(7, 4, 1, 0, Bytes.ofUtf8("new"));
        byte[] content = Files.readAllBytes(log.frames(1));
        int end = Math.toIntExact(LogFixture.endOf(image, 1, 3));
        content[end] = (byte) frame.length;
        System.arraycopy(frame, 0, content, end + SegmentCursor.WORD_BYTES, frame.length);
        Files.write(log.frames(1), content);
        byte[] manifest = Files.readAllBytes(log.manifest());
        for (int attempt = 0; attempt < 2; attempt++) {
            OpLogContract.assertCode(() -> open(image), ErrorCode.FORMAT_VERSION);
        }
        assertThat(Files.readAllBytes(log.manifest())).isEqualTo(manifest);
        assertThat(log.footer(1)).doesNotExist();
    }

    @Test
    void directoryOfSomethingElseIsRefusedUntouched() throws IOException {
        Files.createDirectory(store);
        Files.writeString(store.resolve("thesis.txt"), "mine");
        assertThatThrownBy(this::open)
                .hasMessageContaining("thesis.txt")
                .hasMessageContaining("Name the directory")
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_A_STORE));
        try (Stream<Path> children = Files.list(store)) {
            assertThat(children).hasSize(1);
        }
        OpLogContract.assertCode(() -> open(store.resolve("thesis.txt")), ErrorCode.NOT_A_STORE);
    }

    @Test
    void whatOthersKeepBesideTheLogIsLeftAlone() throws IOException {
        Files.createDirectories(store.resolve("index"));
        Files.writeString(store.resolve("device"), "key");
        Files.writeString(store.resolve("peers"), "list");
        Files.writeString(store.resolve("peers.tmp"), "half");
        try (OpLog log = open()) {
            log.append(LogFixture.entries(1, 1));
        }
        open().close();
        assertThat(store.resolve("peers.tmp")).hasContent("half");
        assertThat(store.resolve("device")).hasContent("key");
    }

    @Test
    void secondOpenerInTheSameProcessIsRefusedAndHarmsNothing() {
        try (OpLog log = open()) {
            assertThatThrownBy(this::open)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORE_BUSY));
            log.append(LogFixture.entries(1, 1));
        }
        open().close();
    }

    @Test
    void networkFileSystemsAreKnown() {
        assertThat(List.of("nfs4", "cifs", "SMB2", "fuse.sshfs"))
                .allMatch(StoreDirectory::isNetwork);
        assertThat(List.of("ext4", "tmpfs", "apfs", "NTFS", "overlay"))
                .noneMatch(StoreDirectory::isNetwork);
    }

    OpLog open() {
        return open(store);
    }

    private OpLog open(Path store) {
        return logs.open(store);
    }

    private void sealed(int segmentFrames, long entries) {
        try (OpLog log = logs.open(store, LogFixture.segmentsOf(segmentFrames))) {
            LogFixture.appendSingly(log, 1, entries);
        }
    }

    /** The store as a SIGKILL leaves it. */
    private Path crashed(long entries) throws IOException {
        Path image = directory.resolve("image");
        try (OpLog log = open()) {
            LogFixture.appendSingly(log, 1, entries);
            logs.copy(store, image);
        }
        return image;
    }

    private static void damage(Path store, long number, long position) throws IOException {
        long payload = LogFixture.payloadIn(LogFixture.offsetOf(store, number, position));
        LogFixture.flip(LogFixture.logOf(store).frames(number), payload, 4);
    }
}
