package dev.loam;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.LastingKey;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * How a small file of a sealed store lies on the disk: {@code LSML}, a form, the content sealed for
 * its name, CRC32C. The checksum tells damage from what somebody changed on purpose.
 */
final class SealedSmallFile {
    private static final Bytes MAGIC = Bytes.ofUtf8("LSML");
    private static final int FORM = 1;
    private static final int HEAD_BYTES = 5;
    private static final String LABEL = "small";

    private final LastingKey key;

    SealedSmallFile(LastingKey key) {
        this.key = key;
    }

    Bytes seal(SecureRandom random, String name, Bytes content) {
        return Checksummed.of(
                new ByteWriter()
                        .raw(MAGIC)
                        .u8(FORM)
                        .raw(key.seal(random, LABEL, Bytes.ofUtf8(name), content))
                        .toBytes());
    }

    /**
     * @throws LoamException {@code CORRUPT} if it is damaged, {@code TAMPERED} if it is whole and
     *     nobody with the keys wrote it, {@code FORMAT_VERSION}
     */
    Bytes open(Path path, String name, Bytes stored) {
        Bytes body =
                Checksummed.body(stored)
                        .filter(each -> each.size() >= HEAD_BYTES)
                        .filter(each -> each.slice(0, MAGIC.size()).equals(MAGIC))
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.CORRUPT,
                                                path
                                                        + " is damaged: restore it from a copy of"
                                                        + " the store"));
        if (body.get(MAGIC.size()) != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    path + " is sealed in a way that this version does not know: use a newer Loam");
        }
        return key.open(LABEL, Bytes.ofUtf8(name), body.slice(HEAD_BYTES, body.size()))
                .orElseThrow(
                        () ->
                                new LoamException(
                                        ErrorCode.TAMPERED,
                                        path
                                                + " was changed by somebody who does not have the"
                                                + " store's key; put back a copy of the store, and"
                                                + " look who could write there"));
    }
}
