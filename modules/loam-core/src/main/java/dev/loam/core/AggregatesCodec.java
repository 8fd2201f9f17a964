package dev.loam.core;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The canonical bytes of {@link Aggregates} within a record's state, in the order of its kinds. */
final class AggregatesCodec {
    private static final int COUNTER = 4;
    private static final int LOG = 5;
    private static final int MAXIMUM = 6;
    private static final int MINIMUM = 7;

    /** An actor's index and a counter. */
    private static final int DOT_BYTES_MIN = 2;

    private AggregatesCodec() {}

    static void write(ByteWriter out, ActorTable actors, Aggregates aggregates) {
        aggregates
                .counters()
                .forEach(
                        (name, counter) -> {
                            int settled =
                                    counter.increments().isEmpty() ? RecordStateCodec.SETTLED : 0;
                            out.u8(COUNTER | settled).utf8(name.name());
                            writeCounter(out, actors, counter);
                        });
        aggregates
                .logs()
                .forEach(
                        (name, log) -> {
                            out.u8(LOG).utf8(name.name());
                            writeLog(out, actors, log);
                        });
        aggregates
                .maxima()
                .forEach(
                        (name, register) -> {
                            out.u8(MAXIMUM | RecordStateCodec.settledFlag(register))
                                    .utf8(name.name());
                            RecordStateCodec.writeRegister(
                                    out, actors, register, ValueCodec::write);
                        });
        aggregates
                .minima()
                .forEach(
                        (name, register) -> {
                            out.u8(MINIMUM | RecordStateCodec.settledFlag(register))
                                    .utf8(name.name());
                            RecordStateCodec.writeRegister(
                                    out, actors, register, ValueCodec::write);
                        });
    }

    /**
     * Reads one field into what has been read of the others.
     *
     * @return false if the kind is none of these
     */
    static boolean read(
            ByteReader in, ActorTable actors, int kind, String name, Aggregates fields) {
        FieldName field = new FieldName(name);
        switch (kind) {
            case COUNTER -> fields.counters().put(field, readCounter(in, actors));
            case COUNTER | RecordStateCodec.SETTLED ->
                    fields.counters()
                            .put(
                                    field,
                                    new Counter(
                                            OptionalLong.of(in.zigzag()),
                                            Counter.EMPTY.increments()));
            case LOG -> fields.logs().put(field, readLog(in, actors));
            case MAXIMUM -> fields.maxima().put(field, readExtreme(in, actors));
            case MAXIMUM | RecordStateCodec.SETTLED ->
                    fields.maxima().put(field, Register.bare(ValueCodec.read(in)));
            case MINIMUM -> fields.minima().put(field, readExtreme(in, actors));
            case MINIMUM | RecordStateCodec.SETTLED ->
                    fields.minima().put(field, Register.bare(ValueCodec.read(in)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Register<Value> readExtreme(ByteReader in, ActorTable actors) {
        return RecordStateCodec.readRegister(in, actors, ValueCodec::read);
    }

    private static void writeCounter(ByteWriter out, ActorTable actors, Counter counter) {
        if (counter.increments().isEmpty()) {
            out.zigzag(counter.total());
            return;
        }
        out.varint(counter.base().isPresent() ? 1 : 0);
        counter.base().ifPresent(out::zigzag);
        out.varint(counter.increments().size());
        counter.increments()
                .forEach(
                        (dot, amount) -> {
                            actors.writeDot(out, dot);
                            out.zigzag(amount);
                        });
    }

    private static Counter readCounter(ByteReader in, ActorTable actors) {
        int sums = in.count(1);
        if (sums > 1) {
            throw in.corrupt("a counter has more than one settled sum");
        }
        OptionalLong base = sums == 0 ? OptionalLong.empty() : OptionalLong.of(in.zigzag());
        int count = RecordStateCodec.atLeastOne(in, in.count(DOT_BYTES_MIN + 1));
        SortedMap<Dot, Long> increments = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            increments.put(actors.readDot(in), in.zigzag());
        }
        return new Counter(base, increments);
    }

    private static void writeLog(ByteWriter out, ActorTable actors, AppendLog log) {
        out.varint(log.rows().size());
        for (LogRow row : log.rows()) {
            out.fixed64(row.key().stamp().bits());
            actors.writeDot(out, row.key().dot());
            ValueCodec.write(out, row.value());
        }
    }

    private static AppendLog readLog(ByteReader in, ActorTable actors) {
        int count = RecordStateCodec.atLeastOne(in, in.count(Long.BYTES + DOT_BYTES_MIN + 1));
        List<LogRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            LogKey key = new LogKey(new Stamp(in.fixed64()), actors.readDot(in));
            if (i > 0 && rows.getLast().key().compareTo(key) >= 0) {
                throw in.corrupt("entries are not in the order of their keys");
            }
            rows.add(new LogRow(key, ValueCodec.read(in)));
        }
        return new AppendLog(rows);
    }
}
