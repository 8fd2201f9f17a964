package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.GroupVIntUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Lucene relies on when it reads and writes files. */
abstract class DirectoryContract {
    private static final String FILE = "file";

    private Directory directory;

    abstract Directory open() throws IOException;

    @BeforeEach
    final void openDirectory() throws IOException {
        directory = open();
    }

    @AfterEach
    final void closeDirectory() throws IOException {
        directory.close();
    }

    final Directory directory() {
        return directory;
    }

    static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    final void write(String name, byte[] content) throws IOException {
        try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
            out.writeBytes(content, content.length);
        }
    }

    final IndexInput read(byte[] content) throws IOException {
        write(FILE, content);
        return directory.openInput(FILE, IOContext.DEFAULT);
    }

    static byte[] rest(IndexInput in) throws IOException {
        byte[] bytes = new byte[(int) (in.length() - in.getFilePointer())];
        in.readBytes(bytes, 0, bytes.length);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 100_000})
    void aFileIsWhatWasWritten(int length) throws IOException {
        byte[] content = content(length);
        try (IndexInput in = read(content)) {
            assertThat(in.length()).isEqualTo(length);
            assertThat(directory.fileLength(FILE)).isEqualTo(length);
            assertThat(in.getFilePointer()).isZero();
            assertThat(rest(in)).isEqualTo(content);
            assertThat(in.getFilePointer()).isEqualTo(length);
            assertThatThrownBy(in::readByte).isInstanceOf(EOFException.class);
            in.seek(length);
            assertThatThrownBy(() -> in.seek(length + 1)).isInstanceOf(EOFException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4_095, 4_096, 4_097, 9_000})
    void itDoesNotMatterInWhichPortionsItIsWritten(int portion) throws IOException {
        byte[] content = content(20_000);
        CRC32 checksum = new CRC32();
        try (IndexOutput out = directory.createOutput(FILE, IOContext.DEFAULT)) {
            for (int from = 0; from < content.length; from += portion) {
                int count = Math.min(portion, content.length - from);
                out.writeBytes(content, from, count);
                checksum.update(content, from, count);
                assertThat(out.getFilePointer()).isEqualTo(from + count);
                assertThat(out.getChecksum()).isEqualTo(checksum.getValue());
            }
            assertThat(out.getName()).isEqualTo(FILE);
        }
        try (ChecksumIndexInput in = directory.openChecksumInput(FILE)) {
            in.skipBytes(content.length);
            assertThat(in.getChecksum()).isEqualTo(checksum.getValue());
        }
    }

    @Test
    void allKindsOfValuesAreReadAsTheyWereWritten() throws IOException {
        try (IndexOutput out = directory.createOutput(FILE, IOContext.DEFAULT)) {
            for (int i = 0; i < 3_000; i++) {
                out.writeByte((byte) i);
                out.writeShort((short) (i * 31));
                out.writeInt(i * 1_000_003);
                out.writeLong(i * 1_000_000_007L);
                out.writeVInt(i * 10_007);
                out.writeVLong(i * 100_000_000_003L);
                out.writeString("word " + i);
            }
            out.writeGroupVInts(new int[] {1, 300, 70_000, 20_000_000, 5}, 5);
        }
        try (IndexInput in = directory.openInput(FILE, IOContext.DEFAULT)) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(in.readByte()).isEqualTo((byte) i);
                assertThat(in.readShort()).isEqualTo((short) (i * 31));
                assertThat(in.readInt()).isEqualTo(i * 1_000_003);
                assertThat(in.readLong()).isEqualTo(i * 1_000_000_007L);
                assertThat(in.readVInt()).isEqualTo(i * 10_007);
                assertThat(in.readVLong()).isEqualTo(i * 100_000_000_003L);
                assertThat(in.readString()).isEqualTo("word " + i);
            }
            int[] numbers = new int[5];
            GroupVIntUtil.readGroupVInts(in, numbers, 5);
            assertThat(numbers).containsExactly(1, 300, 70_000, 20_000_000, 5);
        }
    }

    @Test
    void arraysOfNumbersAreLittleEndianAtAnyPosition() throws IOException {
        byte[] content = content(9_000);
        ByteBuffer expected = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try (IndexInput in = read(content)) {
            for (int from : new int[] {0, 1, 4_093, 4_096, 4_100}) {
                int[] ints = new int[103];
                in.seek(from);
                in.readInts(ints, 3, 100);
                assertThat(in.getFilePointer()).isEqualTo(from + 400);
                long[] longs = new long[103];
                in.seek(from);
                in.readLongs(longs, 3, 100);
                assertThat(in.getFilePointer()).isEqualTo(from + 800);
                float[] floats = new float[103];
                in.seek(from);
                in.readFloats(floats, 3, 100);
                assertThat(in.getFilePointer()).isEqualTo(from + 400);
                for (int i = 0; i < 100; i++) {
                    assertThat(ints[3 + i]).isEqualTo(expected.getInt(from + 4 * i));
                    assertThat(longs[3 + i]).isEqualTo(expected.getLong(from + 8 * i));
                    assertThat(Float.floatToRawIntBits(floats[3 + i]))
                            .isEqualTo(expected.getInt(from + 4 * i));
                }
            }
        }
    }

    @Test
    void anyPositionIsReadWithoutMovingOrAfterASeek() throws IOException {
        byte[] content = content(3 * 4_096 + 5);
        ByteBuffer expected = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(7);
        try (IndexInput in = read(content)) {
            RandomAccessInput random1 = in.randomAccessSlice(0, content.length);
            assertThat(random1.length()).isEqualTo(content.length);
            for (int i = 0; i < 2_000; i++) {
                int at = random.nextInt(content.length - 7);
                assertThat(random1.readByte(at)).isEqualTo(content[at]);
                assertThat(random1.readShort(at)).isEqualTo(expected.getShort(at));
                assertThat(random1.readInt(at)).isEqualTo(expected.getInt(at));
                assertThat(random1.readLong(at)).isEqualTo(expected.getLong(at));
                byte[] some = new byte[9];
                random1.readBytes(at, some, 1, 7);
                assertThat(some)
                        .startsWith(0)
                        .containsSequence(Arrays.copyOfRange(content, at, at + 7));
                in.seek(at);
                assertThat(in.readLong()).isEqualTo(expected.getLong(at));
                assertThat(in.getFilePointer()).isEqualTo(at + 8);
            }
        }
    }

    @Test
    void nothingIsReadBehindTheEndOrBeforeTheBeginning() throws IOException {
        byte[] content = content(4_096);
        try (IndexInput in = read(content)) {
            RandomAccessInput all = in.randomAccessSlice(0, content.length);
            for (int left = 0; left < 8; left++) {
                int at = content.length - left;
                if (left < 1) {
                    assertThatThrownBy(() -> all.readByte(at)).isInstanceOf(EOFException.class);
                }
                if (left < 2) {
                    assertThatThrownBy(() -> all.readShort(at)).isInstanceOf(EOFException.class);
                }
                if (left < 4) {
                    assertThatThrownBy(() -> all.readInt(at)).isInstanceOf(EOFException.class);
                }
                assertThatThrownBy(() -> all.readLong(at)).isInstanceOf(EOFException.class);
                in.seek(at);
                assertThatThrownBy(in::readLong).isInstanceOf(EOFException.class);
                for (IOCall call : arrayReads(in)) {
                    in.seek(at);
                    assertThatThrownBy(call::run).isInstanceOf(EOFException.class);
                }
            }
            assertThatThrownBy(() -> all.readByte(-1)).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> in.seek(-1)).isInstanceOf(RuntimeException.class);
        }
    }

    interface IOCall {
        void run() throws IOException;
    }

    private static List<IOCall> arrayReads(IndexInput in) {
        return List.of(
                () -> in.readBytes(new byte[8], 0, 8),
                () -> in.readInts(new int[2], 0, 2),
                () -> in.readLongs(new long[1], 0, 1),
                () -> in.readFloats(new float[2], 0, 2));
    }

    @Test
    void aSliceIsAFileOfItsOwn() throws IOException {
        byte[] content = content(10_000);
        try (IndexInput in = read(content)) {
            in.seek(50);
            for (int[] part : new int[][] {{0, 10_000}, {4_096, 4_096}, {4_000, 200}, {9_999, 1}}) {
                IndexInput slice = in.slice("part", part[0], part[1]);
                byte[] expected = Arrays.copyOfRange(content, part[0], part[0] + part[1]);
                assertThat(slice.length()).isEqualTo(part[1]);
                assertThat(slice.getFilePointer()).isZero();
                assertThat(rest(slice)).isEqualTo(expected);
                assertThatThrownBy(slice::readByte).isInstanceOf(EOFException.class);
                IndexInput inner = slice.slice("part of a part", part[1] / 2, part[1] / 2);
                assertThat(rest(inner))
                        .isEqualTo(Arrays.copyOfRange(expected, part[1] / 2, part[1] / 2 * 2));
            }
            assertThat(in.slice("none", 10_000, 0).length()).isZero();
            assertThatThrownBy(() -> in.slice("beyond", 9_999, 2))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> in.slice("before", -1, 2))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(in.getFilePointer()).isEqualTo(50);
        }
    }

    @Test
    void aCloneMovesByItselfFromWhereItWasMade() throws IOException {
        byte[] content = content(10_000);
        try (IndexInput in = read(content)) {
            in.seek(4_096);
            IndexInput clone = in.clone();
            in.seek(1);

            assertThat(clone.readByte()).isEqualTo(content[4_096]);
            assertThat(in.readByte()).isEqualTo(content[1]);
            clone.close();
            assertThat(in.readByte()).isEqualTo(content[2]);
            IndexInput slice = in.slice("part", 100, 100);
            slice.seek(7);
            assertThat(slice.clone().readByte()).isEqualTo(content[107]);
        }
    }

    /** Lucene's vector code reads such memory itself. */
    @Test
    void aFileIsMemoryThatIsReadInPlace() throws IOException {
        byte[] content = content(10_000);
        try (IndexInput in = read(content)) {
            IndexInput slice = in.slice("part", 64, 9_000);
            assertThat(slice).isInstanceOf(MemorySegmentAccessInput.class);
            assertThat(
                            ((MemorySegmentAccessInput) slice)
                                    .segmentSliceOrNull(4_000, 500)
                                    .toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(Arrays.copyOfRange(content, 4_064, 4_564));
            assertThatThrownBy(
                            () -> ((MemorySegmentAccessInput) slice).segmentSliceOrNull(8_999, 2))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        IndexInput in = read(content(5_000));
        IndexInput clone = in.clone();
        IndexInput slice = in.slice("part", 10, 100);
        in.close();
        in.close();

        for (IndexInput closed : List.of(in, clone, slice)) {
            assertThatThrownBy(closed::readByte).isInstanceOf(AlreadyClosedException.class);
            assertThatThrownBy(closed::readInt).isInstanceOf(AlreadyClosedException.class);
            assertThatThrownBy(() -> ((RandomAccessInput) closed).readLong(7))
                    .isInstanceOf(AlreadyClosedException.class);
            for (IOCall call : arrayReads(closed)) {
                assertThatThrownBy(call::run).isInstanceOf(AlreadyClosedException.class);
            }
        }
        assertThatThrownBy(() -> in.seek(1)).isInstanceOf(AlreadyClosedException.class);
        assertThatThrownBy(in::clone).isInstanceOf(AlreadyClosedException.class);
        assertThatThrownBy(() -> in.slice("part", 0, 1)).isInstanceOf(AlreadyClosedException.class);
    }

    @Test
    void closingWhileOthersReadEndsThemAndNothingElse() throws Exception {
        byte[] content = new byte[200_000];
        Arrays.fill(content, (byte) 1);
        for (int round = 0; round < 20; round++) {
            write("file" + round, content);
            IndexInput in = directory.openInput("file" + round, IOContext.DEFAULT);
            CountDownLatch reading = new CountDownLatch(3);
            List<CompletableFuture<Throwable>> ends =
                    IntStream.range(0, 3)
                            .mapToObj(number -> readUntilClosed(in.clone(), reading))
                            .toList();
            reading.await();
            in.close();
            for (CompletableFuture<Throwable> end : ends) {
                assertThat(end.get()).isInstanceOf(AlreadyClosedException.class);
            }
        }
    }

    private static CompletableFuture<Throwable> readUntilClosed(
            IndexInput in, CountDownLatch reading) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                in.readLong();
                                reading.countDown();
                                long[] many = new long[1_000];
                                while (true) {
                                    in.seek(0);
                                    for (int i = 0; i < 1_000; i++) {
                                        in.readLong();
                                        in.readVInt();
                                    }
                                    in.readLongs(many, 0, many.length);
                                }
                            } catch (IOException | RuntimeException | Error failure) {
                                end.complete(failure);
                            }
                        });
        return end;
    }

    @Test
    void filesAreListedRenamedAndDeleted() throws IOException {
        write("b", content(10));
        write("a", content(5_000));
        assertThat(directory.listAll()).containsExactly("a", "b");
        assertThatThrownBy(() -> write("a", content(1)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(directory.fileLength("a")).isEqualTo(5_000);

        directory.deleteFile("b");
        directory.rename("a", "b");
        directory.sync(List.of("b"));
        directory.syncMetaData();

        assertThat(directory.listAll()).containsExactly("b");
        try (IndexInput in = directory.openInput("b", IOContext.READONCE)) {
            assertThat(rest(in)).isEqualTo(content(5_000));
        }
        for (IOCall call :
                List.<IOCall>of(
                        () -> directory.openInput("a", IOContext.DEFAULT),
                        () -> directory.fileLength("a"),
                        () -> directory.deleteFile("a"))) {
            assertThatThrownBy(call::run).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void aNameThatIsUsedAgainMeansTheNewFile() throws IOException {
        IndexInput before = read(content(100));
        directory.deleteFile(FILE);
        assertThatThrownBy(() -> directory.openInput(FILE, IOContext.DEFAULT))
                .isInstanceOf(NoSuchFileException.class);
        try (IndexInput in = read(content(5_000))) {
            assertThat(rest(in)).isEqualTo(content(5_000));
        }
        directory.deleteFile(FILE);
        write("other", content(300));
        IndexInput other = directory.openInput("other", IOContext.DEFAULT);
        directory.rename("other", FILE);
        assertThatThrownBy(() -> directory.openInput("other", IOContext.DEFAULT))
                .isInstanceOf(NoSuchFileException.class);
        try (IndexInput in = directory.openInput(FILE, IOContext.DEFAULT)) {
            assertThat(rest(in)).isEqualTo(content(300));
        }
        assertThat(rest(before)).isEqualTo(content(100));
        assertThat(rest(other)).isEqualTo(content(300));
        before.close();
        other.close();
    }

    @Test
    void temporaryFilesHaveNamesOfTheirOwn() throws IOException {
        String name;
        try (IndexOutput first = directory.createTempOutput("a", "b", IOContext.DEFAULT);
                IndexOutput second = directory.createTempOutput("a", "b", IOContext.DEFAULT)) {
            assertThat(first.getName()).isNotEqualTo(second.getName()).endsWith(".tmp");
            first.writeString("one");
            name = first.getName();
        }
        try (IndexInput in = directory.openInput(name, IOContext.DEFAULT)) {
            assertThat(in.readString()).isEqualTo("one");
        }
    }

    @Test
    void aFileThatIsOpenedTwiceIsClosedTwice() throws IOException {
        byte[] content = content(5_000);
        IndexInput first = read(content);
        IndexInput second = directory.openInput(FILE, IOContext.DEFAULT);
        directory.deleteFile(FILE);
        first.close();

        assertThatThrownBy(first::readByte).isInstanceOf(AlreadyClosedException.class);
        assertThat(rest(second)).isEqualTo(content);
        second.close();
        assertThatThrownBy(() -> second.clone().readByte())
                .isInstanceOf(AlreadyClosedException.class);
    }

    @Test
    void theLockIsHeldByOne() throws IOException {
        try (Lock lock = directory.obtainLock("write.lock")) {
            lock.ensureValid();
            assertThat(directory.fileLength("write.lock")).isZero();
            assertThatThrownBy(() -> directory.obtainLock("write.lock"))
                    .isInstanceOf(IOException.class);
        }
    }
}
