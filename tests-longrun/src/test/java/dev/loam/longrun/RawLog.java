package dev.loam.longrun;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A log read by docs/formats/log.md alone: no class of the log, none of Chronicle. It follows the
 * container's words from the first byte on; in a finished segment whose words break off before its
 * last position it searches, as readers do. It writes down each statement of the format that does
 * not hold.
 */
final class RawLog {
    /**
     * A payload, and where it stands.
     *
     * @param position the first that it takes, or the next one if it takes none
     * @param count of the positions that it takes
     * @param latin1 its bytes, a character each
     */
    record Entry(long segment, RawPayloads.Kind kind, long position, int count, String latin1) {}

    private static final Pattern SEGMENT = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern SEALED =
            Pattern.compile(
                    "segment (\\d+) id=([0-9a-f]{32}) sealed (\\d+)-(\\d+) frames=(\\d+)"
                            + " bytes=(\\d+) chain=([0-9a-f]{64})(?: replaced=([0-9a-f]{64}))?");
    private static final Pattern OPEN =
            Pattern.compile("segment (\\d+) id=([0-9a-f]{32}) open (\\d+)-");
    private static final Pattern SUM = Pattern.compile("crc32c=([0-9a-f]{8})");

    private final Path log;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private byte[] chain = new byte[32];
    private long next = 1;
    private boolean isCompactionListed;

    private RawLog(Path log) {
        this.log = log;
    }

    /** Reads the log of a store; of a store that is open, only what is finished is certain. */
    static RawLog of(Path store) throws IOException {
        RawLog raw = new RawLog(store.resolve("log"));
        raw.read();
        return raw;
    }

    /** The payloads from position 1 on, as far as they follow one another. */
    List<Entry> entries() {
        return entries;
    }

    /** A sentence for each thing that is not as the format says. */
    List<String> faults() {
        return faults;
    }

    private void read() throws IOException {
        LinkedHashMap<Long, Matcher> listed = readManifest();
        TreeSet<Long> present = new TreeSet<>();
        try (Stream<Path> children = Files.list(log)) {
            children.map(child -> child.getFileName().toString())
                    .filter(name -> SEGMENT.matcher(name).matches())
                    .forEach(name -> present.add(Long.parseLong(name, 16)));
        }
        for (long number : listed.keySet()) {
            check(
                    present.contains(number),
                    () -> "segment %d is listed and absent".formatted(number));
        }
        // In the order of their positions; what is not listed yet comes after what is.
        LinkedHashSet<Long> ordered = new LinkedHashSet<>(listed.keySet());
        ordered.addAll(present);
        for (long number : ordered) {
            Path file = log.resolve("%016x/19700101-000001S.cq4".formatted(number));
            if (Files.exists(file)) {
                new RawSegment(number, Files.readAllBytes(file)).walk(listed.get(number));
            }
        }
    }

    private LinkedHashMap<Long, Matcher> readManifest() throws IOException {
        LinkedHashMap<Long, Matcher> listed = new LinkedHashMap<>();
        Path file = log.resolve("MANIFEST");
        if (!Files.exists(file)) {
            faults.add("there is no MANIFEST");
            return listed;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf("crc32c=");
        Matcher sum = SUM.matcher(last < 0 ? "" : text.substring(last).strip());
        if (!sum.matches()) {
            faults.add("the MANIFEST has no checksum");
            return listed;
        }
        byte[] before = text.substring(0, last).getBytes(StandardCharsets.ISO_8859_1);
        check(
                Integer.parseUnsignedInt(sum.group(1), 16) == (int) crc(before, before.length),
                () -> "the MANIFEST's checksum is wrong");
        List<String> lines = text.substring(0, last).lines().toList();
        check(
                lines.getFirst().startsWith("loam-log 1 store="),
                () -> "the MANIFEST is of another form");
        for (String line : lines.subList(1, lines.size())) {
            Matcher sealed = SEALED.matcher(line);
            Matcher open = OPEN.matcher(line);
            if (sealed.matches()) {
                listed.put(Long.parseLong(sealed.group(1)), sealed);
                isCompactionListed |= sealed.group(8) != null;
            } else if (open.matches()) {
                listed.put(Long.parseLong(open.group(1)), open);
            } else {
                faults.add("the MANIFEST has a line of no known form: " + line);
            }
        }
        return listed;
    }

    private void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            faults.add(otherwise.get());
        }
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }

    /** One file, from its first word to the end of its chain of words. */
    private final class RawSegment {
        private static final int MAGIC = 0x4d414f4c;
        private static final int HEADER_BYTES = 40;
        private static final int HEAD = 1;
        private static final int BATCH = 2;
        private static final int PACK = 3;
        private static final int STATES = 4;
        private static final int SEAL = 5;
        private static final int MARK = 6;

        private final long number;
        private final byte[] bytes;
        private final ByteBuffer content;
        private final MessageDigest digest = sha256();
        private byte[] id = new byte[16];
        private byte[] replacedChain = new byte[0];
        private long frames;
        private int states;
        private boolean isCompacted;
        private boolean isUnlisted;
        private boolean isLeftover;
        private boolean isSealed;

        RawSegment(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
            this.content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        void walk(@Nullable Matcher listed) {
            isUnlisted = listed == null;
            long end =
                    listed != null && listed.groupCount() > 3
                            ? Long.parseLong(listed.group(4))
                            : Long.MAX_VALUE;
            boolean isFinished = end < Long.MAX_VALUE;
            int offset = 0;
            while (offset + 4 <= bytes.length && !isSealed) {
                int word = content.getInt(offset);
                int length = word & 0x3fff_ffff;
                boolean isForeign = (word & 0x4000_0000) != 0;
                if (word < 0 || length == 0 || length > bytes.length - offset - 4) {
                    break;
                }
                if (!isForeign && !take(offset + 4, length, end)) {
                    break;
                }
                offset += 4 + (length + 3) / 4 * 4;
            }
            while (isFinished && next <= end && offset + HEADER_BYTES <= bytes.length) {
                int payload = content.getInt(offset + 32);
                int length = HEADER_BYTES + payload;
                boolean isWithin = payload >= 0 && payload <= bytes.length - offset - HEADER_BYTES;
                boolean isFound =
                        isWithin
                                && takesPositions(content.get(offset + 5))
                                && content.getLong(offset + 16) == next
                                && take(offset, length, end);
                offset += isFound ? (length + 3) / 4 * 4 : 4;
            }
            if (isLeftover) {
                return;
            }
            if (listed != null) {
                compare(listed, isFinished);
            }
            chain = isCompacted ? replacedChain : digest.digest();
        }

        private static boolean takesPositions(int kind) {
            return kind == BATCH || kind == PACK;
        }

        private void compare(Matcher listed, boolean isFinished) {
            String found = HexFormat.of().formatHex(id);
            check(
                    found.equals(listed.group(2)),
                    () -> "segment %d has the id %s".formatted(number, found));
            if (isFinished) {
                long last = Long.parseLong(listed.group(4));
                check(
                        next == last + 1,
                        () -> "segment %d ends behind %d".formatted(number, next - 1));
                check(
                        bytes.length == Long.parseLong(listed.group(6)),
                        () -> "segment %d has %d bytes".formatted(number, bytes.length));
                check(
                        frames == Long.parseLong(listed.group(5)),
                        () -> "segment %d has %d frames".formatted(number, frames));
                check(
                        HexFormat.of().formatHex(endOfChain()).equals(listed.group(7)),
                        () -> "segment %d ends with another chain".formatted(number));
                String replaced = listed.group(8);
                check(
                        replaced == null
                                ? !isCompacted
                                : HexFormat.of().formatHex(replacedChain).equals(replaced),
                        () -> "segment %d replaced another chain".formatted(number));
            }
        }

        private byte[] endOfChain() {
            try {
                return ((MessageDigest) digest.clone()).digest();
            } catch (CloneNotSupportedException thisOneCan) {
                throw new AssertionError(thisOneCan);
            }
        }

        /** Whether the walk goes on behind this frame. */
        private boolean take(int at, int length, long end) {
            if (length < HEADER_BYTES || content.getInt(at) != MAGIC) {
                return false;
            }
            int kind = content.get(at + 5);
            int payload = content.getInt(at + 32);
            if (payload < 0 || length != HEADER_BYTES + payload) {
                return false;
            }
            boolean isHead = kind == HEAD;
            CRC32C sum = new CRC32C();
            sum.update(isHead ? new byte[16] : id);
            sum.update(bytes, at, 36);
            sum.update(bytes, at + HEADER_BYTES, payload);
            if ((int) sum.getValue() != content.getInt(at + 36)) {
                return false;
            }
            long position = content.getLong(at + 16);
            if (takesPositions(kind) && position > end) {
                return false;
            }
            if (isHead && isUnlisted && isReplaced(at + HEADER_BYTES)) {
                isLeftover = true;
                return false;
            }
            check(content.getLong(at + 8) == number, () -> "a frame is of another segment");
            check(position == next, () -> "position %d follows %d".formatted(position, next - 1));
            if (isHead) {
                begin(at + HEADER_BYTES);
            }
            check(
                    !isCompacted || content.getInt(at + 28) == states,
                    () -> "segment %d lacks states".formatted(number));
            if (kind == SEAL) {
                seal(at + HEADER_BYTES, payload);
                return false;
            }
            digest.update(bytes, at, length);
            frames++;
            if (!isHead && kind != MARK) {
                String copy =
                        new String(bytes, at + HEADER_BYTES, payload, StandardCharsets.ISO_8859_1);
                add(kind, content.getInt(at + 24), copy);
            }
            return true;
        }

        private void add(int kind, int count, String payload) {
            RawPayloads.Kind known =
                    switch (kind) {
                        case PACK -> RawPayloads.Kind.PACK;
                        case STATES -> RawPayloads.Kind.STATES;
                        default -> RawPayloads.Kind.ENTRY;
                    };
            check(
                    isCompacted ? kind == PACK || kind == STATES : kind == BATCH,
                    () -> "a frame of segment %d is of kind %d".formatted(number, kind));
            check(
                    known == RawPayloads.Kind.STATES ? count == 0 : count > 0,
                    () -> "a frame of kind %d takes %d positions".formatted(kind, count));
            entries.add(new Entry(number, known, next, count, payload));
            states += known == RawPayloads.Kind.STATES ? 1 : 0;
            next += count;
        }

        /** Whether a compaction that was cut short left it. */
        private boolean isReplaced(int head) {
            boolean isBefore = content.getLong(head + 32) < next;
            return content.getLong(head + 48) > 0 || (isCompactionListed && isBefore);
        }

        private void begin(int at) {
            check(frames == 0, () -> "segment %d has two beginnings".formatted(number));
            id = new byte[16];
            content.get(at + 16, id);
            byte[] before = new byte[32];
            content.get(at + 56, before);
            check(
                    HexFormat.of().formatHex(before).equals(HexFormat.of().formatHex(chain)),
                    () -> "segment %d does not follow the one before it".formatted(number));
            check(
                    content.getLong(at + 32) == next,
                    () -> "segment %d begins elsewhere".formatted(number));
            isCompacted = content.getLong(at + 48) > 0;
            check(
                    !isCompacted || content.getLong(at + 40) == next,
                    () -> "segment %d replaced from elsewhere on".formatted(number));
            digest.update(before);
        }

        private void seal(int at, int length) {
            isSealed = true;
            if (isCompacted && length == 80) {
                replacedChain = Arrays.copyOfRange(bytes, at + 48, at + 80);
            }
            byte[] sealed = new byte[32];
            content.get(at + 16, sealed);
            check(
                    content.getLong(at) == frames,
                    () -> "the SEAL of %d counts otherwise".formatted(number));
            check(
                    content.getLong(at + 8) == next - 1,
                    () -> "the SEAL of %d ends elsewhere".formatted(number));
            check(
                    Arrays.equals(sealed, endOfChain()),
                    () -> "the SEAL of %d has another chain".formatted(number));
        }
    }
}
