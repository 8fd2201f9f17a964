package dev.loam.core;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** A typed value of a field. */
public sealed interface Value {
    /**
     * Kind by kind: text, whole, real, false, true, moment, binary; within a kind texts and bytes
     * as unsigned bytes, numbers and times by size, -0.0 before 0.0 and NaN last.
     */
    Comparator<Value> ORDER = ValueCodec.ORDER;

    /** Valid Unicode text, at most 1 MiB in UTF-8, kept as given and never normalised. */
    record Text(String text) implements Value {
        public Text {
            Limits.check(
                    "text in bytes",
                    text.length() > Limits.VALUE_BYTES_MAX
                            ? text.length()
                            : Limits.utf8Length("text", text),
                    Limits.VALUE_BYTES_MAX);
        }

        public Bytes utf8() {
            return Bytes.adopt(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A signed number of 64 bits. */
    record Whole(long number) implements Value {}

    /** A double; every NaN is the same one. */
    record Real(double number) implements Value {
        public Real {
            number = Double.isNaN(number) ? Double.NaN : number;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Real real
                    && Double.doubleToLongBits(number) == Double.doubleToLongBits(real.number);
        }

        @Override
        public int hashCode() {
            return Double.hashCode(number);
        }
    }

    /** True or false. */
    record Truth(boolean holds) implements Value {}

    /** A point in time, in milliseconds since 1970-01-01T00:00:00Z. */
    record Moment(long epochMillis) implements Value {}

    /** Bytes, at most 1 MiB. */
    record Binary(Bytes bytes) implements Value {
        public Binary {
            Limits.check("binary value in bytes", bytes.size(), Limits.VALUE_BYTES_MAX);
        }
    }
}
