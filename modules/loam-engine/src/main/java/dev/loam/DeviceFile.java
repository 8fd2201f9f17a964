package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** The store's own key pair, in the file {@code device}. */
final class DeviceFile {
    private static final String PKCS8 = "pkcs8=";
    private static final String PUBLIC = "public=";

    private final SmallFile file;
    private final Path path;

    DeviceFile(StoreFolder store) {
        path = store.resolve("device");
        file = new SmallFile(store, "device");
    }

    /**
     * Reads the key pair, or makes one.
     *
     * @param logIsEmpty only then may a missing key be made: what an older key wrote could never be
     *     continued by a new one
     */
    DeviceIdentity readOrMake(boolean logIsEmpty, SecureRandom random) {
        Optional<DeviceIdentity> known = read();
        if (known.isPresent()) {
            return known.get();
        }
        if (!logIsEmpty) {
            throw new LoamException(
                    ErrorCode.CORRUPT,
                    path + " is missing: it holds this device's key; put it back from a copy");
        }
        DeviceIdentity made = DeviceIdentity.generate(random);
        file.write(List.of(PKCS8 + made.toPkcs8().toHex(), PUBLIC + made.publicKey().toHex()));
        return made;
    }

    /** The key pair; empty if there is none yet. */
    Optional<DeviceIdentity> read() {
        return file.read(DeviceFile::parse);
    }

    private static DeviceIdentity parse(List<String> lines) {
        Bytes der = Bytes.fromHex(lines.getFirst().substring(PKCS8.length()));
        return lines.size() == 1
                ? DeviceIdentity.fromPkcs8(der)
                : DeviceIdentity.of(der, Bytes.fromHex(lines.get(1).substring(PUBLIC.length())));
    }
}
