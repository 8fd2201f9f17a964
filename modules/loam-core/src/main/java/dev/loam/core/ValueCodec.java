package dev.loam.core;

import java.util.Comparator;

/** The canonical bytes of a value, and the order of values. */
final class ValueCodec {
    private static final int TEXT = 1;
    private static final int WHOLE = 2;
    private static final int REAL = 3;
    private static final int FALSE = 4;
    private static final int TRUE = 5;
    private static final int MOMENT = 6;
    private static final int BINARY = 7;

    /**
     * Kind by kind in the order of their numbers; within a kind texts and bytes as unsigned bytes,
     * numbers and times by size, -0.0 before 0.0 and NaN last.
     */
    static final Comparator<Value> ORDER = ValueCodec::compare;

    private ValueCodec() {}

    static void write(ByteWriter out, Value value) {
        out.u8(kind(value));
        switch (value) {
            case Value.Text text -> out.bytes(text.utf8());
            case Value.Whole whole -> out.zigzag(whole.number());
            case Value.Real real -> out.fixed64(Double.doubleToLongBits(real.number()));
            case Value.Truth _ -> {}
            case Value.Moment moment -> out.zigzag(moment.epochMillis());
            case Value.Binary binary -> out.bytes(binary.bytes());
        }
    }

    static Value read(ByteReader in) {
        return switch (in.u8()) {
            case TEXT -> new Value.Text(in.utf8());
            case WHOLE -> new Value.Whole(in.zigzag());
            case REAL -> readReal(in);
            case FALSE -> new Value.Truth(false);
            case TRUE -> new Value.Truth(true);
            case MOMENT -> new Value.Moment(in.zigzag());
            case BINARY -> new Value.Binary(in.bytes());
            default -> throw in.corrupt("a value is of no known kind");
        };
    }

    private static Value readReal(ByteReader in) {
        long bits = in.fixed64();
        double number = Double.longBitsToDouble(bits);
        if (Double.doubleToLongBits(number) != bits) {
            throw in.corrupt("a NaN is not the canonical one");
        }
        return new Value.Real(number);
    }

    private static int kind(Value value) {
        return switch (value) {
            case Value.Text _ -> TEXT;
            case Value.Whole _ -> WHOLE;
            case Value.Real _ -> REAL;
            case Value.Truth(boolean holds) -> holds ? TRUE : FALSE;
            case Value.Moment _ -> MOMENT;
            case Value.Binary _ -> BINARY;
        };
    }

    private static int compare(Value a, Value b) {
        int byKind = Integer.compare(kind(a), kind(b));
        if (byKind != 0) {
            return byKind;
        }
        return switch (a) {
            case Value.Text(String text) ->
                    Utf8Order.INSTANCE.compare(text, ((Value.Text) b).text());
            case Value.Whole(long number) -> Long.compare(number, ((Value.Whole) b).number());
            case Value.Real(double number) -> Double.compare(number, ((Value.Real) b).number());
            case Value.Truth _ -> 0;
            case Value.Moment(long millis) ->
                    Long.compare(millis, ((Value.Moment) b).epochMillis());
            case Value.Binary(Bytes bytes) -> bytes.compareTo(((Value.Binary) b).bytes());
        };
    }
}
