package dev.loam;

import dev.loam.core.Bytes;

/**
 * What a unit of a backup consists of.
 *
 * @param count positions that the item takes in the log; of the last item, the number of the items
 *     before it
 */
record UnitItem(Kind kind, long count, Bytes payload) {
    /** Kind, count, length of the payload. */
    static final int HEADER_BYTES = 1 + Integer.BYTES + Integer.BYTES;

    /** No item is larger: a frame of the log holds 4 MiB and 64 KiB, what a compaction wrote 5. */
    static final int PAYLOAD_BYTES_MAX = 8 << 20;

    /** What an item is. */
    enum Kind {
        /** An entry of the log as it was appended. */
        BATCH(1),
        /** Entries that a compaction joined. */
        PACK(2),
        /** A part of the states that a compaction put in the place of entries. */
        STATES(3),
        /** Begins a file that lies beside the log: its name. */
        FILE(16),
        /** A line of that file, or a part of one if more of it follows. */
        LINE(17),
        /** A model by which the index lists the texts that lack a vector. */
        MODEL(18),

        /** Nothing comes behind it. */
        END(255);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
