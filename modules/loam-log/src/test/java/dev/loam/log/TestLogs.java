package dev.loam.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Logs of one kind, plain or sealed; each store has its own keys, and so has each copy of one. */
final class TestLogs {
    private final boolean isSealed;
    private final Map<Path, TestSealing> sealings = new HashMap<>();

    private TestLogs(boolean isSealed) {
        this.isSealed = isSealed;
    }

    static TestLogs plain() {
        return new TestLogs(false);
    }

    static TestLogs sealed() {
        return new TestLogs(true);
    }

    /** On segments that a plain channel writes. */
    OpLog open(Path store) {
        return open(store, LogFixture.OPTIONS);
    }

    OpLog open(Path store, LogOptions options) {
        return open(store, options, new DiskFiles());
    }

    /** The same without forces, for tests that open many. */
    OpLog openQuickly(Path store) {
        return open(store, LogFixture.OPTIONS, new QuickFiles());
    }

    OpLog open(Path store, LogOptions options, StoreFiles files) {
        return open(store, options, files, PlainSegment::create);
    }

    OpLog open(
            Path store, LogOptions options, StoreFiles files, SegmentAppender.Factory appenders) {
        return isSealed
                ? sealing(store).open(store, options, files, appenders)
                : OpLog.open(store, options, files, appenders, new Random(7));
    }

    /** The same, of a store that is no other's copy. */
    OpLog openWithOtherIds(Path store, LogOptions options) {
        return isSealed
                ? open(store, options)
                : OpLog.open(store, options, new DiskFiles(), PlainSegment::create, new Random(99));
    }

    /** As users have it. */
    OpLog openChronicle(Path store, LogOptions options) {
        return OpLog.open(store, isSealed ? sealing(store).with(options) : options);
    }

    TestSealing sealing(Path store) {
        return sealings.computeIfAbsent(store, _ -> new TestSealing(sealings.size()));
    }

    /** A store as it lies on the disk now, with its keys. */
    Path copy(Path store, Path target) throws IOException {
        if (sealings.containsKey(store)) {
            sealings.put(target, sealing(store).copy());
        }
        return LogFixture.copy(store, target);
    }

    /** See {@link LogFixture#openKilledOnAFullDisk}. */
    OpLog openKilledOnAFullDisk(Path directory, LogOptions options, int last) throws IOException {
        return LogFixture.openKilledOnAFullDisk(this, directory, options, last);
    }

    int overheadBytes() {
        return isSealed ? TestSealing.OVERHEAD_BYTES : 0;
    }

    /** Sealers and openers that nobody closed. */
    int open() {
        return sealings.values().stream().mapToInt(TestSealing::open).sum();
    }
}
