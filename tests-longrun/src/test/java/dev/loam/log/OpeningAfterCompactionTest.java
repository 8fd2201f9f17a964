package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed where the list that names a compaction's result is in the page cache and not
 * on the disk; the next one sees that list, and the power is cut while it opens.
 */
class OpeningAfterCompactionTest {
    private static final int POSITIONS = 25;
    private static final int CHANCES = 20;
    private static final LogOptions OPTIONS = LogFixture.segmentsOf(11);
    private static final ImageJudge JUDGE =
            new ImageJudge(PlainSegment::create, ImageJudge.Continuation.APPEND);

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final Random random = new Random(20261121);
    private final Ledger ledger = new Ledger();
    private final List<String> violations = new ArrayList<>();
    private Path store;
    private DiskState disk;
    private boolean isReplacing;
    private int images;

    @BeforeEach
    void nameStore() {
        store = directory.resolve("store");
        disk = new DiskState(store.resolve("log"));
    }

    @Test
    void nothingIsDeletedBeforeTheListWithoutItIsOnTheDisk() throws IOException {
        compactUntilTheListIsReplaced();
        try (OpLog log = open(this::tryImages)) {
            assertThat(ledger.contradiction(log)).isEmpty();
        }
        assertThat(violations).isEmpty();
        assertThat(images).isGreaterThan(100);
    }

    private OpLog open(RecordingFiles.CrashPoint crash) {
        RecordingFiles files =
                new RecordingFiles(disk, crash, RecordingFiles.Plant.NONE, ledger::acknowledge);
        SegmentAppender.Factory appenders = files.recording(PlainSegment::create);
        return OpLog.open(store, OPTIONS, files, appenders, random);
    }

    private void compactUntilTheListIsReplaced() {
        try (OpLog log = open(this::dieOnceTheListIsReplaced)) {
            for (int position = 1; position <= POSITIONS; position++) {
                ledger.send(LogFixture.entry(position).toUtf8());
                log.append(LogFixture.entries(position, position));
            }
            ledger.acknowledge();
            // With a segment left open, opening would write a list of its own.
            log.roll();
            TextCompaction compaction = new TextCompaction("compaction", random, () -> {});
            Position last = log.sealedEnds().getLast();
            try (SegmentDraft draft = log.draft(last, TextCompaction.PAYLOAD_BYTES_MAX)) {
                compaction.write(draft, ledger.sent());
                ledger.beginReplacing("compaction");
                isReplacing = true;
                assertThatThrownBy(() -> log.replace(draft)).isInstanceOf(LoamException.class);
            }
        }
    }

    /** A log does nothing more after a fault there. */
    private void dieOnceTheListIsReplaced(String step) throws IOException {
        if (isReplacing && step.equals("after a file was replaced")) {
            throw new IOException("the process was killed");
        }
    }

    private void tryImages(String step) throws IOException {
        DiskState seen = DiskState.seen(disk.root());
        for (int chance = 0; chance < CHANCES; chance++) {
            images++;
            Path image = Files.createDirectory(directory.resolve("image-" + images));
            CrashImage.Fate fate = new CrashImage.Chance(random);
            new CrashImage(disk, seen, 4096, fate).write(image.resolve("log"));
            JUDGE.verdict(image, ledger).ifPresent(what -> violations.add(step + ": " + what));
        }
    }
}
