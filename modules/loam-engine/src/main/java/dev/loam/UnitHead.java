package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a unit of a backup begins with, readable by anybody: what it is of, and how it is sealed.
 * The bytes are described in docs/formats/backup.md.
 *
 * @param first position, 0 where the unit holds none
 * @param last position, 0 where the unit holds none
 * @param chain of the segment that the unit was made of; of the files, SHA-256 of what the manifest
 *     says before it names them
 * @param sealing SHA-256 of the header under which what follows is sealed; empty where it is not
 */
record UnitHead(
        Kind kind,
        Codec codec,
        StoreId store,
        long first,
        long last,
        Bytes chain,
        Optional<Bytes> sealing) {
    static final int SIZE = 108;
    private static final int HASH_SIZE = 32;

    private static final Bytes NO_HASH = Bytes.adopt(new byte[HASH_SIZE]);
    private static final int MAGIC = 0x4e55424c;
    private static final int FORM = 1;
    private static final int PLAIN = 0;
    private static final int SEALED = 1;
    private static final int CRC_AT = 104;

    /** What the unit holds. */
    enum Kind {
        /** What one segment of the log holds. */
        SEGMENT(1),
        /** What a store keeps beside its log. */
        FILES(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /** How the items lie in the unit. */
    enum Codec {
        STORED(0),
        DEFLATE(1);

        private final int number;

        Codec(int number) {
            this.number = number;
        }
    }

    static UnitHead of(
            BackupUnit.Origin origin, StoreId store, Codec codec, Optional<Bytes> sealing) {
        return switch (origin) {
            case BackupUnit.Origin.Segment(PositionSpan span, BackupUnit.Form _, Bytes chain) ->
                    new UnitHead(
                            Kind.SEGMENT, codec, store, span.first(), span.last(), chain, sealing);
            case BackupUnit.Origin.Files(Bytes listing) ->
                    new UnitHead(Kind.FILES, codec, store, 0, 0, listing, sealing);
        };
    }

    /** What the section of the sealed stream is known by: nothing of this can be exchanged. */
    long section() {
        return Tally.hash(encode()).asBuffer().getLong() & Long.MAX_VALUE;
    }

    Bytes encode() {
        ByteBuffer buffer = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC)
                .put((byte) FORM)
                .put((byte) kind.number)
                .put((byte) codec.number)
                .put((byte) (sealing.isPresent() ? SEALED : PLAIN))
                .put(store.bytes().asBuffer())
                .putLong(first)
                .putLong(last)
                .put(chain.asBuffer())
                .put(sealing.orElse(NO_HASH).asBuffer());
        buffer.putInt(checksum(buffer.array()));
        return Bytes.adopt(buffer.array());
    }

    /**
     * @param name of the unit, for messages
     * @throws LoamException {@code CORRUPT}, {@code FORMAT_VERSION}
     */
    static UnitHead decode(String name, byte[] content) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length != SIZE
                || buffer.getInt(0) != MAGIC
                || buffer.getInt(CRC_AT) != checksum(content)) {
            throw damaged(name, "its first bytes are not those of a unit");
        }
        int form = Byte.toUnsignedInt(content[4]);
        int sealing = Byte.toUnsignedInt(content[7]);
        if (form != FORM || sealing > SEALED) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "the unit "
                            + name
                            + " is of form "
                            + form
                            + "."
                            + sealing
                            + ", this version of Loam reads form "
                            + FORM
                            + ": use a newer Loam");
        }
        byte[] store = new byte[StoreId.SIZE];
        buffer.get(8, store);
        Bytes chain = Bytes.copyOf(content, 40, HASH_SIZE);
        Bytes header = Bytes.copyOf(content, 72, HASH_SIZE);
        return new UnitHead(
                kind(name, content[5]),
                codec(name, content[6]),
                new StoreId(Bytes.adopt(store)),
                buffer.getLong(24),
                buffer.getLong(32),
                chain,
                sealing == SEALED ? Optional.of(header) : Optional.empty());
    }

    private static Kind kind(String name, int number) {
        for (Kind kind : Kind.values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw damaged(name, "it holds something unknown");
    }

    private static Codec codec(String name, int number) {
        for (Codec codec : Codec.values()) {
            if (codec.number == number) {
                return codec;
            }
        }
        throw damaged(name, "it is packed in an unknown way");
    }

    static LoamException damaged(String name, String why) {
        return new LoamException(
                ErrorCode.CORRUPT,
                "the unit "
                        + name
                        + " of the backup is damaged: "
                        + why
                        + ". Take another backup, or one of another directory");
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
