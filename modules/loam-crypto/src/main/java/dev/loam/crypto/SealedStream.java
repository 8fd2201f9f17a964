package dev.loam.crypto;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bytes of any length that leave a store sealed: a header that says who can open them, then
 * sections of chunks. Each section has a fresh key of its own, wrapped under the stream's and bound
 * to its number; so one that broke off is begun anew without a nonce coming back. This object is a
 * stream that is begun or unlocked. It may be used by any thread, each of its sections by one.
 *
 * <p>Sealed for a store, it is readable only by those who can open that, and was written by one who
 * could when it was, or before: a removed slot does not take back what vouches for the store.
 * Sealed for the holder of a secret, it was written by one who had it.
 */
public final class SealedStream implements AutoCloseable {
    /** A chunk's longest content. */
    public static final int CHUNK_BYTES_MAX = 64 << 10;

    private static final String SECTION = "section";

    /** What lies in a stream. */
    public enum Kind {
        EXPORT(1, "export"),
        BACKUP(2, "backup");

        private final int number;
        private final String words;

        Kind(int number, String words) {
            this.number = number;
            this.words = words;
        }

        /** In files; never given to another. */
        int number() {
            return number;
        }

        static Kind of(int number) {
            return Stream.of(values())
                    .filter(each -> each.number == number)
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new LoamException(
                                            ErrorCode.FORMAT_VERSION,
                                            "the sealed file holds something of kind "
                                                    + number
                                                    + ", which a newer version of Loam made"));
        }

        /** For people. */
        @Override
        public String toString() {
            return words;
        }
    }

    private final StreamHeader header;
    private final Secret key;

    SealedStream(StreamHeader header, Secret key) {
        this.header = header;
        this.key = key;
    }

    /** A new stream; its header is to be written before its sections. To be closed. */
    public static SealedStream begin(
            Kind kind, Suite suite, Recipients recipients, Instant now, SecureRandom random) {
        Secret key = Secret.random(random, Suite.KEY_BYTES);
        return new SealedStream(
                StreamHeader.make(
                        kind, suite, recipients, now, new StreamHeader.Fresh(key, random)),
                key);
    }

    public StreamHeader header() {
        return header;
    }

    /**
     * A new section.
     *
     * @param number tells it from the others of the stream; the reader has to know it
     * @return to be closed
     */
    public SectionSealer seal(long number, SecureRandom random) {
        Sealer.Fresh fresh = Sealer.fresh(header.suite(), random, Sealer.Use.CHUNK);
        try (Secret data = fresh.key();
                Secret wrapping = wrapping(number)) {
            return new SectionSealer(fresh.sealer(), KeyWrap.wrap(wrapping, data), number);
        }
    }

    /**
     * Reads a section.
     *
     * @param head its first {@link SectionOpener#HEAD_BYTES}
     * @return to be closed
     * @throws LoamException {@code CORRUPT} for a head that is none, {@code TAMPERED} for that of
     *     another stream or section
     */
    public SectionOpener open(long number, Bytes head) {
        Bytes wrapped = SectionOpener.wrappedKey(head);
        try (Secret wrapping = wrapping(number)) {
            Optional<Secret> data = KeyWrap.unwrap(wrapping, wrapped);
            if (data.isEmpty()) {
                throw StreamHeader.tampered("a section of it is of another file or place");
            }
            try (Secret given = data.get()) {
                return new SectionOpener(
                        new Opener(header.suite(), given, Sealer.Use.CHUNK), number);
            }
        }
    }

    private Secret wrapping(long number) {
        return KeyDerivation.derive(
                key, header.salt(), SECTION, new ByteWriter().fixed64(number).toBytes());
    }

    /** What is associated with a chunk, beside its place. */
    static Bytes associated(long section, boolean last) {
        return new ByteWriter().fixed64(section).u8(last ? 1 : 0).toBytes();
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "SealedStream[" + header.kind() + "]";
    }
}
