package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A unit of a backup as a manifest names it.
 *
 * @param store of which it was made
 */
record BackupUnit(StoreId store, Origin origin, UnitSize size) {
    private static final String NUMBER = "([0-9]{1,18})";
    private static final String HASH = "([0-9a-f]{64})";
    private static final Pattern LINE =
            Pattern.compile(
                    "unit (?:files|segment "
                            + NUMBER
                            + "-"
                            + NUMBER
                            + " (appended|compacted) chain="
                            + HASH
                            + ") bytes="
                            + NUMBER
                            + " raw="
                            + NUMBER
                            + " items="
                            + NUMBER
                            + " largest="
                            + NUMBER
                            + " sha256="
                            + HASH);

    /** What it was made of. */
    sealed interface Origin {
        /**
         * A segment of the log.
         *
         * @param chain by which the segment is told from all others
         */
        record Segment(PositionSpan span, Form form, Bytes chain) implements Origin {}

        /**
         * What lies beside the log.
         *
         * @param listing SHA-256 of what the manifest says before it names this unit
         */
        record Files(Bytes listing) implements Origin {}
    }

    /** How a segment came to be. */
    enum Form {
        APPENDED,
        COMPACTED
    }

    /** Of its file. */
    String name() {
        String hash = size.sha256().toHex();
        return switch (origin) {
            case Origin.Segment segment -> segment.span() + "." + hash;
            case Origin.Files _ -> "files." + hash;
        };
    }

    /** Whether a file that begins so can be this unit. */
    boolean isOf(UnitHead head) {
        boolean isOfOrigin =
                switch (origin) {
                    case Origin.Segment(PositionSpan span, Form _, Bytes chain) ->
                            head.kind() == UnitHead.Kind.SEGMENT
                                    && head.first() == span.first()
                                    && head.last() == span.last()
                                    && head.chain().equals(chain);
                    case Origin.Files(Bytes listing) ->
                            head.kind() == UnitHead.Kind.FILES && head.chain().equals(listing);
                };
        return isOfOrigin && head.store().equals(store);
    }

    String line() {
        String what =
                switch (origin) {
                    case Origin.Segment(PositionSpan span, Form form, Bytes chain) ->
                            "segment "
                                    + span
                                    + (form == Form.COMPACTED ? " compacted" : " appended")
                                    + " chain="
                                    + chain.toHex();
                    case Origin.Files _ -> "files";
                };
        return "unit "
                + what
                + " bytes="
                + size.bytes()
                + " raw="
                + size.rawBytes()
                + " items="
                + size.items()
                + " largest="
                + size.largest()
                + " sha256="
                + size.sha256().toHex();
    }

    /**
     * Throws an {@link IllegalArgumentException} for what {@link #line} never gives.
     *
     * @param before SHA-256 of the lines before it
     */
    static BackupUnit parse(StoreId store, String line, Supplier<Bytes> before) {
        Matcher words = LINE.matcher(line);
        if (!words.matches()) {
            throw new IllegalArgumentException("no unit");
        }
        long largest = Long.parseLong(words.group(8));
        if (largest > UnitItem.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("an item of " + largest + " bytes");
        }
        UnitSize size =
                new UnitSize(
                        Long.parseLong(words.group(5)),
                        Long.parseLong(words.group(6)),
                        Long.parseLong(words.group(7)),
                        (int) largest,
                        Bytes.fromHex(words.group(9)));
        return new BackupUnit(store, origin(words, before), size);
    }

    private static Origin origin(Matcher words, Supplier<Bytes> before) {
        if (words.group(1) == null) {
            return new Origin.Files(before.get());
        }
        long first = Long.parseLong(words.group(1));
        long last = Long.parseLong(words.group(2));
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("positions " + first + " to " + last);
        }
        Form form = words.group(3).equals("compacted") ? Form.COMPACTED : Form.APPENDED;
        return new Origin.Segment(
                new PositionSpan(first, last), form, Bytes.fromHex(words.group(4)));
    }
}
