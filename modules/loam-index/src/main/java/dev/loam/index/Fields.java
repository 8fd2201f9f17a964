package dev.loam.index;

/**
 * The fields of a Lucene document. A change of their meaning is a new {@link CommitData#SCHEMA}.
 */
final class Fields {
    /** Term: the record's id. The only one of a dead record besides {@link #STATE}. */
    static final String ID = "id";

    /** Term: the record's id again, of living records, so that a scan steps over no dead one. */
    static final String LIVING = "living";

    /** Term: the record's id again, of living records that are conflicted. */
    static final String CONFLICTED = "conflicted";

    /** Binary doc value: see {@link StateColumn}. */
    static final String STATE = "state";

    /** Binary doc value of living records: see {@link HitColumn}. */
    static final String HIT = "hit";

    static final String VAULT = "vault";
    static final String TAG = "tag";
    static final String KEYWORD = "keyword";
    static final String UNEMBEDDED = "unembedded";
    static final String TIME = "time";
    static final String TEXT = "text";
    static final String WINDOW = "window";

    /** Term: the place in the session, see {@link Place}. */
    static final String PLACE = "place";

    /** Term: the place in the order from the last turn to the first. */
    static final String PLACE_REVERSED = "placeReversed";

    private static final String VECTOR = "vec.";

    private Fields() {}

    /** A Lucene field has one dimension for ever, a model's name need not. */
    static String vector(String model, int dimension) {
        return VECTOR + dimension + "." + model;
    }

    /** Whether {@code field} holds vectors of {@code model}, of whatever dimension. */
    static boolean isVectorOf(String model, String field) {
        int dot = field.indexOf('.', VECTOR.length());
        return field.startsWith(VECTOR) && dot > 0 && field.substring(dot + 1).equals(model);
    }
}
