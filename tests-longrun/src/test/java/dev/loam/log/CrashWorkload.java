package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A store's life in a few processes: each opens it, appends groups over several segments, and ends
 * by a close, by a kill, or by a power cut. At some of the points where a crash may happen, images
 * are judged.
 */
final class CrashWorkload {
    /** What is tried at a point that was chosen. */
    interface Trial {
        void at(CrashWorkload workload, String step) throws IOException;
    }

    private static final int LIVES = 4;
    private static final int GROUPS_PER_LIFE = 12;
    private static final int SEGMENT_BYTES = 24 << 10;
    private static final int SEGMENT_FRAMES = 14;

    private final Path directory;
    private final Random random;
    private final SegmentAppender.Factory appenders;
    private final RecordingFiles.Plant plant;
    private final double share;
    private final Trial trial;
    private List<String> sent = new ArrayList<>();
    private int acknowledged;
    private int named;
    private DiskState disk;

    /**
     * @param share of the points that are tried
     */
    CrashWorkload(
            Path directory,
            long seed,
            SegmentAppender.Factory appenders,
            RecordingFiles.Plant plant,
            double share,
            Trial trial) {
        this.directory = directory;
        this.random = new Random(seed);
        this.appenders = appenders;
        this.plant = plant;
        this.share = share;
        this.trial = trial;
        this.disk = new DiskState(directory.resolve("life-0/log"));
    }

    /** All payloads that were handed to the log, in order. */
    List<String> sent() {
        return sent;
    }

    /** How many of them, from the first on, were answered for. */
    int acknowledged() {
        return acknowledged;
    }

    DiskState disk() {
        return disk;
    }

    Random random() {
        return random;
    }

    void run() throws IOException {
        Path store = directory.resolve("life-0");
        for (int life = 1; life <= LIVES; life++) {
            RecordingFiles files =
                    new RecordingFiles(
                            disk, this::reached, plant, () -> acknowledged = sent.size());
            LogOptions options =
                    LogFixture.options(SEGMENT_BYTES, SEGMENT_FRAMES, () -> Position.START);
            OpLog log = OpLog.open(store, options, files, files.recording(appenders), random);
            sent = new ArrayList<>(payloads(log));
            acknowledged = sent.size();
            for (int group = 0; group < GROUPS_PER_LIFE; group++) {
                append(log);
            }
            store = end(log, files, store, life);
        }
    }

    private void append(OpLog log) {
        List<Bytes> group = new ArrayList<>();
        int size = random.nextInt(1, 5);
        for (int i = 0; i < size; i++) {
            named++;
            int bytes = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(200);
            String payload = "payload " + named + " " + "x".repeat(bytes);
            sent.add(payload);
            group.add(Bytes.ofUtf8(payload));
        }
        log.append(group);
        acknowledged = sent.size();
    }

    /** Where the next process finds the store. */
    private Path end(OpLog log, RecordingFiles files, Path store, int life) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> log.close();
            case 1 -> kill(log, files);
            default -> {
                Path next = directory.resolve("life-" + life);
                CrashImage.Fate fate = new CrashImage.Chance(random);
                DiskState seen = DiskState.seen(disk.root());
                new CrashImage(disk, seen, 4096, fate).write(next.resolve("log"));
                kill(log, files);
                disk = new DiskState(next.resolve("log"));
                disk.keepAll();
                return next;
            }
        }
        return store;
    }

    /** The page cache outlives a process, and is not the disk. */
    private void kill(OpLog log, RecordingFiles files) {
        files.die();
        try {
            append(log);
        } catch (LoamException killed) {
            log.close();
            return;
        }
        throw new AssertionError("a dead process has answered");
    }

    private void reached(String step) throws IOException {
        if (random.nextDouble() < share) {
            trial.at(this, step);
        }
    }

    static List<String> payloads(OpLog log) {
        List<String> payloads = new ArrayList<>();
        for (LogItem item : LogFixture.read(log)) {
            switch (item) {
                case LogItem.Entry entry -> payloads.add(entry.payload().toUtf8());
                case LogItem.Damage damage -> payloads.add("lost: " + damage);
                case LogItem.Pack _, LogItem.States _, LogItem.LostStates _ ->
                        throw new AssertionError("nothing was compacted");
            }
        }
        return payloads;
    }
}
