package dev.loam.crypto;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.Set;

/**
 * The rule for what holds a key: it belongs to who runs this process, or to root, and the system
 * lets nobody else come at it.
 *
 * <p>A service manager that hands a credential to a service which is not root's leaves the file to
 * root and lets the service's user read it by an access list. The list shows as rights of the group
 * in the mode; where owner and group are root's, such a mode gives nothing to anybody else.
 */
final class OwnersOnly {
    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private static final Set<PosixFilePermission> CREDENTIAL =
            PosixFilePermissions.fromString("r--r-----");
    private static final Set<PosixFilePermission> CREDENTIALS =
            PosixFilePermissions.fromString("r-xr-x---");

    private static final Integer ROOT = 0;

    private OwnersOnly() {}

    /**
     * A regular file of mode 0600 or stricter, in a directory as below.
     *
     * @throws LoamException {@code PERMISSIONS} with what to run, if it is anything else
     */
    static void checkFile(Path file) throws IOException {
        PosixFileAttributes attributes = attributes(file);
        if (!attributes.isRegularFile()) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    "the key file " + file + " is a link or no file; name the file itself");
        }
        if (!isCredential(file, attributes, CREDENTIAL)) {
            check(file, attributes, "600");
        }
        Path parent = file.getParent();
        if (parent != null) {
            checkDirectory(parent);
        }
    }

    /**
     * A directory of mode 0700 or stricter.
     *
     * @throws LoamException {@code PERMISSIONS} with what to run, if it is anything else
     */
    static void checkDirectory(Path directory) throws IOException {
        Path path = directory.toRealPath();
        PosixFileAttributes attributes = attributes(path);
        if (!isCredential(path, attributes, CREDENTIALS)) {
            check(directory, attributes, "700");
        }
    }

    /**
     * @throws LoamException {@code KEY_SOURCE} if the disk knows no owners
     */
    static void checkDisk(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")
                || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "the disk of "
                            + path
                            + " cannot keep a file from other users; use a passphrase, the"
                            + " environment or a keychain");
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        checkDisk(path);
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isCredential(
            Path path, PosixFileAttributes attributes, Set<PosixFilePermission> mode)
            throws IOException {
        return attributes.permissions().equals(mode)
                && ROOT.equals(number(path, "unix:uid"))
                && ROOT.equals(number(path, "unix:gid"));
    }

    private static Object number(Path path, String attribute) throws IOException {
        return Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
    }

    private static void check(Path path, PosixFileAttributes attributes, String mode)
            throws IOException {
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
        if (!ROOT.equals(number(path.toRealPath(), "unix:uid"))
                && !isOurs(path, attributes.owner())) {
            throw new LoamException(
                    ErrorCode.PERMISSIONS,
                    path
                            + " belongs to "
                            + attributes.owner().getName()
                            + ", who may put another key there: chown "
                            + System.getProperty("user.name")
                            + " "
                            + path);
        }
    }

    private static boolean isOurs(Path path, UserPrincipal owner) throws IOException {
        try {
            return owner.equals(
                    path.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(System.getProperty("user.name")));
        } catch (UserPrincipalNotFoundException nameless) {
            // In some containers this user has no name. But for root, who has one, nobody reads a
            // file of these modes that is another's.
            return true;
        }
    }
}
