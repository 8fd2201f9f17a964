package dev.loam.index;

import org.apache.lucene.util.SmallFloat;

/**
 * Words of a field.
 *
 * @param documents that have at least one
 * @param words in all, as the lengths tell that are kept with the documents; Lucene rounds them
 */
record FieldCount(long documents, long words) {
    static final FieldCount NONE = new FieldCount(0, 0);

    FieldCount plus(FieldCount other) {
        return new FieldCount(documents + other.documents, words + other.words);
    }

    FieldCount minus(FieldCount other) {
        return new FieldCount(documents - other.documents, words - other.words);
    }

    /**
     * @param norm of a document, as Lucene keeps it; 0 says that it has no word
     */
    static int words(long norm) {
        return SmallFloat.byte4ToInt((byte) norm);
    }
}
