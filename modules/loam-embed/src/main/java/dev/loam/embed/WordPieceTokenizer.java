package dev.loam.embed;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Cuts text into the numbers that the model reads, as BERT's uncased tokenizer does: control
 * characters go, words are cut at white space, around ideographs and around punctuation, accents
 * and case go, and each word becomes the longest known pieces from its left.
 *
 * <p>Two differences from the tokenizer that the model's authors used, both without weight. Names
 * of special tokens in a text, such as {@code [SEP]}, are text here. And what a character is comes
 * from the JDK's Unicode, where theirs is of 2015: some rare marks and punctuation that have been
 * added since are treated as what they are.
 *
 * <p>Immutable; any thread.
 */
final class WordPieceTokenizer {
    private static final long UNKNOWN = 100;
    private static final long BEGIN = 101;
    private static final long END = 102;
    private static final int WORD_CODE_POINTS_MAX = 100;

    private final Vocabulary vocabulary;

    WordPieceTokenizer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * The numbers of the text's pieces between the two that mark its begin and end.
     *
     * @param tokensMax bound of the result, marks included, at least 2; the text's rest is not read
     */
    long[] encode(String text, int tokensMax) {
        Tokens tokens = new Tokens(tokensMax);
        StringBuilder word = new StringBuilder();
        int i = 0;
        while (i < text.length() && !tokens.isFull()) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (isSpace(codePoint)) {
                addWord(word, tokens);
            } else if (isIdeograph(codePoint)) {
                addWord(word, tokens);
                addWord(word.appendCodePoint(codePoint), tokens);
            } else if (!isDropped(codePoint)) {
                word.appendCodePoint(codePoint);
            }
        }
        addWord(word, tokens);
        return tokens.closed();
    }

    // White space is a starter in Unicode, so decomposing word by word equals decomposing the text.
    private void addWord(StringBuilder raw, Tokens tokens) {
        if (raw.isEmpty()) {
            return;
        }
        String decomposed = isAscii(raw) ? raw.toString() : decomposed(raw);
        raw.setLength(0);
        StringBuilder word = new StringBuilder(decomposed.length());
        for (int i = 0; i < decomposed.length(); ) {
            int codePoint = decomposed.codePointAt(i);
            i += Character.charCount(codePoint);
            if (isPunctuation(codePoint)) {
                addPieces(word, tokens);
                addPieces(word.appendCodePoint(codePoint), tokens);
            } else if (Character.getType(codePoint) != Character.NON_SPACING_MARK) {
                word.appendCodePoint(Character.toLowerCase(codePoint));
            }
        }
        addPieces(word, tokens);
    }

    /** Empties {@code word}; a word with an unknown piece is unknown as a whole. */
    private void addPieces(StringBuilder word, Tokens tokens) {
        String letters = word.toString();
        word.setLength(0);
        if (letters.codePointCount(0, letters.length()) > WORD_CODE_POINTS_MAX) {
            tokens.add(UNKNOWN);
            return;
        }
        long[] pieces = new long[letters.length()];
        int count = 0;
        int from = 0;
        while (from < letters.length()) {
            int to = letters.length();
            int number = number(letters, from, to);
            while (number == Vocabulary.ABSENT && to > from + 1) {
                to--;
                number = number(letters, from, to);
            }
            if (number == Vocabulary.ABSENT) {
                tokens.add(UNKNOWN);
                return;
            }
            pieces[count++] = number;
            from = to;
        }
        for (int i = 0; i < count; i++) {
            tokens.add(pieces[i]);
        }
    }

    private int number(String letters, int from, int to) {
        String piece = letters.substring(from, to);
        return from == 0 ? vocabulary.start(piece) : vocabulary.continuation(piece);
    }

    // Loading the JDK's normaliser costs 20 ms at the first use, which English text can do without.
    private static String decomposed(StringBuilder word) {
        return Normalizer.normalize(word, Normalizer.Form.NFD);
    }

    private static boolean isAscii(CharSequence word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(int codePoint) {
        return codePoint == '\t'
                || codePoint == '\n'
                || codePoint == '\r'
                || Character.isSpaceChar(codePoint);
    }

    private static boolean isDropped(int codePoint) {
        return codePoint == 0xfffd
                || switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE ->
                            true;
                    default -> false;
                };
    }

    // The blocks that the model was trained with; newer ones are words of unknown letters.
    private static boolean isIdeograph(int codePoint) {
        return isBetween(codePoint, 0x4e00, 0x9fff)
                || isBetween(codePoint, 0x3400, 0x4dbf)
                || isBetween(codePoint, 0x20000, 0x2a6df)
                || isBetween(codePoint, 0x2a700, 0x2b73f)
                || isBetween(codePoint, 0x2b740, 0x2b81f)
                || isBetween(codePoint, 0x2b920, 0x2ceaf)
                || isBetween(codePoint, 0xf900, 0xfaff)
                || isBetween(codePoint, 0x2f800, 0x2fa1f);
    }

    private static boolean isPunctuation(int codePoint) {
        // The signs of ASCII all count, though Unicode calls some of them symbols.
        return isBetween(codePoint, '!', '/')
                || isBetween(codePoint, ':', '@')
                || isBetween(codePoint, '[', '`')
                || isBetween(codePoint, '{', '~')
                || switch (Character.getType(codePoint)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION ->
                            true;
                    default -> false;
                };
    }

    private static boolean isBetween(int codePoint, int first, int last) {
        return codePoint >= first && codePoint <= last;
    }

    /** The result while it grows; what comes after it is full is dropped. */
    private static final class Tokens {
        private final long[] numbers;
        private int count = 1;

        Tokens(int max) {
            numbers = new long[max];
            numbers[0] = BEGIN;
        }

        boolean isFull() {
            return count == numbers.length - 1;
        }

        void add(long number) {
            if (!isFull()) {
                numbers[count++] = number;
            }
        }

        long[] closed() {
            numbers[count] = END;
            return Arrays.copyOf(numbers, count + 1);
        }
    }
}
