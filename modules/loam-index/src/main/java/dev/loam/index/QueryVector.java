package dev.loam.index;

/** A query as a vector, to be compared with the vectors of the same model alone. */
public final class QueryVector {
    private final String model;
    private final float[] values;

    /** Takes a copy of {@code values}; their length (norm) does not matter. */
    public QueryVector(String model, float... values) {
        this.model = model;
        this.values = values.clone();
    }

    public String model() {
        return model;
    }

    public int dimension() {
        return values.length;
    }

    float[] copy() {
        return values.clone();
    }
}
