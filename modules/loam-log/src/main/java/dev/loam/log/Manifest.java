package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The list of a store's segments, in the order of their positions. One small text file, replaced
 * whole: a segment counts from the moment that it is listed.
 *
 * @param nextNumber greater than that of any segment there ever was
 */
record Manifest(StoreId store, long nextNumber, List<SegmentEntry> segments) {
    static final String FILE_NAME = "MANIFEST";

    private static final int PLAIN_FORM = 1;

    /** Of a log whose payloads are sealed; then it carries a MAC. */
    private static final int SEALED_FORM = 2;

    private static final Pattern TITLE =
            Pattern.compile("loam-log [12] store=([0-9a-f]{32}) next=(\\d{1,18})");
    private static final Pattern ANY_TITLE = Pattern.compile("loam-log (\\d{1,9})( .*)?");
    private static final Pattern OPEN =
            Pattern.compile("segment ([1-9]\\d{0,17}) id=([0-9a-f]{32}) open ([1-9]\\d{0,17})-");
    private static final Pattern SEALED =
            Pattern.compile(
                    "segment ([1-9]\\d{0,17}) id=([0-9a-f]{32})"
                            + " sealed ([1-9]\\d{0,17})-([1-9]\\d{0,17})"
                            + " frames=(\\d{1,18}) bytes=(\\d{1,18}) chain=([0-9a-f]{64})"
                            + "(?: replaced=([0-9a-f]{64}))?");
    private static final Pattern MAC = Pattern.compile("mac=([0-9a-f]{64})");
    private static final Pattern CHECKSUM = Pattern.compile("crc32c=([0-9a-f]{8})\n");
    private static final int CHECKSUM_CHARS = 16;
    private static final int MAC_CHARS = "mac=".length() + 2 * LogKeys.MAC_BYTES + 1;

    Manifest {
        segments = List.copyOf(segments);
    }

    /** The same with {@code entry} in place of the one of its name, or behind all others. */
    Manifest with(SegmentEntry entry) {
        List<SegmentEntry> changed = new ArrayList<>(segments);
        changed.removeIf(listed -> listed.name().equals(entry.name()));
        changed.add(entry);
        return new Manifest(store, Math.max(nextNumber, entry.name().number() + 1), changed);
    }

    /** The same, with the next number given out. */
    Manifest withNumberTaken() {
        return new Manifest(store, nextNumber + 1, segments);
    }

    /** The same without the segment of this name. */
    Manifest without(SegmentName name) {
        List<SegmentEntry> changed = new ArrayList<>(segments);
        changed.removeIf(listed -> listed.name().equals(name));
        return new Manifest(store, nextNumber, changed);
    }

    /**
     * With {@code compacted} in place of the finished segments whose positions it covers.
     *
     * @throws LoamException {@code CORRUPT} if those are not exactly its range
     */
    Manifest replacing(SegmentEntry.Sealed compacted) {
        List<SegmentEntry> changed = new ArrayList<>();
        changed.add(compacted);
        long covered = compacted.first() - 1;
        for (SegmentEntry entry : segments) {
            if (entry.first() > compacted.last()) {
                changed.add(entry);
            } else if (entry instanceof SegmentEntry.Sealed old && old.first() == covered + 1) {
                covered = old.last();
            } else {
                throw new LoamException(
                        ErrorCode.CORRUPT,
                        "segment "
                                + entry.name().number()
                                + " of the log cannot be compacted: positions before it are lost");
            }
        }
        // It may add positions, but only where nothing has been appended behind it.
        boolean isLast = changed.size() == 1;
        Invariant.check(
                covered == compacted.last() || (isLast && covered < compacted.last()),
                "compacted through {0}",
                covered);
        return new Manifest(store, Math.max(nextNumber, compacted.name().number() + 1), changed);
    }

    /** The last position that a finished segment holds; 0 if there is none. */
    long lastPosition() {
        return segments.stream()
                .mapToLong(entry -> entry instanceof SegmentEntry.Sealed done ? done.last() : 0)
                .max()
                .orElse(0);
    }

    /** The chain at the end of the last finished segment. */
    Bytes lastChain() {
        Bytes chain = SegmentChain.START;
        for (SegmentEntry entry : segments) {
            if (entry instanceof SegmentEntry.Sealed done) {
                chain = done.chainAfter();
            }
        }
        return chain;
    }

    /** Of a log that is not sealed. */
    Bytes encode() {
        return encode(LogKeys.NONE);
    }

    Bytes encode(LogKeys keys) {
        StringBuilder text = new StringBuilder();
        text.append("loam-log ").append(keys.areThere() ? SEALED_FORM : PLAIN_FORM);
        text.append(" store=").append(store);
        text.append(" next=").append(nextNumber).append('\n');
        for (SegmentEntry entry : segments) {
            text.append("segment ").append(entry.name().number());
            text.append(" id=").append(entry.name().id().toHex());
            switch (entry) {
                case SegmentEntry.Open open ->
                        text.append(" open ").append(open.first()).append('-');
                case SegmentEntry.Sealed done -> {
                    text.append(" sealed ").append(done.first()).append('-').append(done.last());
                    text.append(" frames=").append(done.frames());
                    text.append(" bytes=").append(done.bytes());
                    text.append(" chain=").append(done.chain().toHex());
                    done.replacedChain()
                            .ifPresent(chain -> text.append(" replaced=").append(chain.toHex()));
                }
            }
            text.append('\n');
        }
        keys.authenticate(Bytes.ofUtf8(text.toString()))
                .ifPresent(mac -> text.append("mac=").append(mac.toHex()).append('\n'));
        String body = text.toString();
        return Bytes.ofUtf8(body + "crc32c=" + checksumOf(body) + "\n");
    }

    /** Of a log that is not sealed. */
    static Optional<Manifest> decode(byte[] bytes) {
        return decode(bytes, LogKeys.NONE);
    }

    /**
     * Empty if the bytes are not a whole manifest: it is then made again from the segments.
     *
     * @throws LoamException {@code FORMAT_VERSION} if a newer version wrote it, {@code KEY_MISSING}
     *     if it is a sealed log's and there are no keys, {@code NOT_ENCRYPTED} if there are and it
     *     is not, {@code WRONG_KEY} if they are another store's, {@code TAMPERED} if somebody who
     *     does not have them wrote it
     */
    static Optional<Manifest> decode(byte[] bytes, LogKeys keys) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int bodyEnd = text.length() - CHECKSUM_CHARS;
        if (bodyEnd < 1 || text.charAt(bodyEnd - 1) != '\n') {
            return Optional.empty();
        }
        String body = text.substring(0, bodyEnd);
        Matcher checksum = CHECKSUM.matcher(text.substring(bodyEnd));
        if (!checksum.matches() || !checksum.group(1).equals(checksumOf(body))) {
            return Optional.empty();
        }
        List<String> lines = body.lines().toList();
        int form = refuseNewer(lines.getFirst());
        Matcher title = TITLE.matcher(lines.getFirst());
        boolean isSealed = form == SEALED_FORM || MAC.matcher(lines.getLast()).matches();
        if (isSealed || (keys.areThere() && title.matches())) {
            refuseForged(body, isSealed, keys);
            lines = lines.subList(0, lines.size() - 1);
        }
        if (!title.matches()) {
            return Optional.empty();
        }
        List<SegmentEntry> entries = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Optional<SegmentEntry> entry = entryOf(line);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            entries.add(entry.get());
        }
        return Optional.of(
                new Manifest(
                        new StoreId(Bytes.fromHex(title.group(1))),
                        Long.parseLong(title.group(2)),
                        entries));
    }

    private static Optional<SegmentEntry> entryOf(String line) {
        Matcher open = OPEN.matcher(line);
        if (open.matches()) {
            return Optional.of(new SegmentEntry.Open(nameOf(open), Long.parseLong(open.group(3))));
        }
        Matcher done = SEALED.matcher(line);
        if (!done.matches() || Long.parseLong(done.group(4)) < Long.parseLong(done.group(3))) {
            return Optional.empty();
        }
        return Optional.of(
                new SegmentEntry.Sealed(
                        nameOf(done),
                        Long.parseLong(done.group(3)),
                        Long.parseLong(done.group(4)),
                        Long.parseLong(done.group(5)),
                        Long.parseLong(done.group(6)),
                        Bytes.fromHex(done.group(7)),
                        Optional.ofNullable(done.group(8)).map(Bytes::fromHex)));
    }

    private static SegmentName nameOf(Matcher line) {
        return new SegmentName(Long.parseLong(line.group(1)), Bytes.fromHex(line.group(2)));
    }

    private static void refuseForged(String body, boolean isSealed, LogKeys keys) {
        if (!keys.areThere()) {
            throw LogKeys.keyMissing("the log is sealed");
        }
        if (!isSealed) {
            throw LogKeys.notEncrypted("the log");
        }
        Matcher title = TITLE.matcher(body.lines().findFirst().orElseThrow());
        if (title.matches()) {
            keys.refuseOther(new StoreId(Bytes.fromHex(title.group(1))));
        }
        int end = Math.max(0, body.length() - MAC_CHARS);
        Matcher mac = MAC.matcher(body.substring(end, body.length() - 1));
        byte[] text = body.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
        boolean isOurs =
                mac.matches()
                        && MessageDigest.isEqual(
                                keys.authenticate(Bytes.adopt(text)).orElseThrow().toArray(),
                                Bytes.fromHex(mac.group(1)).toArray());
        if (!isOurs) {
            throw LogKeys.tampered(
                    "the log's MANIFEST was written by somebody who does not have its key");
        }
    }

    /** The format, 0 if there is none. */
    private static int refuseNewer(String title) {
        Matcher any = ANY_TITLE.matcher(title);
        int form = any.matches() ? Integer.parseInt(any.group(1)) : 0;
        if (form > SEALED_FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the log's MANIFEST has format "
                            + form
                            + "; this version of Loam reads the formats up to "
                            + SEALED_FORM
                            + ". Open the store with the newer version that wrote it");
        }
        return form;
    }

    private static String checksumOf(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
