package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One generation of a backup: which units it consists of, and what they give when they are
 * restored. Text; described in docs/formats/backup.md.
 */
record BackupManifest(BackupListing listing, BackupUnit files) {
    private static final String HEADLINE = "loam-backup 1 ";
    private static final String NAME = "loam-backup ";
    private static final String SHA256 = "sha256=";

    /** SHA-256 of what stands before the unit of the files. */
    static Bytes hash(BackupListing listing) {
        return Tally.hash(text(listing.lines()));
    }

    /** All units, the one of the files last. */
    List<BackupUnit> units() {
        List<BackupUnit> units = new ArrayList<>(listing.segments());
        units.add(files);
        return units;
    }

    Bytes encode() {
        List<String> lines = new ArrayList<>(listing.lines());
        lines.add(files.line());
        lines.add(SHA256 + Tally.hash(text(lines)).toHex());
        return text(lines);
    }

    private static Bytes text(List<String> lines) {
        return Bytes.ofUtf8(String.join("\n", lines) + "\n");
    }

    /**
     * @param path of the file, for messages
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION}
     */
    static BackupManifest decode(String path, byte[] content) {
        String text = new String(content, StandardCharsets.US_ASCII);
        if (text.startsWith(NAME) && !text.startsWith(HEADLINE)) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    path + " was written by a newer Loam: use that to read it");
        }
        List<String> lines = text.lines().toList();
        int last = lines.size() - 1;
        try {
            BackupListing listing = BackupListing.parse(lines.subList(0, last - 1));
            BackupUnit files =
                    BackupUnit.parse(listing.store(), lines.get(last - 1), () -> hash(listing));
            BackupManifest manifest = new BackupManifest(listing, files);
            if (files.origin() instanceof BackupUnit.Origin.Files
                    && manifest.encode().equals(Bytes.copyOf(content))) {
                return manifest;
            }
        } catch (RuntimeException malformed) {
            throw damaged(path);
        }
        throw damaged(path);
    }

    private static LoamException damaged(String path) {
        return new LoamException(
                ErrorCode.CORRUPT,
                path
                        + " is damaged: it is not what a backup wrote there. The other generations"
                        + " of this backup may be whole: name one of them");
    }
}
