package dev.loam;

import dev.loam.core.Limits;
import dev.loam.core.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Cuts a memory into parts that one write takes each; most are one. For one thread. */
final class MemoryParts {
    /** No more than one memory has fields; what has several values needs as many operations. */
    static final int THINGS_MAX = Limits.FIELDS_MAX;

    /** Of the 4 MiB of a batch. The largest thing, 1 MiB, may come on top. */
    static final int BYTES_MAX = 2 << 20;

    /** For names, dots and what a batch says of each operation; far more than they take. */
    private static final int BYTES_EACH = 600;

    private final List<Memory> done = new ArrayList<>();
    private Memory part;
    private int things;
    private long bytes;
    private int tags;

    private MemoryParts(Memory first) {
        this.part = first;
        this.bytes = first.text().length() * 3L;
    }

    static List<Memory> of(Memory memory) {
        Memory first = Memory.of(memory.text()).key(memory.key());
        MemoryParts parts = new MemoryParts(memory.time().map(first::at).orElse(first));
        memory.tags().forEach(parts::tag);
        memory.fields()
                .forEach((name, value) -> parts.add(value, to -> to.field(name.name(), value)));
        memory.counters()
                .forEach((name, total) -> parts.add(0, to -> to.counter(name.name(), total)));
        memory.logs()
                .forEach(
                        (name, entries) ->
                                entries.forEach(
                                        entry ->
                                                parts.add(
                                                        entry,
                                                        to -> to.entry(name.name(), entry))));
        memory.maxima()
                .forEach((name, value) -> parts.add(value, to -> to.max(name.name(), value)));
        memory.minima()
                .forEach((name, value) -> parts.add(value, to -> to.min(name.name(), value)));
        memory.vectors()
                .forEach(
                        (model, vector) -> {
                            // A peer may have sent what is no vector: it is never ranked.
                            if (vector.isSearchable()) {
                                parts.add(
                                        vector.littleEndian().size(),
                                        to -> to.vector(model, vector.toFloats()));
                            }
                        });
        parts.done.add(parts.part);
        return parts.done;
    }

    private void tag(String tag) {
        if (tags == Limits.TAGS_MAX) {
            cut();
        }
        add(0, to -> to.tag(tag));
        tags++;
    }

    private void add(Value value, UnaryOperator<Memory> adding) {
        add(
                switch (value) {
                    case Value.Text(String text) -> text.length() * 3L;
                    case Value.Binary(var content) -> content.size();
                    case Value.Whole _, Value.Real _, Value.Truth _, Value.Moment _ -> 0;
                },
                adding);
    }

    private void add(long size, UnaryOperator<Memory> adding) {
        if (things == THINGS_MAX || (bytes > 0 && bytes + size > BYTES_MAX)) {
            cut();
        }
        part = adding.apply(part);
        things++;
        bytes += size + BYTES_EACH;
    }

    private void cut() {
        done.add(part);
        part = Memory.of("").key(part.key());
        things = 0;
        bytes = 0;
        tags = 0;
    }
}
