package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Invariant;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import java.util.List;

/** Payloads that are appended together and forced once. */
record Group(List<Bytes> payloads) {
    static final int FRAMES_MAX = 4_096;

    /** What a writer queues up to 4 MiB, and the one payload that went past that. */
    static final int BYTES_MAX = 2 * Frame.PAYLOAD_BYTES_MAX;

    /**
     * @throws LoamException {@code LIMIT_EXCEEDED} if it is larger than a group may be
     */
    Group {
        payloads = List.copyOf(payloads);
        Invariant.check(!payloads.isEmpty(), "a group has no payload");
        Limits.check("payloads of a group", payloads.size(), FRAMES_MAX);
        long sum = 0;
        for (Bytes payload : payloads) {
            Limits.check("a payload in bytes", payload.size(), Frame.PAYLOAD_BYTES_MAX);
            sum += payload.size();
        }
        Limits.check("payloads of a group in bytes", sum, BYTES_MAX);
    }

    int frames() {
        return payloads.size();
    }

    /**
     * Upper bound on what its documents take in the file, Chronicle's indexes apart.
     *
     * @param overheadBytes by which each payload is longer there
     */
    long bytes(int overheadBytes) {
        long sum = 0;
        for (Bytes payload : payloads) {
            sum += payload.size() + overheadBytes + Frame.HEADER_BYTES;
            sum += 2L * SegmentCursor.WORD_BYTES;
        }
        return sum;
    }

    int largestPayloadBytes() {
        int largest = 0;
        for (Bytes payload : payloads) {
            largest = Math.max(largest, payload.size());
        }
        return largest;
    }
}
