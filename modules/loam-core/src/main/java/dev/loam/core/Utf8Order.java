package dev.loam.core;

import java.util.Comparator;

/**
 * Orders valid text as its UTF-8 bytes are ordered, unsigned: by code point, which differs from
 * {@link String#compareTo} beyond U+D7FF.
 */
enum Utf8Order implements Comparator<String> {
    INSTANCE;

    @Override
    public int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char ofA = a.charAt(i);
            char ofB = b.charAt(i);
            if (ofA != ofB) {
                // A surrogate stands for a code point above every other char's.
                boolean surrogateA = Character.isSurrogate(ofA);
                boolean surrogateB = Character.isSurrogate(ofB);
                return surrogateA == surrogateB
                        ? Character.compare(ofA, ofB)
                        : Boolean.compare(surrogateA, surrogateB);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
