package dev.loam.index;

import dev.loam.core.Bytes;
import java.nio.ByteOrder;
import java.util.Optional;

/** Vectors brought to length 1, so that the dot product of two is their cosine. */
final class UnitVector {
    private UnitVector() {}

    /** Empty if the vector has no direction: no dimensions, all zero, or a part not finite. */
    static Optional<float[]> of(Bytes littleEndian) {
        float[] values = new float[littleEndian.size() / Float.BYTES];
        littleEndian.asBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return normalise(values);
    }

    /** As above; writes into {@code values}. */
    static Optional<float[]> normalise(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        if (squares == 0 || !Double.isFinite(squares)) {
            return Optional.empty();
        }
        double scale = 1 / Math.sqrt(squares);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * scale);
        }
        return Optional.of(values);
    }
}
