package dev.loam.core;

import java.math.BigInteger;

/**
 * The content of a vault or store in 32 bytes: the sum modulo 2^256 of its living records' content
 * hashes. Equal operations give equal digests; it finds faults, not forgers.
 */
public final class StateDigest {
    public static final int SIZE = 32;

    /** Of no record. */
    public static final StateDigest EMPTY = new StateDigest(BigInteger.ZERO);

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(SIZE * Byte.SIZE);

    private final BigInteger sum;

    private StateDigest(BigInteger sum) {
        this.sum = sum;
    }

    /** With a record more, by its content hash. */
    public StateDigest plus(Bytes contentHash) {
        return plus(fromBytes(contentHash));
    }

    /** With a record less, by its content hash. */
    public StateDigest minus(Bytes contentHash) {
        return new StateDigest(sum.subtract(fromBytes(contentHash).sum).mod(MODULUS));
    }

    /** With all records of another. */
    public StateDigest plus(StateDigest other) {
        return new StateDigest(sum.add(other.sum).mod(MODULUS));
    }

    public String toHex() {
        return toBytes().toHex();
    }

    /** 32 bytes, the most significant first. */
    public Bytes toBytes() {
        byte[] digits = sum.toByteArray();
        byte[] bytes = new byte[SIZE];
        // BigInteger puts a zero in front where the highest bit is set.
        int length = Math.min(digits.length, SIZE);
        System.arraycopy(digits, digits.length - length, bytes, SIZE - length, length);
        return Bytes.adopt(bytes);
    }

    /** Reads what {@link #toBytes} gave. */
    public static StateDigest fromBytes(Bytes bytes) {
        Invariant.check(bytes.size() == SIZE, "digest has {0} bytes", bytes.size());
        return new StateDigest(new BigInteger(1, bytes.toArray()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateDigest digest && sum.equals(digest.sum);
    }

    @Override
    public int hashCode() {
        return sum.hashCode();
    }

    @Override
    public String toString() {
        return toHex();
    }
}
