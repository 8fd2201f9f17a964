package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A key in a file that nobody but its owner, and root, may read: mode 0600 or stricter, in a
 * directory of mode 0700 or stricter, so that nobody else can put another in its place; no link.
 */
public final class KeyOnDisk {
    /** A key and a line end are far shorter. */
    private static final int BYTES_MAX = 4 << 10;

    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private KeyOnDisk() {}

    /**
     * The key that the file holds as {@link KeyText}. To be closed.
     *
     * @throws LoamException {@code KEY_SOURCE} if there is no such file, or its disk keeps nothing
     *     from anybody; {@code PERMISSIONS} if others may read it, it is a link, or no file, or
     *     this process may not read it; {@code KEY_MALFORMED} if it holds something else
     */
    public static SlotSecret read(Path file) {
        Path path = file.toAbsolutePath();
        try {
            checkModes(path);
            try (Secret text = content(path)) {
                return new SlotSecret.Key(SlotSecret.Source.KEY_FILE, KeyText.decode(text));
            }
        } catch (NoSuchFileException absent) {
            throw new LoamException(ErrorCode.KEY_SOURCE, "there is no key file " + path, absent);
        } catch (IOException unreadable) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the key file " + path + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private static void checkModes(Path path) throws IOException {
        PosixFileAttributes attributes = attributes(path);
        if (!attributes.isRegularFile()) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the key file " + path + " is a link or no file; name the file itself");
        }
        refuseOthers(path, attributes, "600");
        Path parent = path.getParent();
        if (parent != null) {
            refuseOthers(parent, attributes(parent.toRealPath()), "700");
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(
                        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null
                || !Files.getFileStore(path)
                        .supportsFileAttributeView(PosixFileAttributeView.class)) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "the disk of "
                            + path
                            + " cannot keep a file from other users; use a passphrase, the"
                            + " environment or a keychain");
        }
        return view.readAttributes();
    }

    private static void refuseOthers(Path path, PosixFileAttributes attributes, String mode) {
        Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
        open.addAll(attributes.permissions());
        open.retainAll(OF_OTHERS);
        if (!open.isEmpty()) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    path
                            + " has the mode "
                            + PosixFilePermissions.toString(attributes.permissions())
                            + ", so that others may come at the key: chmod "
                            + mode
                            + " "
                            + path);
        }
    }

    private static Secret content(Path path) throws IOException {
        byte[] bytes = new byte[BYTES_MAX + 1];
        try (SeekableByteChannel channel =
                Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // A file may come in pieces.
            }
            return Secret.take(Arrays.copyOf(bytes, buffer.position()));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
