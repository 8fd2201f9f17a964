package dev.loam.core;

/** The name of a field: 1 to 256 bytes of UTF-8 without control characters. Ordered by bytes. */
public record FieldName(String name) implements Comparable<FieldName> {
    public static final FieldName TEXT = new FieldName("text");
    public static final FieldName TIME = new FieldName("time");
    public static final FieldName TAGS = new FieldName("tags");

    /** The scope in which a turn's neighbours are looked for; text. */
    public static final FieldName SESSION = new FieldName("session");

    /** Orders the turns of a session before their keys do; a whole number, 0 if absent. */
    public static final FieldName TURN = new FieldName("turn");

    public FieldName {
        Limits.checkName("field name", name, Limits.NAME_BYTES_MAX);
    }

    @Override
    public int compareTo(FieldName other) {
        return Utf8Order.INSTANCE.compare(name, other.name);
    }
}
