package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.StoreId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a manifest says before it names the unit of the files: the unit itself holds its SHA-256, so
 * that the two vouch for each other.
 *
 * @param generation from 1
 * @param position the last of the log
 * @param digest of the state at that position
 * @param segments in the order of their positions, from the first to the last without a gap
 */
record BackupListing(
        long generation,
        StoreId store,
        DeviceId device,
        Instant made,
        int level,
        long position,
        int vaults,
        long records,
        Bytes digest,
        List<BackupUnit> segments) {
    private static final int HEAD_LINES = 5;
    private static final String NUMBER = "([0-9]{1,18})";
    private static final String HASH = "([0-9a-f]{64})";
    private static final Pattern HEAD =
            Pattern.compile(
                    "loam-backup 1 generation="
                            + NUMBER
                            + " sealing=none\nstore=([0-9a-f]{32}) device="
                            + HASH
                            + "\nmade=([0-9TZ:.+-]{1,40}) level=([0-9])\nposition="
                            + NUMBER
                            + " vaults=([0-9]{1,9}) records="
                            + NUMBER
                            + "\ndigest="
                            + HASH);

    BackupListing {
        segments = List.copyOf(segments);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("loam-backup 1 generation=" + generation + " sealing=none");
        lines.add("store=" + store.bytes().toHex() + " device=" + device.bytes().toHex());
        lines.add("made=" + made + " level=" + level);
        lines.add("position=" + position + " vaults=" + vaults + " records=" + records);
        lines.add("digest=" + digest.toHex());
        segments.forEach(unit -> lines.add(unit.line()));
        return lines;
    }

    /** Throws a {@link RuntimeException} for what {@link #lines} never gives. */
    static BackupListing parse(List<String> lines) {
        Matcher head = HEAD.matcher(String.join("\n", lines.subList(0, HEAD_LINES)));
        if (!head.matches()) {
            throw new IllegalArgumentException("no listing");
        }
        StoreId store = new StoreId(Bytes.fromHex(head.group(2)));
        List<BackupUnit> segments =
                lines.subList(HEAD_LINES, lines.size()).stream()
                        .map(line -> BackupUnit.parse(store, line))
                        .toList();
        long position = Long.parseLong(head.group(6));
        requireContiguous(segments, position);
        return new BackupListing(
                Long.parseLong(head.group(1)),
                store,
                new DeviceId(Bytes.fromHex(head.group(3))),
                Instant.parse(head.group(4)),
                Integer.parseInt(head.group(5)),
                position,
                Integer.parseInt(head.group(7)),
                Long.parseLong(head.group(8)),
                Bytes.fromHex(head.group(9)),
                segments);
    }

    private static void requireContiguous(List<BackupUnit> segments, long position) {
        long reached = 0;
        for (BackupUnit unit : segments) {
            boolean isNext =
                    unit.origin() instanceof BackupUnit.Origin.Segment segment
                            && segment.span().first() == reached + 1
                            && (segment.form() == BackupUnit.Form.APPENDED || reached == 0);
            if (!isNext) {
                throw new IllegalArgumentException("no unit holds position " + (reached + 1));
            }
            reached = ((BackupUnit.Origin.Segment) unit.origin()).span().last();
        }
        if (reached != position) {
            throw new IllegalArgumentException("the units end at " + reached);
        }
    }
}
