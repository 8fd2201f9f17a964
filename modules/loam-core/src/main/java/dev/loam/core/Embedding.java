package dev.loam.core;

/**
 * A vector of some model, as given. Its numbers are never computed with where state is decided.
 *
 * @param textHash SHA-256 of the exact UTF-8 text it was made from, 32 bytes; all zero without text
 * @param vector float32, little endian; at most 4,096 of them
 */
public record Embedding(Bytes textHash, Bytes vector) {
    public static final int TEXT_HASH_SIZE = 32;

    public Embedding {
        Invariant.check(
                textHash.size() == TEXT_HASH_SIZE, "text hash has {0} bytes", textHash.size());
        Limits.check(
                "embedding in bytes", vector.size(), Float.BYTES * Limits.VECTOR_DIMENSIONS_MAX);
    }
}
