package dev.loam.core;

/** A batch as it travels. */
record SealedBatch(BatchId id, Bytes encoded) {
    Batch batch() {
        return BatchCodec.decode(encoded);
    }
}
