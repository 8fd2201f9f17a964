package dev.loam.core;

/**
 * Divides the bytes of a batch, in either form, into its parts. What is in a part is the caller's
 * concern.
 */
final class PartReader {
    static final int SALT_SIZE = 16;

    /** A part behind the head. */
    sealed interface Piece {}

    /** One that is left, with its salt. */
    record Left(int place, Bytes content, Bytes salt) implements Piece {
        Bytes commitment() {
            return Sha256.of(salt, content);
        }
    }

    /** One that was cut out. */
    record Gone(CutPart cut) implements Piece {}

    private final ByteReader in;
    private final boolean isCut;
    private final Bytes first;
    private final Bytes head;
    private int place;

    private PartReader(ByteReader in) {
        this.in = in;
        this.first = in.raw(Batch.SEED_SIZE);
        Bytes next = in.bytes();
        this.isCut = next.size() == 0;
        if (isCut) {
            Canonical.expectForm(in, CutForm.FORM);
            next = in.bytes();
        }
        this.head = next;
    }

    static PartReader of(Bytes encoded) {
        return new PartReader(ByteReader.of("batch", encoded));
    }

    Bytes head() {
        return head;
    }

    Bytes headSalt() {
        return isCut ? first : Chain.salt(first, 0);
    }

    boolean hasNext() {
        return !in.isAtEnd();
    }

    Piece next() {
        int here = place++;
        Bytes content = in.bytes();
        if (!isCut) {
            return new Left(here, content, Chain.salt(first, here + 1L));
        }
        return content.size() == 0
                ? new Gone(readCut(in, here))
                : new Left(here, content, in.raw(SALT_SIZE));
    }

    /** What stands behind the length 0 of a part that was cut out. */
    static CutPart readCut(ByteReader in, int here) {
        Bytes commitment = in.raw(Sha256.SIZE);
        long operations = in.varint();
        if (operations == 0 || operations > Limits.BATCH_OPERATIONS_MAX) {
            throw in.corrupt("a cut is of an impossible number of operations");
        }
        ActorId actor = new ActorId(in.raw(ActorId.SIZE));
        long counter = in.varint();
        if (counter == 0) {
            throw in.corrupt("a counter is 0");
        }
        return new CutPart(here, commitment, (int) operations, new Dot(actor, counter));
    }
}
