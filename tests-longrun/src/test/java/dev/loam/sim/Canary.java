package dev.loam.sim;

import java.util.SplittableRandom;

/**
 * A word for what a write writes under a key, which stands at the end of each of its texts and
 * nowhere else: letters by chance, so that no stemmer changes it and no compressor hides it.
 */
final class Canary {
    static final int LENGTH = 12;

    private static final int LETTERS = 26;

    private Canary() {}

    static String of(int write, String key) {
        SplittableRandom random = new SplittableRandom(31L * write + key.hashCode());
        StringBuilder word = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            word.append((char) ('a' + random.nextInt(LETTERS)));
        }
        return word.toString();
    }

    /** The one that a text ends with. */
    static String in(String text) {
        return text.substring(text.length() - LENGTH);
    }
}
