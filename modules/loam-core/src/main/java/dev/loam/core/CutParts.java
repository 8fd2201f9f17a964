package dev.loam.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a batch out of which some were cut. What only those referred to still stands in the
 * batch's tables: they are in the head, which the chain covers as a whole.
 */
record CutParts(List<Part> kept, List<CutPart> cuts) {
    static CutParts read(ByteReader in, OperationCodec codec) {
        List<Part> kept = new ArrayList<>();
        List<CutPart> cuts = new ArrayList<>();
        int operationsLeft = Limits.BATCH_OPERATIONS_MAX;
        while (!in.isAtEnd()) {
            ByteReader body = in.nested();
            int place = kept.size() + cuts.size();
            if (body.isAtEnd()) {
                CutPart cut = PartReader.readCut(in, place);
                cuts.add(cut);
                operationsLeft -= cut.operations();
            } else {
                Part part = BatchCodec.readPart(body, codec, kept, operationsLeft);
                in.raw(PartReader.SALT_SIZE);
                kept.add(part);
                operationsLeft -= part.operations().size();
            }
            if (operationsLeft < 0) {
                throw in.corrupt("it has more operations than a batch may have");
            }
        }
        if (cuts.isEmpty()) {
            throw in.corrupt("nothing was cut out of it");
        }
        return new CutParts(kept, cuts);
    }
}
