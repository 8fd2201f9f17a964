package dev.loam.core;

import java.util.List;

/** Hashes a record as reads return it; every string stands behind its length or has a fixed one. */
final class ContentHash {
    private static final Bytes LABEL = Bytes.ofUtf8("loam/content/1");

    private ContentHash() {}

    static Bytes of(RecordId id, RecordFields fields) {
        ByteWriter out = new ByteWriter().raw(LABEL).raw(id.vault().bytes()).utf8(id.key());
        out.varint(fields.registers().size());
        fields.registers()
                .forEach(
                        (name, register) -> {
                            out.utf8(name.name());
                            writeValues(out, register.siblings());
                        });
        out.varint(fields.sets().size());
        fields.sets()
                .forEach(
                        (name, set) -> {
                            out.utf8(name.name());
                            writeValues(out, set.elements());
                        });
        out.varint(fields.embeddings().size());
        fields.embeddings()
                .forEach(
                        (model, register) -> {
                            Embedding winner = register.winner();
                            out.utf8(model);
                            out.raw(winner.textHash()).raw(Sha256.of(winner.vector()));
                        });
        writeAggregates(out, fields.aggregates());
        return Sha256.of(out.toBytes());
    }

    private static void writeAggregates(ByteWriter out, Aggregates aggregates) {
        out.varint(aggregates.counters().size());
        aggregates
                .counters()
                .forEach((name, counter) -> out.utf8(name.name()).zigzag(counter.total()));
        out.varint(aggregates.logs().size());
        aggregates
                .logs()
                .forEach(
                        (name, log) -> {
                            out.utf8(name.name());
                            writeValues(out, log.values());
                        });
        out.varint(aggregates.maxima().size());
        aggregates
                .maxima()
                .forEach(
                        (name, register) -> {
                            out.utf8(name.name());
                            ValueCodec.write(out, Aggregates.greatest(register));
                        });
        out.varint(aggregates.minima().size());
        aggregates
                .minima()
                .forEach(
                        (name, register) -> {
                            out.utf8(name.name());
                            ValueCodec.write(out, Aggregates.least(register));
                        });
    }

    private static void writeValues(ByteWriter out, List<Value> values) {
        out.varint(values.size());
        values.forEach(value -> ValueCodec.write(out, value));
    }
}
