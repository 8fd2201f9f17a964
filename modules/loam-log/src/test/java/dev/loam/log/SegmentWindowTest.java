package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A window shows the bytes of the file, however one moves, and however much is read ahead. */
class SegmentWindowTest {
    private static final int READ_AHEAD_BYTES = 64 << 10;

    @TempDir Path directory;

    private final Random random = new Random(20261121);
    private final byte[] content = new byte[3_000_001];
    private Path file;

    @BeforeEach
    void write() throws IOException {
        random.nextBytes(content);
        file = Files.write(directory.resolve("frames"), content);
    }

    @Test
    void walkingShowsEveryByteInPiecesOfAnyLength() throws IOException {
        try (FileChannel channel = open()) {
            for (int lengthMax : new int[] {40, 700, 100_000, 1_000_000}) {
                SegmentWindow window = new SegmentWindow(channel, content.length, READ_AHEAD_BYTES);
                for (int at = 0; at < content.length; ) {
                    int length = Math.min(1 + random.nextInt(lengthMax), content.length - at);
                    assertShows(window, at, length);
                    at += length;
                }
                assertThat(window.has(content.length, 1)).isFalse();
                assertThat(window.has(content.length - 10, 11)).isFalse();
            }
        }
    }

    @Test
    void jumpingInTheMiddleOfAWalkShowsWhatIsThere() throws IOException {
        try (FileChannel channel = open()) {
            SegmentWindow window = new SegmentWindow(channel, content.length, READ_AHEAD_BYTES);
            int at = 0;
            for (int i = 0; i < 3_000; i++) {
                int length = 1 + random.nextInt(20_000);
                boolean jumps = random.nextInt(10) == 0 || at + length > content.length;
                at = jumps ? random.nextInt(content.length - length) : at;
                assertShows(window, at, length);
                at += random.nextInt(length + 1);
            }
        }
    }

    @Test
    void whatWasCutOffUnderAWalkIsNotThere() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SegmentWindow window = new SegmentWindow(channel, content.length, READ_AHEAD_BYTES);
            int at = 0;
            while (at < 500_000) {
                assertShows(window, at, 1_000);
                at += 1_000;
            }
            channel.truncate(1_200_000);
            while (window.has(at, 1_000)) {
                assertShows(window, at, 1_000);
                at += 1_000;
            }
            assertThat(at).isBetween(1_199_000, content.length);
        }
    }

    /** The scheduler of virtual threads is the application's as well: it may never get to ours. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void walkingGoesOnWhereNoVirtualThreadGetsToRun() throws IOException {
        AtomicBoolean isDone = new AtomicBoolean();
        List<Thread> spinning = new ArrayList<>();
        try (FileChannel channel = open()) {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                spinning.add(Thread.startVirtualThread(() -> spinUntil(isDone)));
            }
            SegmentWindow window = new SegmentWindow(channel, content.length, READ_AHEAD_BYTES);
            for (int at = 0; at + 1_000 <= content.length; at += 1_000) {
                assertShows(window, at, 1_000);
            }
        } finally {
            isDone.set(true);
        }
        assertThat(spinning)
                .allSatisfy(thread -> assertThat(thread.join(Duration.ofSeconds(30))).isTrue());
    }

    private static void spinUntil(AtomicBoolean isDone) {
        while (!isDone.get()) {
            Thread.onSpinWait();
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    private void assertShows(SegmentWindow window, int offset, int length) throws IOException {
        assertThat(window.has(offset, length)).isTrue();
        int index = window.indexOf(offset);
        assertThat(
                        Arrays.equals(
                                window.buffer(),
                                index,
                                index + length,
                                content,
                                offset,
                                offset + length))
                .as("%d bytes at %d", length, offset)
                .isTrue();
    }
}
