package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the first frame of a segment says of it.
 *
 * @param firstPosition of the segment, taken or not
 * @param chainBefore the chain at the end of the segment before
 * @param blockBytes of the memory mapping that wrote it
 * @param replacedThrough the last position of the segments that it stands for; 0 if it stands for
 *     none
 * @param version of the writer: older ones cannot read what a newer one may have written
 */
record SegmentHead(
        StoreId store,
        SegmentName name,
        long firstPosition,
        Bytes chainBefore,
        int blockBytes,
        long replacedThrough,
        int version) {
    static final int BYTES = 96;
    static final int ID_AT = 16;

    private static final int FIRST_AT = 32;
    private static final int REPLACED_FIRST_AT = 40;
    private static final int REPLACED_LAST_AT = 48;
    private static final int CHAIN_AT = 56;
    private static final int BLOCK_AT = 88;
    private static final int VERSION_AT = 92;
    private static final int PLAIN_VERSION = 1;

    /** Of a segment whose payloads are sealed. */
    private static final int SEALED_VERSION = 2;

    /** Of a segment whose frames are as they were appended. */
    SegmentHead(
            StoreId store,
            SegmentName name,
            long firstPosition,
            Bytes chainBefore,
            int blockBytes) {
        this(store, name, firstPosition, chainBefore, blockBytes, 0);
    }

    /** Of a segment whose payloads are not sealed. */
    SegmentHead(
            StoreId store,
            SegmentName name,
            long firstPosition,
            Bytes chainBefore,
            int blockBytes,
            long replacedThrough) {
        this(store, name, firstPosition, chainBefore, blockBytes, replacedThrough, PLAIN_VERSION);
    }

    boolean isSealed() {
        return version == SEALED_VERSION;
    }

    /** The same of a segment whose payloads are sealed. */
    SegmentHead sealed() {
        return new SegmentHead(
                store,
                name,
                firstPosition,
                chainBefore,
                blockBytes,
                replacedThrough,
                SEALED_VERSION);
    }

    /** The same with blocks of another size. */
    SegmentHead blockBytes(int bytes) {
        return new SegmentHead(
                store, name, firstPosition, chainBefore, bytes, replacedThrough, version);
    }

    boolean isCompacted() {
        return replacedThrough > 0;
    }

    /** Whether a log may come to the positions that it names. */
    boolean isPossible() {
        return Frame.isPosition(firstPosition)
                && (replacedThrough == 0
                        || (Frame.isPosition(replacedThrough) && replacedThrough >= firstPosition));
    }

    /** The payload of the HEAD frame. */
    Bytes encode() {
        byte[] payload = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        store.bytes().copyTo(payload, 0);
        name.id().copyTo(payload, ID_AT);
        buffer.putLong(FIRST_AT, firstPosition);
        if (isCompacted()) {
            buffer.putLong(REPLACED_FIRST_AT, firstPosition);
            buffer.putLong(REPLACED_LAST_AT, replacedThrough);
        }
        chainBefore.copyTo(payload, CHAIN_AT);
        buffer.putInt(BLOCK_AT, blockBytes);
        buffer.putInt(VERSION_AT, version);
        return Bytes.adopt(payload);
    }

    /**
     * @throws LoamException {@code FORMAT_VERSION} if a newer version wrote this payload
     */
    static void refuseNewer(long number, Bytes payload) {
        int version = payload.asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt(VERSION_AT);
        if (version != PLAIN_VERSION && version != SEALED_VERSION) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "segment "
                            + number
                            + " of the log was written by version "
                            + version
                            + " of the writer; this version of Loam reads version "
                            + SEALED_VERSION
                            + ". Open the store with the newer version that wrote it");
        }
    }

    /** Reads the payload of a HEAD frame, of at least {@link #BYTES}. */
    static SegmentHead decode(long number, Bytes payload) {
        ByteBuffer buffer = payload.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return new SegmentHead(
                new StoreId(payload.slice(0, StoreId.SIZE)),
                new SegmentName(number, payload.slice(ID_AT, ID_AT + SegmentName.ID_BYTES)),
                buffer.getLong(FIRST_AT),
                payload.slice(CHAIN_AT, CHAIN_AT + SegmentChain.BYTES),
                buffer.getInt(BLOCK_AT),
                buffer.getLong(REPLACED_LAST_AT),
                buffer.getInt(VERSION_AT));
    }
}
