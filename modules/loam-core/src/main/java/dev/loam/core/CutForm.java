package dev.loam.core;

import java.util.Map;
import java.util.Optional;

/**
 * The form of a batch out of which parts were cut, as they were forgotten. Of such a part its
 * commitment stays, so that chain and seals still verify; its salt goes, and with it the seed that
 * all salts come from, so that it cannot be guessed either. The others keep their own salts. See
 * docs/formats/batch.md.
 *
 * <p>What begins with 16 bytes and a zero is in this form: the head of a whole batch is never
 * empty.
 */
public final class CutForm {
    static final int FORM = 1;

    private CutForm() {}

    /** Whether parts were cut out of it. */
    public static boolean isOne(Bytes encoded) {
        return encoded.size() > Batch.SEED_SIZE && encoded.get(Batch.SEED_SIZE) == 0;
    }

    /**
     * The bytes without some of the parts that are left.
     *
     * @param encoded in either form
     * @param purges by record what took its part. A part that holds a {@link Operation.Removal} is
     *     left: that counts, seen by the purge or not, and content does not stand beside it
     * @return {@code encoded} itself if it has none of those parts
     * @throws LoamException {@code CORRUPT} if {@code encoded} does not divide into parts
     */
    public static Bytes cut(Bytes encoded, Map<String, Dot> purges) {
        Batch batch = BatchCodec.decode(encoded);
        if (batch.parts().stream().noneMatch(part -> purge(part, purges).isPresent())) {
            return encoded;
        }
        PartReader parts = PartReader.of(encoded);
        ByteWriter out = new ByteWriter();
        out.raw(parts.headSalt()).u8(0).u8(FORM).bytes(parts.head());
        int kept = 0;
        while (parts.hasNext()) {
            PartReader.Piece piece = parts.next();
            switch (piece) {
                case PartReader.Gone(CutPart cut) -> write(out, cut);
                case PartReader.Left left -> {
                    Part part = batch.parts().get(kept++);
                    Optional<Dot> purge = purge(part, purges);
                    if (purge.isPresent()) {
                        int operations = part.operations().size();
                        write(
                                out,
                                new CutPart(
                                        left.place(), left.commitment(), operations, purge.get()));
                    } else {
                        out.bytes(left.content()).raw(left.salt());
                    }
                }
            }
        }
        return out.toBytes();
    }

    private static void write(ByteWriter out, CutPart cut) {
        out.varint(0)
                .raw(cut.commitment())
                .varint(cut.operations())
                .raw(cut.purge().actor().bytes())
                .varint(cut.purge().counter());
    }

    private static Optional<Dot> purge(Part part, Map<String, Dot> purges) {
        boolean removes = part.operations().stream().anyMatch(Operation.Removal.class::isInstance);
        return part.isControl() || removes
                ? Optional.empty()
                : Optional.ofNullable(purges.get(part.key()));
    }
}
