package dev.loam.longrun;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.log.LogItem;
import dev.loam.log.LogOptions;
import dev.loam.log.LogReader;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a small disk through the log until it is told that there is no room, frees some, and goes
 * on in the same open store. In a process of its own, for a full disk under a mapping can end one.
 */
final class FullDiskChild {
    private static final int SEGMENT_BYTES = 1_200_000;
    private static final int APPENDS_MAX = 2_000;
    private static final int AFTERWARDS = 30;

    private final Path disk;
    private final List<String> acknowledged = new ArrayList<>();
    private int sent;

    private FullDiskChild(Path disk) {
        this.disk = disk;
    }

    /** Arguments: directory on the disk, size of the file to be freed. Prints what is wrong. */
    public static void main(String[] arguments) throws IOException {
        FullDiskChild child = new FullDiskChild(Path.of(arguments[0]));
        Path ballast = child.disk.resolve("ballast");
        Files.write(ballast, new byte[Integer.parseInt(arguments[1])]);
        String code = child.fill(ballast);
        child.reopen();
        System.out.println("done " + code + " acknowledged=" + child.acknowledged.size());
    }

    private String fill(Path ballast) throws IOException {
        LogOptions options =
                new LogOptions(SEGMENT_BYTES, 1_000, true, false, () -> Position.START);
        OpLog log;
        try {
            log = OpLog.open(disk.resolve("store"), options);
        } catch (LoamException refused) {
            expect(refused, ErrorCode.DISK_FULL);
            Files.delete(ballast);
            return "at opening";
        }
        try (log) {
            for (int i = 0; i < APPENDS_MAX; i++) {
                try {
                    append(log);
                } catch (LoamException refused) {
                    expect(refused, ErrorCode.DISK_FULL);
                    read(log);
                    Files.delete(ballast);
                    for (int after = 0; after < AFTERWARDS; after++) {
                        append(log);
                    }
                    return "after " + i;
                }
            }
        }
        System.out.println("wrong: the disk was never full");
        return "never";
    }

    private void append(OpLog log) {
        sent++;
        String payload = "payload " + sent + " " + "z".repeat(sent % 5 == 0 ? 60_000 : 200);
        log.append(List.of(Bytes.ofUtf8(payload)));
        acknowledged.add(payload);
    }

    private void reopen() throws IOException {
        try (OpLog log =
                OpLog.open(disk.resolve("store"), LogOptions.standard(() -> Position.START))) {
            read(log);
            if (!log.verify((done, total) -> {}).damage().isEmpty()) {
                System.out.println("wrong: verify names damage");
            }
        }
        RawPayloads raw = RawPayloads.of(disk.resolve("store"));
        if (!raw.texts().equals(acknowledged)) {
            System.out.println("wrong: the raw scanner finds " + raw.texts().size());
        }
        raw.faults().forEach(fault -> System.out.println("wrong: " + fault));
    }

    private void read(OpLog log) {
        List<String> found = new ArrayList<>();
        try (LogReader reader = log.readAfter(Position.START)) {
            reader.forEachRemaining(
                    item -> {
                        if (item instanceof LogItem.Entry entry) {
                            found.add(entry.payload().toUtf8());
                        }
                    });
        }
        if (!found.equals(acknowledged)) {
            System.out.println(
                    "wrong: " + found.size() + " are read, answered were " + acknowledged.size());
        }
    }

    private static void expect(LoamException refused, ErrorCode code) {
        if (refused.code() != code) {
            System.out.println("wrong: " + refused);
        }
    }
}
