package dev.loam.core;

import java.util.function.Function;

/** What all canonical forms have in common: a form byte, and one byte string for each value. */
final class Canonical {
    private Canonical() {}

    /**
     * Reads a value and refuses bytes that are not exactly those that writing it would give. The
     * comparison finds whatever the reading let pass: order, repetition, entries of a table that
     * nothing refers to.
     */
    static <T> T decode(
            String what, Bytes encoded, Function<ByteReader, T> read, Function<T, Bytes> encode) {
        T value = read(what, encoded, read);
        if (!encode.apply(value).equals(encoded)) {
            throw ByteReader.of(what, encoded).corrupt("it is not in the canonical form");
        }
        return value;
    }

    /** Reads a value that takes all of {@code encoded}. */
    static <T> T read(String what, Bytes encoded, Function<ByteReader, T> read) {
        ByteReader in = ByteReader.of(what, encoded);
        try {
            T value = read.apply(in);
            in.expectEnd();
            return value;
        } catch (LoamException refused) {
            throw switch (refused.code()) {
                case CORRUPT, FORMAT_VERSION -> refused;
                default ->
                        new LoamException(
                                ErrorCode.CORRUPT,
                                what + " holds what no writer accepts: " + refused.getMessage(),
                                refused);
            };
        }
    }

    /** Reads the first byte of a form that has versions. */
    static void expectForm(ByteReader in, int form) {
        int found = in.u8();
        if (found > form) {
            throw newerLoam(in.what());
        }
        if (found != form) {
            throw in.corrupt("its form is unknown");
        }
    }

    static LoamException newerLoam(String what) {
        return new LoamException(
                ErrorCode.FORMAT_VERSION,
                what + " was written by a newer Loam; upgrade this one to read it");
    }
}
