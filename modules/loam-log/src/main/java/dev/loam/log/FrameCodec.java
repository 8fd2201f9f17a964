package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one segment to bytes and back. The checksum's place and what it covers are the same in
 * every form of frame to come, so that a newer frame is told from a broken one.
 */
final class FrameCodec {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NO_ID = new byte[SegmentName.ID_BYTES];

    private static final int FORM_AT = 4;
    private static final int KIND_AT = 5;
    private static final int FLAGS_AT = 6;
    private static final int SEGMENT_AT = 8;
    private static final int POSITION_AT = 16;
    private static final int COUNT_AT = 24;
    private static final int UNFORCED_AT = 28;
    private static final int LENGTH_AT = 32;

    /** What comes before is what a sealed payload is bound to. */
    static final int CHECKSUM_AT = 36;

    private final long number;
    private final byte[] id;
    private final Optional<LogSealing.Sealer> sealer;
    private final CRC32C checksum = new CRC32C();

    FrameCodec(SegmentName name) {
        this(name, Optional.empty());
    }

    /**
     * @param sealer of the payloads that are encoded, if they are sealed
     */
    FrameCodec(SegmentName name, Optional<LogSealing.Sealer> sealer) {
        this.number = name.number();
        this.id = name.id().toArray();
        this.sealer = sealer;
    }

    byte[] encode(int kind, long position, int count, int unforced, Bytes payload) {
        Invariant.check(
                payload.size() <= Frame.PAYLOAD_BYTES_MAX, "payload has {0} bytes", payload.size());
        boolean isSealed = sealer.isPresent() && Frame.holdsPayload(kind);
        int stored = payload.size() + (isSealed ? FrameWriter.overheadOf(sealer) : 0);
        byte[] frame = new byte[Frame.HEADER_BYTES + stored];
        INT.set(frame, 0, Frame.MAGIC);
        frame[FORM_AT] = Frame.FORM;
        frame[KIND_AT] = (byte) kind;
        SHORT.set(frame, FLAGS_AT, (short) (isSealed ? Frame.SEALED : 0));
        LONG.set(frame, SEGMENT_AT, number);
        LONG.set(frame, POSITION_AT, position);
        INT.set(frame, COUNT_AT, count);
        INT.set(frame, UNFORCED_AT, unforced);
        INT.set(frame, LENGTH_AT, stored);
        (isSealed ? seal(frame, payload) : payload).copyTo(frame, Frame.HEADER_BYTES);
        INT.set(frame, CHECKSUM_AT, checksumOf(kind == Frame.HEAD ? NO_ID : id, frame, 0));
        return frame;
    }

    private Bytes seal(byte[] frame, Bytes payload) {
        Bytes associated = Bytes.copyOf(frame, 0, CHECKSUM_AT);
        Bytes sealed = sealer.orElseThrow().seal(associated, payload);
        Invariant.check(
                sealed.size() == frame.length - Frame.HEADER_BYTES,
                "sealed payload has {0} bytes",
                sealed.size());
        return sealed;
    }

    /** How long the frame at {@code at} says it is, or -1 if no frame can begin there. */
    static int claimedBytes(byte[] buffer, int at) {
        if ((int) INT.get(buffer, at) != Frame.MAGIC) {
            return -1;
        }
        int length = (int) INT.get(buffer, at + LENGTH_AT);
        return length < 0 || length > Frame.STORED_BYTES_MAX ? -1 : Frame.HEADER_BYTES + length;
    }

    /**
     * The frame of this segment at {@code at}, where {@link #claimedBytes} lie in the buffer; null
     * if its checksum is wrong or it belongs elsewhere.
     *
     * @throws LoamException {@code FORMAT_VERSION} if it is sound and this version cannot read it
     */
    @Nullable Frame decode(byte[] buffer, int at) {
        int kind = Byte.toUnsignedInt(buffer[at + KIND_AT]);
        int payloadBytes = (int) INT.get(buffer, at + LENGTH_AT);
        if ((long) LONG.get(buffer, at + SEGMENT_AT) != number
                || (int) INT.get(buffer, at + CHECKSUM_AT)
                        != checksumOf(kind == Frame.HEAD ? NO_ID : id, buffer, at)) {
            return null;
        }
        int form = Byte.toUnsignedInt(buffer[at + FORM_AT]);
        if (form != Frame.FORM) {
            throw newer("frames of form " + form, "form " + Frame.FORM);
        }
        if (kind == Frame.HEAD && !isOwnHead(buffer, at, payloadBytes)) {
            return null;
        }
        if (kind < Frame.SKIPPABLE
                && kind != Frame.HEAD
                && kind != Frame.BATCH
                && kind != Frame.PACK
                && kind != Frame.STATES
                && kind != Frame.SEAL
                && kind != Frame.MARK) {
            throw newer("a frame of kind " + kind, "the kinds 1 to 6");
        }
        int flags = Short.toUnsignedInt((short) SHORT.get(buffer, at + FLAGS_AT));
        if ((flags & ~flagsOf(kind)) != 0) {
            throw newer("a frame of kind " + kind + " with flags " + flags, "other flags");
        }
        return new Frame(
                kind,
                flags,
                (long) LONG.get(buffer, at + POSITION_AT),
                Integer.toUnsignedLong((int) INT.get(buffer, at + COUNT_AT)),
                Integer.toUnsignedLong((int) INT.get(buffer, at + UNFORCED_AT)),
                at,
                payloadBytes);
    }

    /** What tells what a segment holds stays readable without a key. */
    private static int flagsOf(int kind) {
        return kind == Frame.HEAD || kind == Frame.SEAL || kind == Frame.MARK ? 0 : Frame.SEALED;
    }

    /** A HEAD's checksum does not cover the id, so that the id can be learned from it. */
    private boolean isOwnHead(byte[] buffer, int at, int payloadBytes) {
        int idAt = at + Frame.HEADER_BYTES + SegmentHead.ID_AT;
        return payloadBytes >= SegmentHead.BYTES
                && Arrays.equals(buffer, idAt, idAt + id.length, id, 0, id.length);
    }

    private int checksumOf(byte[] segmentId, byte[] buffer, int at) {
        checksum.reset();
        checksum.update(segmentId);
        checksum.update(buffer, at, CHECKSUM_AT);
        checksum.update(buffer, at + Frame.HEADER_BYTES, (int) INT.get(buffer, at + LENGTH_AT));
        return (int) checksum.getValue();
    }

    private LoamException newer(String found, String supported) {
        return new LoamException(
                ErrorCode.FORMAT_VERSION,
                "segment "
                        + number
                        + " of the log has "
                        + found
                        + "; this version of Loam reads "
                        + supported
                        + ". Open the store with the newer version that wrote it");
    }
}
