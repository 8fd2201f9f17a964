package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A store's life in a few processes: each opens it, appends groups over several segments, compacts
 * what is sealed, and ends by a close, by a kill, or by a power cut: between two groups, or in the
 * middle of a compaction or of opening. At some of the points where a crash may happen, images are
 * judged.
 */
final class CrashWorkload {
    /** What is tried at a point that was chosen. */
    interface Trial {
        void at(CrashWorkload workload, String step) throws IOException;
    }

    /** What the process does. */
    enum Phase {
        OPENING(0.06),
        WRITING(0.02),
        DRAFTING(0.01),

        /** The only points at which the log changes as a whole. */
        REPLACING(0.12),
        DELETING(0.02);

        /** Of the points there, those that are tried. */
        private final double share;

        Phase(double share) {
            this.share = share;
        }
    }

    /** Of the points at which a planted fault strikes. */
    private static final double SHARE_OF_PLANTED = 0.2;

    private static final int LIVES = 4;
    private static final int TURNS_PER_LIFE = 12;
    private static final int TURNS_PER_COMPACTION = 6;
    private static final int SEGMENT_BYTES = 24 << 10;
    private static final int SEGMENT_FRAMES = 14;

    /** About as many as there are. */
    private static final int STEPS_OF_OPENING = 40;

    private static final int STEPS_OF_REPLACING = 24;
    private static final int STEPS_OF_A_COMPACTION = 120;

    private final Path directory;
    private final Random random;
    private final SegmentAppender.Factory appenders;
    private final RecordingFiles.Plant plant;
    private final Trial trial;
    private final Ledger ledger = new Ledger();
    private Path store;
    private DiskState disk;
    private RecordingFiles files;
    private Phase phase = Phase.OPENING;
    private Optional<String> violation = Optional.empty();
    private int named;
    private int lives;
    private int compactions;

    /** How many points the process still reaches; none at which it ends if negative. */
    private int pointsLeft = -1;

    CrashWorkload(
            Path directory,
            long seed,
            SegmentAppender.Factory appenders,
            RecordingFiles.Plant plant,
            Trial trial) {
        this.directory = directory;
        this.random = new Random(seed);
        this.appenders = appenders;
        this.plant = plant;
        this.trial = trial;
        this.store = directory.resolve("life-0");
        this.disk = new DiskState(store.resolve("log"));
        this.files = newFiles();
    }

    private RecordingFiles newFiles() {
        return new RecordingFiles(disk, this::reached, plant, ledger::acknowledge);
    }

    Ledger ledger() {
        return ledger;
    }

    DiskState disk() {
        return disk;
    }

    Random random() {
        return random;
    }

    /** What was wrong other than in an image, if anything was: it ends the store's life. */
    Optional<String> violation() {
        return violation;
    }

    /** How many have replaced something. */
    int compactions() {
        return compactions;
    }

    void run() throws IOException {
        while (lives < LIVES && violation.isEmpty()) {
            lives++;
            files = newFiles();
            phase = Phase.OPENING;
            endWithin(lives > 1 ? STEPS_OF_OPENING : 0);
            try {
                live();
            } catch (LoamException | UncheckedIOException killed) {
                if (!files.isDead()) {
                    throw killed;
                }
            }
        }
    }

    private void live() throws IOException {
        LogOptions options =
                LogFixture.options(SEGMENT_BYTES, SEGMENT_FRAMES, () -> Position.START);
        OpLog log = OpLog.open(store, options, files, files.recording(appenders), random);
        try {
            if (!takesOver(log)) {
                log.close();
                return;
            }
            for (int turn = 0; turn < TURNS_PER_LIFE && violation.isEmpty(); turn++) {
                if (random.nextInt(TURNS_PER_COMPACTION) == 0) {
                    compact(log);
                }
                append(log);
            }
            end(log);
        } finally {
            if (files.isDead()) {
                bury(log);
            }
        }
    }

    /** What the process finds is judged like an image. */
    private boolean takesOver(OpLog log) {
        pointsLeft = -1;
        phase = Phase.WRITING;
        violation = ledger.contradiction(log).map(what -> "process " + lives + ": " + what);
        if (violation.isEmpty()) {
            ledger.reopened(StoreContent.of(LogFixture.read(log)));
        }
        return violation.isEmpty();
    }

    private void append(OpLog log) {
        List<Bytes> group = new ArrayList<>();
        int size = random.nextInt(1, 5);
        for (int i = 0; i < size; i++) {
            named++;
            int bytes = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(200);
            String payload = "payload " + named + " " + "x".repeat(bytes);
            ledger.send(payload);
            group.add(Bytes.ofUtf8(payload));
        }
        log.append(group);
        ledger.acknowledge();
    }

    private void compact(OpLog log) {
        if (random.nextBoolean()) {
            log.roll();
        }
        List<Position> ends = log.sealedEnds();
        if (ends.isEmpty()) {
            return;
        }
        named++;
        String name = "compaction " + named;
        phase = Phase.DRAFTING;
        endWithin(STEPS_OF_A_COMPACTION);
        Position last = ends.get(ends.size() - random.nextInt(1, Math.min(3, ends.size()) + 1));
        List<String> before = List.copyOf(ledger.sent());
        try (SegmentDraft draft = log.draft(last, TextCompaction.PAYLOAD_BYTES_MAX);
                LogReader reader = log.readAfter(Position.START)) {
            TextCompaction compaction = new TextCompaction(name, random, () -> appendAtTimes(log));
            compaction.write(draft, before);
            if (random.nextInt(6) > 0) {
                replace(log, draft, name, reader, before);
            }
        }
        pointsLeft = -1;
        phase = Phase.WRITING;
    }

    /** What was replaced is deleted at once, or once a reader has come to its end. */
    private void replace(
            OpLog log, SegmentDraft draft, String name, LogReader reader, List<String> before) {
        phase = Phase.REPLACING;
        if (pointsLeft < 0) {
            endWithin(STEPS_OF_REPLACING);
        }
        boolean isRead = random.nextBoolean();
        if (!isRead) {
            reader.close();
        }
        ledger.beginReplacing(name);
        log.replace(draft);
        ledger.replaced();
        compactions++;
        phase = Phase.DELETING;
        for (SegmentInfo segment : log.segments()) {
            boolean isSealed = log.activeSegment().filter(segment::equals).isEmpty();
            if (isSealed && random.nextInt(3) == 0) {
                log.writeAnnex(segment.number(), Ledger.annexOf(segment.number()));
                ledger.annexWritten(segment.number());
            }
        }
        appendAtTimes(log);
        if (isRead) {
            List<LogItem> items = new ArrayList<>();
            reader.forEachRemaining(items::add);
            if (!StoreContent.of(items).texts().equals(before)) {
                violation = Optional.of("a reader lost what was replaced under it");
            }
        }
    }

    private void appendAtTimes(OpLog log) {
        if (random.nextInt(6) == 0) {
            append(log);
        }
    }

    private void end(OpLog log) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> log.close();
            case 1 -> files.die();
            default -> cutThePower();
        }
    }

    /** The page cache outlives a process, and is not the disk. */
    private void bury(OpLog log) {
        try {
            append(log);
        } catch (LoamException killed) {
            log.close();
            return;
        }
        throw new AssertionError("a dead process has answered");
    }

    /** The next process finds one of the images that there may be. */
    private void cutThePower() throws IOException {
        Path next = directory.resolve("life-" + lives);
        CrashImage.Fate fate = new CrashImage.Chance(random);
        DiskState seen = DiskState.seen(disk.root());
        new CrashImage(disk, seen, 4096, fate).write(next.resolve("log"));
        files.die();
        store = next;
        disk = new DiskState(next.resolve("log"));
        disk.keepAll();
    }

    /** Lets the process end at one of the next points, at times. */
    private void endWithin(int points) {
        pointsLeft = points > 0 && random.nextInt(3) == 0 ? random.nextInt(points) : -1;
    }

    private void reached(String step) throws IOException {
        double share = plant == RecordingFiles.Plant.NONE ? phase.share : SHARE_OF_PLANTED;
        if (plant.isSoughtIn(phase) && random.nextDouble() < share) {
            trial.at(this, step);
        }
        if (pointsLeft == 0) {
            if (random.nextBoolean()) {
                files.die();
            } else {
                cutThePower();
            }
        }
        pointsLeft--;
    }
}
