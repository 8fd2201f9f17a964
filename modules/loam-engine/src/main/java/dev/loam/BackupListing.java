package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.StoreId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a manifest says before it names the unit of the files. The head of that unit holds its
 * SHA-256, so that nothing of a sealed backup's list can be exchanged.
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
        Optional<Sealing> sealing,
        long position,
        int vaults,
        long records,
        Bytes digest,
        List<BackupUnit> segments) {
    private static final String NONE = "none";
    private static final int HEAD_LINES = 5;
    private static final String NUMBER = "([0-9]{1,18})";
    private static final String HASH = "([0-9a-f]{64})";
    private static final Pattern HEAD =
            Pattern.compile(
                    "loam-backup 1 generation="
                            + NUMBER
                            + " sealing=(none|[0-9a-f]{64} keys=[0-9]{1,18})\nstore=([0-9a-f]{32}) device="
                            + HASH
                            + "\nmade=([0-9TZ:.+-]{1,40}) level=([0-9])\nposition="
                            + NUMBER
                            + " vaults=([0-9]{1,9}) records="
                            + NUMBER
                            + "\ndigest="
                            + HASH);

    /**
     * By what the units that were new in this generation are sealed.
     *
     * @param header SHA-256 of the sealed stream's header
     * @param keys generation of the store's key file for which the header was made
     */
    record Sealing(Bytes header, long keys) {
        private static final String KEYS = " keys=";

        String text() {
            return header.toHex() + KEYS + keys;
        }

        static Optional<Sealing> parse(String text) {
            if (text.equals(NONE)) {
                return Optional.empty();
            }
            int at = text.indexOf(KEYS);
            return Optional.of(
                    new Sealing(
                            Bytes.fromHex(text.substring(0, at)),
                            Long.parseLong(text.substring(at + KEYS.length()))));
        }
    }

    BackupListing {
        segments = List.copyOf(segments);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "loam-backup 1 generation="
                        + generation
                        + " sealing="
                        + sealing.map(Sealing::text).orElse(NONE));
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
        StoreId store = new StoreId(Bytes.fromHex(head.group(3)));
        List<BackupUnit> segments =
                lines.subList(HEAD_LINES, lines.size()).stream()
                        .map(line -> BackupUnit.parse(store, line, () -> Bytes.EMPTY))
                        .toList();
        long position = Long.parseLong(head.group(7));
        requireContiguous(segments, position);
        return new BackupListing(
                Long.parseLong(head.group(1)),
                store,
                new DeviceId(Bytes.fromHex(head.group(4))),
                Instant.parse(head.group(5)),
                Integer.parseInt(head.group(6)),
                Sealing.parse(head.group(2)),
                position,
                Integer.parseInt(head.group(8)),
                Long.parseLong(head.group(9)),
                Bytes.fromHex(head.group(10)),
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
