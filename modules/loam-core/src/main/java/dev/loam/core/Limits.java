package dev.loam.core;

/** The bounds on what one write may hold. Sizes are in bytes of UTF-8 unless said otherwise. */
public final class Limits {
    public static final int KEY_BYTES_MAX = 1_024;
    public static final int NAME_BYTES_MAX = 256;
    public static final int VAULT_NAME_CHARS_MAX = 128;
    public static final int VALUE_BYTES_MAX = 1 << 20;
    public static final int FIELDS_MAX = 256;
    public static final int LOG_ENTRIES_MAX = 10_000;
    public static final int TAGS_MAX = 64;
    public static final int TAG_BYTES_MAX = 256;
    public static final int VECTOR_DIMENSIONS_MAX = 4_096;
    public static final int BATCH_OPERATIONS_MAX = 1_000;
    public static final int BATCH_BYTES_MAX = 4 << 20;

    /** Beside the parts that are left a cut batch holds their salts, and what is left of others. */
    public static final int CUT_BATCH_BYTES_MAX = BATCH_BYTES_MAX + (56 << 10);

    public static final int QUERY_BYTES_MAX = 8 << 10;
    public static final int SCAN_PAGE_MAX = 1_000;
    public static final int RECALL_HITS_MAX = 1_000;

    private Limits() {}

    /**
     * @throws LoamException {@code LIMIT_EXCEEDED} naming the limit, what was found and what is
     *     allowed
     */
    public static void check(String limit, long found, long allowed) {
        if (found > allowed) {
            throw new LoamException(
                    ErrorCode.LIMIT_EXCEEDED,
                    limit + " is " + found + ", the limit is " + allowed + "; nothing was written");
        }
    }

    /**
     * The length of {@code text} in UTF-8.
     *
     * @throws LoamException {@code INVALID_ARGUMENT} if it has an unpaired surrogate
     */
    public static int utf8Length(String what, String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                length++;
            } else if (unit < 0x800) {
                length += 2;
            } else if (!Character.isSurrogate(unit)) {
                length += 3;
            } else if (isPair(text, i)) {
                length += 4;
                i++;
            } else {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, what + " is not valid Unicode text");
            }
        }
        return length;
    }

    private static boolean isPair(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    /** Checks a key: 1 to 1,024 bytes of UTF-8 without control characters. */
    public static void checkKey(String key) {
        checkName("key", key, KEY_BYTES_MAX);
    }

    /** Checks a short name of {@code what}: not empty, valid, no control characters. */
    public static void checkName(String what, String name, int bytesMax) {
        if (name.isEmpty()) {
            throw new LoamException(ErrorCode.INVALID_ARGUMENT, what + " is empty");
        }
        if (name.length() <= bytesMax && isPrintableAscii(name)) {
            return;
        }
        check(what + " in bytes", utf8Length(what, name), bytesMax);
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT, what + " contains a control character");
            }
        }
    }

    /** As nearly all names are. */
    private static boolean isPrintableAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            char unit = name.charAt(i);
            if (unit < ' ' || unit > '~') {
                return false;
            }
        }
        return true;
    }

    /** Checks a vault's name: 1 to 128 of A-Z a-z 0-9 . _ -, first a letter or digit, no "..". */
    public static void checkVaultName(String name) {
        check("vault name in characters", name.length(), VAULT_NAME_CHARS_MAX);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || name.contains("..")) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a vault's name is made of A-Z a-z 0-9 . _ - and begins with a letter or digit,"
                            + " without \"..\"");
        }
    }
}
