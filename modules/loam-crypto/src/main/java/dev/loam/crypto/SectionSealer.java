package dev.loam.crypto;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;

/** Seals one section of a stream, chunk by chunk, the last one marked. One thread at a time. */
public final class SectionSealer implements AutoCloseable {
    /** The last chunk's content, its padding among it, is a multiple of these. */
    static final int PADDED_BYTES = 256;

    /** Ends what a last chunk holds; nothing but zeros follows. As in ISO/IEC 7816-4. */
    static final byte END = (byte) 0x80;

    private final Sealer sealer;
    private final Bytes wrapped;
    private final long number;
    private boolean ended;

    SectionSealer(Sealer sealer, Bytes wrapped, long number) {
        this.sealer = sealer;
        this.wrapped = wrapped;
        this.number = number;
    }

    /** What stands before the chunks. */
    public Bytes head() {
        return Checksummed.of(wrapped);
    }

    /**
     * A chunk that others follow, as it is stored.
     *
     * @param content 1 to {@link SealedStream#CHUNK_BYTES_MAX} bytes
     * @throws LoamException {@code LIMIT_EXCEEDED} after 64 GiB: a longer section is two
     */
    public Bytes seal(Bytes content) {
        Invariant.check(content.size() > 0, "a chunk that is not the last holds something");
        return stored(content, 0);
    }

    /**
     * The last chunk, as it is stored. It is padded, so that the length of what was packed tells
     * less of the text to somebody who could plant some of it.
     *
     * @param content 0 to one less than {@link SealedStream#CHUNK_BYTES_MAX} bytes
     */
    public Bytes sealLast(Bytes content) {
        int padding = PADDED_BYTES - content.size() % PADDED_BYTES;
        byte[] padded = new byte[content.size() + padding];
        content.copyTo(padded, 0);
        padded[content.size()] = END;
        Bytes stored = stored(Bytes.adopt(padded), SectionOpener.LAST);
        ended = true;
        return stored;
    }

    private Bytes stored(Bytes content, int last) {
        Invariant.check(!ended, "the section has ended");
        Invariant.check(
                content.size() <= SealedStream.CHUNK_BYTES_MAX,
                "a chunk holds {0} bytes",
                content.size());
        if (!sealer.hasRoomFor(content.size())) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED, "more than 64 GiB cannot be sealed in one section");
        }
        Bytes message = sealer.seal(SealedStream.associated(number, last != 0), content);
        ByteWriter to = new ByteWriter();
        int length = message.size() | last;
        for (int i = 0; i < Integer.BYTES; i++) {
            to.u8((length >>> (8 * i)) & 0xff);
        }
        return Checksummed.of(to.raw(message).toBytes());
    }

    @Override
    public void close() {
        sealer.close();
    }
}
