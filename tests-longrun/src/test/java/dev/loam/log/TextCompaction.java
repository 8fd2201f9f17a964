package dev.loam.log;

import dev.loam.core.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a draft whose content {@link StoreContent} reads: what is kept, and what is let go. */
final class TextCompaction {
    static final int PAYLOAD_BYTES_MAX = 200_000;

    private static final int POSITIONS_PER_PACK_MAX = 12;
    private static final int STATES_MAX = 4;

    /** Something else that happens to the log while the draft is written. */
    interface Meanwhile {
        void between();
    }

    private final String name;
    private final Random random;
    private final Meanwhile meanwhile;

    TextCompaction(String name, Random random, Meanwhile meanwhile) {
        this.name = name;
        this.random = random;
        this.meanwhile = meanwhile;
    }

    /**
     * Writes, seals and reads back, as an engine does before it replaces anything.
     *
     * @param texts of all positions of the log, from 1 on
     */
    void write(SegmentDraft draft, List<String> texts) {
        int last = Math.toIntExact(draft.last().number());
        boolean[] isLetGo = new boolean[last + 1];
        boolean isAll = random.nextInt(4) == 0;
        for (int position = 1; position <= last; position++) {
            isLetGo[position] = isAll || random.nextInt(3) == 0;
        }
        writeStates(draft, texts, isLetGo);
        writePacks(draft, texts, isLetGo);
        draft.seal();
        meanwhile.between();
        List<LogItem> items = new ArrayList<>();
        try (LogReader reader = draft.read()) {
            reader.forEachRemaining(items::add);
        }
        StoreContent found = StoreContent.of(items);
        if (!found.texts().equals(texts.subList(0, last)) || !found.compaction().equals(name)) {
            throw new AssertionError("the draft of " + name + " reads otherwise");
        }
    }

    private void writeStates(SegmentDraft draft, List<String> texts, boolean[] isLetGo) {
        int parts = random.nextInt(1, STATES_MAX + 1);
        for (int part = 0; part < parts; part++) {
            StringBuilder states = new StringBuilder(name);
            for (int position = 1; position < isLetGo.length; position++) {
                if (isLetGo[position] && position % parts == part) {
                    states.append('\n').append(position).append(' ');
                    states.append(texts.get(position - 1));
                }
            }
            draft.addStates(Bytes.ofUtf8(states.toString()));
            meanwhile.between();
        }
    }

    private void writePacks(SegmentDraft draft, List<String> texts, boolean[] isLetGo) {
        for (int first = 1; first < isLetGo.length; ) {
            int count =
                    Math.min(random.nextInt(1, POSITIONS_PER_PACK_MAX + 1), isLetGo.length - first);
            StringBuilder pack = new StringBuilder(name);
            for (int position = first; position < first + count; position++) {
                pack.append('\n').append(isLetGo[position] ? "" : texts.get(position - 1));
            }
            draft.addPack(count, Bytes.ofUtf8(pack.toString()));
            first += count;
            meanwhile.between();
        }
    }
}
