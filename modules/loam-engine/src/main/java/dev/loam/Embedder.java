package dev.loam;

import java.util.List;

/** Turns text into vectors. Safe for use by several threads. */
public interface Embedder extends AutoCloseable {
    /** Why a text is embedded; some models treat the two differently. */
    enum Purpose {
        QUERY,
        PASSAGE
    }

    /**
     * A name that changes whenever the same text would give another vector: model file, pooling,
     * normalisation, prefix, length limit. 1 to 128 of {@code A-Z a-z 0-9 . _ - /}.
     */
    String model();

    /** Length of each vector, 1 to 4,096. */
    int dimension();

    /** One vector of finite floats and unit length for each text, in the same order. */
    List<float[]> embed(List<String> texts, Purpose purpose);

    @Override
    void close();
}
