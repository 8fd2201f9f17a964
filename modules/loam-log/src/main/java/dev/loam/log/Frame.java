package dev.loam.log;

/**
 * One frame whose checksum was right, as it lies in a buffer.
 *
 * @param position of its first entry; of the next entry where it holds none
 * @param count positions that it takes
 * @param unforced how many positions before this one were not known to be on the disk when it was
 *     written; it vouches for all others. In a compacted segment, which counts only once all of it
 *     is on the disk: how many STATES stand before it
 * @param flags of which bit 0 says that the payload is sealed
 * @param start of the frame in the buffer
 * @param payloadBytes that follow the header
 */
record Frame(
        int kind,
        int flags,
        long position,
        long count,
        long unforced,
        int start,
        int payloadBytes) {
    static final int HEADER_BYTES = 40;

    /** As it was appended. */
    static final int PAYLOAD_BYTES_MAX = (4 << 20) + (64 << 10);

    /** By which a sealed one may be longer. */
    static final int OVERHEAD_BYTES_MAX = 64;

    static final int STORED_BYTES_MAX = PAYLOAD_BYTES_MAX + OVERHEAD_BYTES_MAX;

    /** No frame takes more positions: a pack is closed before. */
    static final int COUNT_MAX = 4_096;

    /** Longer numbers no manifest lists. */
    static final long POSITION_MAX = 999_999_999_999_999_999L;

    /** Flag of a frame whose payload is sealed. */
    static final int SEALED = 1;

    /** The bytes {@code LOAM}, read as a little-endian number. */
    static final int MAGIC = 0x4D414F4C;

    static final int FORM = 1;

    static final int HEAD = 1;
    static final int BATCH = 2;
    static final int PACK = 3;
    static final int STATES = 4;
    static final int SEAL = 5;

    /** Holds nothing; vouches for what was forced before it where no entry does. */
    static final int MARK = 6;

    /** Kinds from here on may be skipped by whoever does not know them. */
    static final int SKIPPABLE = 128;

    /** Whether frames of this kind hold what was appended, and are sealed where the log is. */
    static boolean holdsPayload(int kind) {
        return kind == BATCH || kind == PACK || kind == STATES;
    }

    boolean holdsPayload() {
        return holdsPayload(kind);
    }

    boolean isSealed() {
        return (flags & SEALED) != 0;
    }

    int bytes() {
        return HEADER_BYTES + payloadBytes;
    }

    int payloadStart() {
        return start + HEADER_BYTES;
    }

    /** The position behind it. */
    long next() {
        return position + count;
    }

    /** Whether a log may come to the positions that it names: else nobody wrote it in one. */
    boolean isPossible() {
        return isPosition(position)
                && position <= POSITION_MAX - count
                && switch (kind) {
                    case BATCH -> count == 1;
                    case PACK -> count > 0 && count <= COUNT_MAX;
                    case STATES -> count == 0;
                    default -> count <= COUNT_MAX;
                };
    }

    static boolean isPosition(long number) {
        return number > 0 && number <= POSITION_MAX;
    }

    /** The highest position that it vouches for. */
    long vouchedThrough() {
        return position - 1 - unforced;
    }
}
